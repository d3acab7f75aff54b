"""What this room keeps of one invited person, and forgetting it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils import translation

from merilo.core import sweeping
from merilo.core.models import OutgoingMail
from merilo.surveys import letters
from merilo.surveys.analysis.storing import make_snapshot
from merilo.surveys.answering.drawing import said
from merilo.surveys.answering.rendering import tongue
from merilo.surveys.catalogue import form_for
from merilo.surveys.models import (
    Export,
    Invitation,
    NamedResponse,
    OpenText,
    Response,
    SavedAnswers,
    Snapshot,
    Survey,
)
from merilo.surveys.queries.answering import files_of
from merilo.surveys.quotas import give_place_back
from merilo.surveys.rules import piping
from merilo.surveys.rules.asking import UNKNOWN, Matrix, Number
from merilo.surveys.rules.conditions import Answers
from merilo.surveys.rules.definition import Definition, Question

Plain = dict[str, Any]


def kept(invitation: Invitation) -> Plain:
    """What is kept, as plain values: for whoever asks what is known about them.

    Of an anonymous survey it does not say whether the link was used, and so not how many letters went out:
    that would tell who has answered. Which answers are theirs nobody can tell.
    """
    survey = invitation.survey
    told: Plain = {
        "survey": survey.title,
        "organisation": survey.organisation.name,
        "address": invitation.address,
        "language": invitation.language,
        "letter sent": invitation.mailed > 0,
        "wants no letters": invitation.unwanted,
        "came back": invitation.bounced,
    }
    if survey.is_anonymous:
        return told
    told |= {"name": invitation.name, "letters": invitation.mailed, "has answered": invitation.used}
    saved = SavedAnswers.objects.filter(invitation=invitation).first()
    if saved is not None:
        told["put aside"] = {
            "at": saved.saved_at.isoformat(),
            "answers": _in_words(survey, saved.version, saved.language, saved.answers),
            "typed": [
                value for fields in saved.typed.values() for values in fields.values() for value in values
            ],
        }
    given = NamedResponse.objects.filter(invitation=invitation).select_related("response").first()
    if given is not None:
        response = given.response
        told["given"] = {
            "at": given.sent_at.isoformat(),
            "answers": _in_words(survey, response.version, response.language, response.answers),
        }
    return told


def _in_words(survey: Survey, version: int, language: str, answers: Mapping[str, Any]) -> list[Plain]:
    """Answers as they were read and given, question by question; files by their names."""
    reader = form_for(survey.pk, version)
    definition = reader.paths.definition
    names = dict(files_of(survey).filter(sha256__in=_digests([answers])).values_list("sha256", "name"))
    restored = reader.restored(answers)
    with translation.override(tongue(language, definition.languages[0])):
        return [
            {"question": question.text.in_language(language), "code": question.code, "answer": lines}
            for question in definition.questions()
            if (lines := list(_lines(definition, question, restored, language, names)))
        ]


def _lines(
    definition: Definition, question: Question, answers: Answers, language: str, names: Mapping[str, str]
) -> Iterator[str]:
    """One answer in words, a line for each row of a matrix and for what was written beside "other"."""
    rows = question.asked.rows if isinstance(question.asked, Matrix) else ()
    before = {f"{question.code}.{row.code}": f"{row.text.in_language(language)}: " for row in rows}
    unit = question.asked.unit if isinstance(question.asked, Number) else None
    for key in question.keys:
        if key not in answers:
            continue
        if question.kind == "file":
            yield names.get(str(answers[key]), "")
            continue
        words = piping.said(definition, key, answers[key], language, said)
        after = f" {unit.in_language(language)}" if unit and answers[key] != UNKNOWN else ""
        yield before.get(key, "") + words + after


def forget(invitation: Invitation, *, at: datetime) -> None:
    """Forget the person: the letters, the address; in surveys with names what they answered, everywhere.

    In an anonymous survey the row stays without an address once a letter went out: were it gone, the count
    of those who have answered could tell whether this person had. Call it in a transaction.
    """
    survey = invitation.survey
    OutgoingMail.objects.filter(about=letters.about(survey) + invitation.pk.hex).delete()
    if survey.is_anonymous and invitation.mailed:
        nobody = {"address": "", "name": "", "bounced": "", "unwanted": True}
        Invitation.objects.filter(pk=invitation.pk).update(**nobody)
        return
    if not survey.is_anonymous:
        _forget_answers(survey, invitation, at)
    invitation.delete()


def _forget_answers(survey: Survey, invitation: Invitation, at: datetime) -> None:
    """Take out what was answered: rows, copies of open texts, files, and the columns made of them."""
    own = Response.objects.filter(named__invitation=invitation)
    rows = list(own)
    given = [row.answers for row in rows]
    aside = list(SavedAnswers.objects.filter(invitation=invitation).values_list("answers", flat=True))
    own.delete()
    SavedAnswers.objects.filter(invitation=invitation).delete()
    for row in rows:
        reader = form_for(survey.pk, row.version)
        give_place_back(survey, reader, reader.restored(row.answers))
        _forget_texts(survey, row.answers)
    _forget_files(survey, set(_digests([*given, *aside])))
    exports = Export.objects.filter(survey=survey).select_related("file")
    made = [export.file for export in exports if export.file]
    exports.delete()
    sweeping.forget(made)
    if given and Snapshot.objects.filter(survey=survey).exists():
        make_snapshot(survey, at)


def _forget_texts(survey: Survey, answers: Mapping[str, Any]) -> None:
    """One copy of each open answer: the same words of somebody else stay."""
    for item, text in answers.items():
        if isinstance(text, str):
            copy = OpenText.objects.filter(survey=survey, item=item, text=text).order_by("pk").first()
            if copy is not None:
                copy.delete()


def _forget_files(survey: Survey, digests: Collection[str]) -> None:
    """Files that nobody else has sent too."""
    stored = list(files_of(survey).filter(sha256__in=digests))
    if not stored:
        return
    others = [
        *Response.objects.filter(survey=survey).values_list("answers", flat=True).iterator(),
        *SavedAnswers.objects.filter(invitation__survey=survey).values_list("answers", flat=True).iterator(),
    ]
    shared = set(_digests(others))
    sweeping.forget([file for file in stored if file.sha256 not in shared])


def _digests(given: Collection[Mapping[str, Any]]) -> list[str]:
    """Answers that may be files: the hash of their bytes."""
    values = (value for answers in given for value in answers.values())
    return [value for value in values if isinstance(value, str) and len(value) == 64]
