"""Measurements of the real-size example, alone and among many others; never a timed test."""
