"""Pure arithmetic about values of indicators."""
