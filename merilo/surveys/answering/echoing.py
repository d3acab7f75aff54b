"""Answers once more, in words, before they are sent: drawn once like the questions, filled in by joining."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext as _

from merilo.surveys.answering.drawing import Part, Parts, Pen, Slot, View, joined, merged, said
from merilo.surveys.answering.rendering import Store, tongue
from merilo.surveys.rules import piping
from merilo.surveys.rules.asking import UNKNOWN, Matrix, Number, Ranking, Rating, Recommendation
from merilo.surveys.rules.conditions import Value
from merilo.surveys.rules.definition import Question
from merilo.surveys.rules.paths import Paths, Walk


class Echo:
    """What people answered to one version in one language, a row for each question."""

    def __init__(self, paths: Paths, language: str) -> None:
        pen = Pen(paths.definition, language)
        self._rows: dict[str, tuple[Part, ...]] = {
            question.code: merged(_row(pen, question, screen.code))
            for screen in paths.screens.values()
            for question in screen.questions
        }

    def rows(self, walk: Walk, view: View) -> str:
        """The questions on the way with their answers, each with the way back to it."""
        asked = (question for screen in walk.screens for question in screen.questions)
        return "".join([joined(self._rows[question.code], view) for question in asked])


_echoes: Store[Echo] = Store(64)


def echo_of(key: Any, paths: Paths, language: str) -> Echo:
    """The rows of a version in a language; `key` names the version."""

    def draw() -> Echo:
        with translation.override(tongue(language, paths.definition.languages[0])):
            return Echo(paths, language)

    return _echoes.or_made((key, language), draw)


def _row(pen: Pen, question: Question, screen: str) -> Parts:
    yield '<div class="fact"><dt>'
    yield pen.text(question.text)
    yield "</dt><dd>"
    yield _answered(pen, question)
    yield '</dd><dd class="change">'
    yield f'<button class="btn plain small" type="submit" name="go" value="to-{screen}" formnovalidate>'
    yield from (escape(_("Change")), '<span class="vh"> ')
    yield pen.text(question.text)
    yield "</span></button></dd></div>"


def _answered(pen: Pen, question: Question) -> Slot:
    """All that was answered to a question, a line for each row, choice and place."""
    draw = _file if question.kind == "file" else _line
    lines = [(key, draw(pen, question, key)) for key in question.keys]
    nothing = _paragraph(_("not answered"))
    return lambda view: "".join([line(view) for key, line in lines if key in view.answers]) or nothing


def _line(pen: Pen, question: Question, key: str) -> Slot:
    """One answer in words. Those that are chosen from few are drawn beforehand."""
    definition, language = pen.definition, pen.language
    before = f"{_name_of_row(question, key, language)}: " if question.kind == "matrix" else ""
    unit = question.asked.unit if isinstance(question.asked, Number) else None
    after = f" {unit.in_language(language)}" if unit else ""

    def drawn(value: Value, place: str = "") -> str:
        if isinstance(value, bool):
            return _paragraph(_("Yes") if value else _("No"))
        words = piping.said(definition, key, value, language, said)
        return _paragraph(before + place + words + ("" if value == UNKNOWN else after))

    known = {value: drawn(value) for value in _few(question)} if key in question.items else {}
    is_ranking = isinstance(question.asked, Ranking)

    def slot(view: View) -> str:
        value = view.answers[key]
        if not isinstance(value, tuple):
            return known.get(value) or drawn(value)
        if not is_ranking:
            return "".join([known[code] for code in value])
        return "".join([drawn((code,), f"{place}. ") for place, code in enumerate(value, start=1)])

    return slot


def _few(question: Question) -> Sequence[Value]:
    """The answers of which one or several are chosen; none for what people write."""
    asked = question.asked
    if isinstance(asked, Rating | Recommendation):
        return range(asked.least, asked.most + 1)
    return (True, False) if question.kind == "yesno" else [option.code for option in question.options]


def _name_of_row(question: Question, key: str, language: str) -> str:
    rows = question.asked.rows if isinstance(question.asked, Matrix) else ()
    return next(row.text.in_language(language) for row in rows if f"{question.code}.{row.code}" == key)


def _file(pen: Pen, question: Question, key: str) -> Slot:
    return lambda view: _paragraph(view.files.get(str(view.answers[key]), ""))


def _paragraph(words: str) -> str:
    return f'<p class="pre">{escape(words)}</p>'
