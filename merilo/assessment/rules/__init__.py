"""Arithmetic and checks of a self-assessment: no Django, no clock, no database."""
