"""Starting, opening, rewording and closing a survey."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, get_args

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.core import audit
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.framework.shapes import is_whole
from merilo.organisations.api import Viewer, record
from merilo.surveys import messages, news, permissions
from merilo.surveys.models import Response, State, Survey, Version
from merilo.surveys.queries.surveys import version_of
from merilo.surveys.rules.checking import LEAST_FLOOR, MOST_FLOOR
from merilo.surveys.rules.definition import Audience, Definition, Mode
from merilo.surveys.rules.plain import DefinitionInvalid, from_json, to_json
from merilo.surveys.rules.remarks import Remark, remarks
from merilo.surveys.rules.rewording import altered

LONGEST_TITLE = 300
_KNOWN = {"mode": get_args(Mode), "audience": get_args(Audience)}
_closed: list[Callable[[Survey, datetime], None]] = []


def when_closed(effect: Callable[[Survey, datetime], None]) -> None:
    """`effect(survey, at)` is called in the transaction that closes a survey; registered in `ready`."""
    _closed.append(effect)


class NotReady(MeriloError):
    """The questionnaire cannot be put to people; `remarks` say what stands in the way."""

    def __init__(self, sentence: str, found: list[Remark]) -> None:
        super().__init__(sentence)
        self.remarks = found


@dataclass(frozen=True, slots=True)
class Terms:
    """When a survey runs, who may answer and what is kept how long (days and months after the closing).

    `notice` adds to the privacy notice, by language.
    """

    entry: str
    opens_on: date | None = None
    closes_on: date | None = None
    kiosk: bool = False
    challenge: bool = True
    contact: str = ""
    contacts_days: int = 30
    answers_months: int = 24
    notice: Mapping[str, str] = field(default_factory=dict)


def start_survey(
    *, viewer: Viewer, draft: str, title: str, at: datetime, earlier: Survey | None = None, **columns: Any
) -> Survey:
    """Begin a survey with a draft: plain JSON that may still have mistakes in it. Errors: Refused."""
    viewer.require("survey.edit")
    if earlier is not None and not permissions.is_own(viewer, earlier):
        raise Refused(_("This survey belongs to another organisation."))
    with transaction.atomic():
        survey = Survey.objects.create(
            organisation=viewer.organisation,
            draft=draft,
            title=title,
            titles=titles_in(json.loads(draft)),
            earlier=earlier,
            made_at=at,
            **about(json.loads(draft)),
            **columns,
        )
        record(viewer, "survey.started", survey, {"title": title}, at=at)
    return survey


def about(plain: Any) -> dict[str, Any]:
    """What a survey's own columns say about a draft in plain values, as far as it is said there rightly."""
    floor = plain.get("floor")
    said = {name: plain.get(name) for name, known in _KNOWN.items() if plain.get(name) in known}
    return said | ({"floor": floor} if is_whole(floor) and LEAST_FLOOR <= floor <= MOST_FLOOR else {})


def titles_in(plain: Any) -> dict[str, str]:
    """The titles of a draft by language, without what cannot be shown, as far as they are said rightly."""
    said = plain.get("title")
    pairs = said.items() if isinstance(said, dict) else ()
    return {_shown(language): _shown(text)[:LONGEST_TITLE] for language, text in pairs if _is_said(text)}


def _is_said(text: Any) -> bool:
    return isinstance(text, str) and bool(_shown(text))


def _shown(text: object) -> str:
    return "".join(filter(str.isprintable, str(text)))


def save_draft(*, viewer: Viewer, survey: Survey, plain: dict[str, Any], revision: int) -> int:
    """Keep the questionnaire that is being written; answers with its new revision. No row in the audit.

    Errors: Refused, Conflict (somebody wrote meanwhile).
    """
    require_writing(viewer, survey)
    title = plain.get("title", {})
    main = next(iter(plain.get("languages") or ["bg"]))
    columns: dict[str, Any] = {"draft": json.dumps(plain, ensure_ascii=False), "revision": revision + 1}
    columns["title"] = str(title.get(main) or next(iter(title.values()), "") or survey.title)[:300]
    columns["titles"] = titles_in(plain)
    if survey.state == State.DRAFT:
        columns |= about(plain)
    own = Survey.objects.filter(pk=survey.pk, revision=revision).exclude(state=State.CLOSED)
    if not own.update(**columns):
        raise Conflict(_("Somebody else has changed the questionnaire in the meantime."))
    return revision + 1


def change_terms(*, viewer: Viewer, survey: Survey, terms: Terms, version: int, at: datetime) -> None:
    """Change when and by whom the survey is answered; `version` counts how often that was done before.

    Errors: Refused, Conflict (somebody else was faster), MeriloError.
    """
    require_writing(viewer, survey)
    if survey.state == State.OPEN and terms.entry != survey.entry:
        raise MeriloError(_("Who may answer is fixed once the survey is open."), field="entry")
    if terms.opens_on and terms.closes_on and terms.closes_on < terms.opens_on:
        raise MeriloError(_("The last day is before the first."), field="closes_on")
    told = {name: getattr(terms, name) for name in terms.__slots__}
    with transaction.atomic():
        own = Survey.objects.filter(pk=survey.pk, settled=version)
        if not own.filter(state=survey.state).update(**told, settled=version + 1):
            if own.exists():
                raise Conflict(_("The survey was opened or closed in the meantime."))
            raise Conflict(_("Somebody else has changed the settings in the meantime."))
        record(viewer, "survey.changed", survey, told, at=at)


def open_survey(*, viewer: Viewer | None, survey: Survey, at: datetime) -> Version:
    """Put the questionnaire to people for the first time; `viewer` is None when its first day has come.

    Errors: Refused, Conflict, NotReady, MeriloError (the last day is over).
    """
    if survey.state != State.DRAFT or (viewer is not None and not permissions.may_edit(viewer, survey)):
        raise Refused(_("Only a draft can be opened, by who runs surveys."))
    if survey.closes_on and survey.closes_on < day_of(survey, at):
        raise MeriloError(_("The last day is over already. Change it first."))
    with transaction.atomic():
        definition = ready(survey)
        own = Survey.objects.filter(pk=survey.pk, state=State.DRAFT, revision=survey.revision)
        columns = {"mode": definition.mode, "audience": definition.audience, "floor": definition.floor}
        if not own.update(state=State.OPEN, opened_at=at, **columns):
            raise Conflict(_("Somebody else has changed the questionnaire in the meantime."))
        version = _put(survey, definition, 1, at)
        _record(viewer, "survey.opened", survey, at)
        if viewer is None:
            news.opened(survey, at=at)
    return version


def reword(*, viewer: Viewer, survey: Survey, at: datetime) -> Version:
    """Put the draft of an open survey to people as its next version.

    What was promised stays: mode and audience do not change, the floor is never lowered. Once somebody has
    answered, only wording changes.
    Errors: Refused, Conflict, NotReady, MeriloError.
    """
    if not permissions.may_edit(viewer, survey) or survey.state != State.OPEN:
        raise Refused(_("Only an open survey gets a new version."))
    with transaction.atomic():
        definition, last = ready(survey), version_of(survey)
        _keep_promises(survey, definition)
        _keep_answers(survey, last, definition)
        own = Survey.objects.filter(pk=survey.pk, state=State.OPEN, revision=survey.revision)
        if last is None or not own.update(floor=definition.floor):
            raise Conflict(_("Somebody else has changed the questionnaire in the meantime."))
        version = _put(survey, definition, last.number + 1, at)
        record(viewer, "survey.reworded", survey, {"number": version.number}, at=at)
    return version


def _keep_promises(survey: Survey, definition: Definition) -> None:
    answered = Response.objects.filter(survey=survey).exists()
    if answered and (definition.mode, definition.audience) != (survey.mode, survey.audience):
        raise MeriloError(_("Anonymous or with names, and whom it asks: fixed since the first answer."))
    if definition.floor < survey.floor:
        sentence = _("Results were promised for no fewer than %(floor)s people together.")
        raise MeriloError(sentence % {"floor": survey.floor})


def _keep_answers(survey: Survey, last: Version | None, definition: Definition) -> None:
    """Answers that were given go on meaning the same, and none is left without its question."""
    if last is None or not Response.objects.filter(survey=survey).exists():
        return
    if found := altered(from_json(last.definition), definition):
        sentence = _("People have answered already: only wording may change. %(what)s")
        raise MeriloError(sentence % {"what": messages.altered(found[0], _)})


def close_survey(*, viewer: Viewer | None, survey: Survey, at: datetime) -> None:
    """End the answering, for good; `viewer` is None when the last day is over. Errors: Refused, Conflict."""
    if viewer is not None and not permissions.may_edit(viewer, survey):
        raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))
    with transaction.atomic():
        if not Survey.objects.filter(pk=survey.pk, state=State.OPEN).update(state=State.CLOSED, closed_at=at):
            raise Conflict(_("The survey is not open."))
        survey.refresh_from_db()
        for effect in _closed:
            effect(survey, at)
        _record(viewer, "survey.closed", survey, at)
        news.closed(viewer, survey, at=at)


def _record(viewer: Viewer | None, verb: str, survey: Survey, at: datetime) -> None:
    audit.record(
        verb,
        organisation=survey.organisation_id,
        actor=viewer.person_id if viewer else "",
        target=survey,
        payload={"title": survey.title},
        at=at,
    )


def day_of(survey: Survey, at: datetime) -> date:
    """The day that a moment belongs to where the survey's organisation is."""
    return timezone.localtime(at, survey.organisation.zone).date()


def discard(*, viewer: Viewer, survey: Survey, at: datetime) -> None:
    """Remove a draft that was never opened. Errors: Refused, Conflict."""
    if not permissions.may_edit(viewer, survey) or survey.state != State.DRAFT:
        raise Refused(_("Only a draft can be removed, by who runs surveys."))
    with transaction.atomic():
        record(viewer, "survey.discarded", survey, {"title": survey.title}, at=at)
        if not Survey.objects.filter(pk=survey.pk, state=State.DRAFT).delete()[0]:
            raise Conflict(_("The survey was opened in the meantime."))


def require_writing(viewer: Viewer, survey: Survey) -> None:
    """Raise Refused unless the viewer may change this survey now."""
    if not permissions.may_write_questions(viewer, survey):
        raise Refused(_("A closed survey is not changed any more; nor by who does not run surveys."))


def ready(survey: Survey) -> Definition:
    """The draft as a questionnaire that can be put to people. Errors: NotReady."""
    sentence = _("The questionnaire cannot be put to people yet.")
    try:
        definition = from_json(survey.draft)
    except DefinitionInvalid as error:
        raise NotReady(sentence, []) from error
    if found := [remark for remark in remarks(definition) if remark.blocks]:
        raise NotReady(sentence, found)
    return definition


def _put(survey: Survey, definition: Definition, number: int, at: datetime) -> Version:
    return Version.objects.create(survey=survey, number=number, definition=to_json(definition), made_at=at)
