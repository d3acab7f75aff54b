"""Indicators: what is measured, in which unit, and the values of periods with their source."""
