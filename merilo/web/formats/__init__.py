"""Formats of dates and numbers per language; Django's own lack the Bulgarian „г.“ and the first day."""
