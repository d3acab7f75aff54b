"""Checks without Django and without a database."""
