"""What the pages share on which a questionnaire is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict
from merilo.organisations.api import OrgRequest, act, address
from merilo.surveys import permissions, worded
from merilo.surveys.actions.questions import draft_of, edit
from merilo.surveys.actions.running import require_writing
from merilo.surveys.forms.questions import DraftForm
from merilo.surveys.forms.questions_lists import PRESSED
from merilo.surveys.models import State
from merilo.surveys.rules.conditioning import items_before
from merilo.surveys.rules.editing import Change, Record, languages_in, records
from merilo.surveys.rules.referring import Item
from merilo.surveys.views.base import crumbs, survey_or_404
from merilo.web.items import Link


class Desk:
    """One survey whose questionnaire somebody writes."""

    def __init__(self, request: OrgRequest, survey: UUID) -> None:
        self.request = request
        self.survey = survey_or_404(request, survey)
        self.draft = draft_of(self.survey)

    def require(self) -> Desk:
        """The desk, if the viewer may write here. Errors: Refused."""
        require_writing(self.request.viewer, self.survey)
        return self

    @property
    def may_write(self) -> bool:
        return permissions.may_write_questions(self.request.viewer, self.survey)

    @property
    def is_answered(self) -> bool:
        """Whether people may have answered: codes stay then."""
        return self.survey.state != State.DRAFT

    def url(self, name: str = "questions", **parts: str) -> str:
        """The address of a page of this survey."""
        return address(self.request.viewer, f"surveys:{name}", survey=self.survey.pk, **parts)

    def crumbs(self) -> list[Link]:
        """The way to a page below the questions."""
        return crumbs(self.request, self.survey, Link(_("Questions"), self.url()))

    @property
    def sent(self) -> QueryDict | None:
        """What was sent, None where the page is only read."""
        return self.request.POST if self.request.method == "POST" else None

    def items(self, *, page: str = "", part: str = "") -> Mapping[str, Item]:
        """What conditions may be about."""
        return items_before(self.draft, page=page, part=part)

    # --- saving -----------------------------------------------------------------------------------
    def save(
        self, form: DraftForm, change: Callable[[], Change], target: Callable[[], str]
    ) -> HttpResponse | None:
        """Save what was sent and go on; None where the page is shown again. Errors: Refused, Conflict."""
        if self.sent is None:
            return None
        if PRESSED in self.sent:
            form.hold_back()
            return None
        if not form.is_valid():
            return None
        return act(self.request, form, lambda: self._saved(form, change(), target))

    def _saved(self, form: DraftForm, change: Change, target: Callable[[], str]) -> str:
        revision = form.cleaned_data["revision"]
        edit(viewer=self.request.viewer, survey=self.survey, revision=revision, change=change)
        messages.success(self.request, _("Saved."))
        return target()

    def retyped(self) -> QueryDict:
        """What was sent, as if it was typed into the newest revision."""
        data = cast("QueryDict", self.request.POST).copy()
        data["revision"] = str(self.survey.revision)
        data.pop("once", None)
        return data

    def both(
        self, sent: DraftForm, again: DraftForm, stored: Record, conflict: Conflict
    ) -> dict[str, object]:
        """Two versions beside each other: what was typed, and what is stored by now."""
        values = cast("Any", sent).values()
        mine, theirs = again.both(sent)
        return {
            "conflict": conflict.sentence,
            "mine": [*self.told(values), *mine],
            "theirs": [*self.told(stored), *theirs],
        }

    def told(self, record: Record) -> list[tuple[str, str]]:
        """What a page, question, text or limit says, in words: for two versions side by side."""
        languages = languages_in(self.draft)
        lines: list[tuple[str, str]] = []
        for key in (
            "title",
            "text",
            "hint",
            "description",
            "thanks",
            "unit",
            "least_text",
            "most_text",
            "unknown",
        ):
            text = record.get(key)
            text = text if isinstance(text, dict) else {}
            for language in languages:
                if text.get(language):
                    name = worded.place_in_words(f"{key}.{language}")
                    lines.append((name[:1].upper() + name[1:], str(text[language])))
        for key in ("rows", "options"):
            words = (worded.in_reader(entry.get("text"), self.draft) for entry in records(record, key))
            if told := "; ".join(words):
                lines.append((worded.place_in_words(key).capitalize(), told))
        if condition := worded.in_words(record.get("show_if") or record.get("when"), self.draft):
            lines.append((_("Condition"), condition))
        return lines
