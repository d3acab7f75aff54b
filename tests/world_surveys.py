"""The surveys of the world of the walk: one in each state, with something at every place of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.utils import timezone

from merilo.core import files
from merilo.core.secret import digest_of
from merilo.indicators.models import Indicator, Value
from merilo.organisations.models import Organisation
from merilo.surveys.actions.publishing import Chosen, content_of
from merilo.surveys.analysis.storing import make_snapshot
from merilo.surveys.catalogue import definition_of
from merilo.surveys.letters import stop_mark
from merilo.surveys.models import (
    Export,
    Invitation,
    OpenText,
    Publication,
    Response,
    State,
    Survey,
    Tag,
    YearlyReport,
)
from merilo.surveys.queries.results import Results
from merilo.surveys.queries.surveys import version_of
from tests.surveys import a_questionnaire, a_survey, answered

if TYPE_CHECKING:
    from tests.world import Town

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KINDS = {  # state, mode and who may answer
    "draft": (State.DRAFT, "anonymous", "invited"),
    "open": (State.OPEN, "anonymous", "invited"),
    "closed": (State.CLOSED, "anonymous", "invited"),
    "named": (State.OPEN, "named", "invited"),
    "shared": (State.OPEN, "anonymous", "open"),
    "attached": (State.CLOSED, "named", "invited"),
}
# Parts of an address that name something of a survey; each is an attribute of Asked.
PARTS = (
    "survey",
    "invitation",
    "text",
    "tag",
    "result",
    "yearly",
    "export",
    "response",
)


@dataclass
class Result:
    """What is published of a survey: its public name; nothing is of one that is not closed."""

    pk: str


@dataclass
class Nothing:
    """In place of what this survey does not have."""

    pk: str = "00000000-0000-0000-0000-000000000001"


# More than ever answer here.
LIMIT = {
    "code": "limit",
    "most": 10_000,
    "when": ["=", "age", "old"],
    "text": {"bg": "Вече имаме достатъчно отговори.", "en": "There are enough answers already."},
}


PROOF = {"kind": "file", "code": "proof", "text": {"bg": "Приложете документ.", "en": "Attach a document."}}


@dataclass
class Asked:
    """One survey with something at every place of it."""

    survey: Survey
    token: str
    invitation: Invitation
    tag: Tag
    text: OpenText
    result: Result
    yearly: YearlyReport
    export: Export
    response: Response | Nothing


def the_reports(organisation: Organisation, word: str, public: str) -> YearlyReport:
    """A published yearly report, and the draft of the next one."""
    reports = YearlyReport.objects
    common = {"organisation": organisation, "language": "bg", "made_at": timezone.now()}
    reports.create(
        year=2024,
        state="published",
        approved_at=timezone.now(),
        published_at=timezone.now(),
        parts={"texts": {"introduction": public}},
        **common,
    )
    return reports.create(year=2025, parts={"texts": {"introduction": word}}, **common)


def an_indicator(organisation: Organisation, word: str) -> tuple[Indicator, Value]:
    """An indicator with the values of two years and a corrected one, and the latest of them."""
    indicator = Indicator.objects.create(
        organisation=organisation, code="6.2-1", name=word, unit="дни", direction="down", made_at=AT
    )
    for year, figure, gone in ((2023, 15, None), (2024, 14, AT), (2024, 12, None)):
        value = Value.objects.create(
            indicator=indicator,
            first=date(year, 1, 1),
            last=date(year, 12, 31),
            value=figure,
            note=word,
            entered_at=AT,
            replaced_at=gone,
        )
    return indicator, value


def the_surveys(town: Town) -> dict[str, Asked]:
    """Anonymous surveys by their state, two with names (one has a file), one open to everybody ("shared")."""
    words = town.words
    yearly = the_reports(town.organisation, words.inside("годишен"), words.public("годишен"))

    def asked(key: str, state: str, mode: str, entry: str) -> Asked:
        return _asked(
            town.organisation,
            state,
            mode,
            entry=entry,
            yearly=yearly,
            title=words.public(f"анкета{key}"),
            address=words.address(f"asked{key}"),
            tag=words.inside(f"анкета{key}етикет"),
            text=words.inside(f"анкета{key}текст"),
        )

    return {key: asked(key, *kind) for key, kind in KINDS.items()}


def parts(organisation: Organisation) -> dict[str, dict[str, str]]:
    """The same for an organisation that wants no words of its own: parts of addresses by state."""
    yearly = the_reports(organisation, "Докладът е изготвен.", "Докладът е изготвен.")
    said = {"title": "Удовлетвореност от услугите", "tag": "гише", "text": "Повече гишета."}
    return {
        key: _parts(
            _asked(
                organisation,
                state,
                mode,
                entry=entry,
                yearly=yearly,
                address=f"ask-{key}@town.example",
                **said,
            )
        )
        for key, (state, mode, entry) in KINDS.items()
    }


def _parts(asked: Asked) -> dict[str, str]:
    found = {part: str(getattr(asked, part).pk) for part in PARTS}
    stop = stop_mark(asked.invitation.pk)
    return found | {"short": asked.survey.short, "survey_token": asked.token, "stop": stop}


def _asked(
    organisation: Organisation,
    state: str,
    mode: str,
    *,
    yearly: YearlyReport,
    title: str,
    address: str,
    tag: str,
    text: str,
    entry: str = "invited",
) -> Asked:
    plain = a_questionnaire(mode=mode) | {"title": {"bg": title, "en": title}, "quotas": [LIMIT]}
    if mode == "named":
        plain["pages"][1]["parts"].append(PROOF)
    survey = a_survey(organisation, state=state, plain=plain, entry=entry, kiosk=entry == "open")
    if state != State.DRAFT:
        answered(survey, *({"age": "young", "overall": 4} for _ in range(6)))
    response = _with_file(survey, text) if survey.mode == "named" and state == State.CLOSED else Nothing()
    result = _published(survey) if state == State.CLOSED else Result(f"nowhere-{survey.short}")
    token = sha256(f"{state}-{mode}-{entry}-{organisation.slug}".encode()).hexdigest()[:40]
    invitation = Invitation.objects.create(
        survey=survey, address=address, token_hash=digest_of("survey", token)
    )
    return Asked(
        survey=survey,
        token=token,
        invitation=invitation,
        tag=Tag.objects.create(survey=survey, name=tag),
        text=OpenText.objects.create(survey=survey, item="wishes", language="bg", text=text),
        yearly=yearly,
        result=result,
        export=_export(survey),
        response=response,
    )


def _with_file(survey: Survey, text: str) -> Response:
    """An answer with a file; the questionnaire asks for one in all surveys with names."""
    stored = files.keep(
        text.encode(),
        name="proof.txt",
        content_type="text/plain",
        organisation=survey.organisation_id,
        by=str(survey.pk),
    )
    (response,) = answered(survey, {"age": "young", "proof": stored.sha256})
    return response


def _export(survey: Survey) -> Export:
    """A file that the worker has made."""
    stored = files.keep(
        b"overall\r\n4\r\n", name="a.csv", content_type="text/csv", organisation=survey.organisation_id, by=""
    )
    return Export.objects.create(
        survey=survey, format="csv", language="bg", asked_at=survey.made_at, done=100, file=stored
    )


def _published(survey: Survey) -> Result:
    """Make the snapshot of a closed survey and publish what may be."""
    snapshot = make_snapshot(survey, survey.made_at)
    version = version_of(survey)
    assert version is not None
    results = Results(survey, definition_of(version), snapshot)
    content = content_of(results, Chosen(["age", "overall"]))
    publication = Publication.objects.create(
        survey=survey, slug=survey.short, content=content, open_data=True, published_at=survey.made_at
    )
    return Result(publication.slug)
