"""Questionnaires, invitations, answers, results."""
