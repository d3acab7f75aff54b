"""Questionnaires, answers and figures of a survey: no Django, no clock, no database."""
