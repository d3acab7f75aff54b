"""Writes of groups: the seats and the gatherings they are recorded by."""
