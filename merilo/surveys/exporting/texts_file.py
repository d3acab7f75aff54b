"""Open answers as CSV, apart from all other answers."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from merilo.surveys.analysis.contents import said
from merilo.surveys.queries.files import Texts
from merilo.web.tables import Column, as_csv

COLUMNS = (Column("question", _("Question")), Column("text", _("Open answer")), Column("tags", _("Tags")))


def texts_csv(found: Sequence[Texts], language: str) -> bytes:
    """One line for each text that may be shown: the question, the text, what it is about."""
    rows = [(said(one.text, language), text, tags) for one in found for text, tags in one.rows]
    return as_csv(rows, COLUMNS)
