"""Questionnaires in files of other programs: XLSForm both ways, LimeSurvey in; nothing is dropped unsaid."""
