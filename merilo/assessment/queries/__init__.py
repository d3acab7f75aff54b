"""Reads of self-assessments; each names its viewer and answers nothing to a stranger."""
