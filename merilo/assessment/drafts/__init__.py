"""Drafts of the usual documents as Word files, filled with what the organisation has entered.

Square brackets mark what only people can know; they are highlighted in the file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import translation

from merilo.assessment.drafts import letters, meetings
from merilo.assessment.drafts.facts import Facts, gathered
from merilo.assessment.drafts.letters import Letter
from merilo.assessment.drafts.word import docx
from merilo.assessment.models import Assessment
from merilo.core.romanisation import slug
from merilo.groups.api import Gathering
from merilo.organisations.api import Viewer

LANGUAGES = {"bg": "български", "en": "English"}

KINDS: dict[str, Callable[[Facts], Letter]] = {
    "order": letters.order,
    "composition": letters.composition,
    "centre-letter": letters.centre_letter,
    "site-notice": letters.site_notice,
    "invitation": meetings.invitation,
    "attendance": meetings.attendance,
    "minutes": meetings.minutes,
}


class UnknownDraft(KeyError):
    """There is no draft of this kind."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A finished Word document and its file name."""

    name: str
    content: bytes


def listed() -> list[tuple[str, str, str]]:
    """Kind, title and use of each draft, in the reader's language."""
    titles = letters.titles() | meetings.titles()
    return [(kind, *titles[kind]) for kind in KINDS]


def make(
    kind: str,
    viewer: Viewer,
    assessment: Assessment,
    *,
    language: str,
    on: date,
    gathering: Gathering | None = None,
) -> Draft:
    """The draft in `language`, else in the organisation's first one. Errors: UnknownDraft."""
    if kind not in KINDS:
        raise UnknownDraft(kind)
    chosen = language if language in LANGUAGES else _own(viewer)
    with translation.override(chosen):
        letter = KINDS[kind](gathered(viewer, assessment, gathering, language=chosen, on=on))
    name = slug(f"{letter.title} {viewer.organisation.name}") or kind
    return Draft(f"{name}.docx", docx(letter, language=chosen))


def _own(viewer: Viewer) -> str:
    known = (code for code in viewer.organisation.languages if code in LANGUAGES)
    return next(known, "bg")
