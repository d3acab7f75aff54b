"""Frozen reports of feedback, and how they are drawn."""
