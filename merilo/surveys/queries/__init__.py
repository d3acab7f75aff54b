"""Reads of surveys; each names its viewer and answers nothing to a stranger."""
