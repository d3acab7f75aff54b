"""A questionnaire as a sheet of paper: boxes, lines, conditions in words, the numbers a clerk types."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merilo.framework.catalogue import Text
from merilo.surveys.rules import asking
from merilo.surveys.rules.definition import Block, Definition, Page, Question
from merilo.surveys.rules.entering import beside_number
from merilo.surveys.saying import Speaker, beside
from merilo.web.documents.sheet import (
    Answer,
    Asking,
    Chapter,
    Grid,
    Lines,
    Passage,
    Scale,
    Sheet,
    Tick,
    Ticks,
)

ACCENT = "#005868"  # the product's, where an organisation has none of its own
LONGEST_SCALE = 11  # points that stand side by side; a longer one is written as a number
LONG_TEXT = 1_000  # characters from which on more lines are drawn


@dataclass(frozen=True, slots=True)
class Imprint:
    """What stands on paper besides the questionnaire; without an address it is not answered online."""

    author: str
    code: str
    last_day: str = ""
    address: str = ""
    qr: str = ""
    accent: str = ACCENT


def sheet_of(definition: Definition, language: str, imprint: Imprint) -> Sheet:
    """The questionnaire on paper, in one of its languages."""
    with translation.override(language):
        return Sheet(
            title=definition.title.in_language(language),
            language=language,
            author=imprint.author,
            code=imprint.code,
            page_of=_("page {page} of {pages}"),
            parts=tuple(_parts(definition, language)),
            intro=tuple(_intro(definition, language)),
            steps=tuple(_steps(definition, imprint)),
            name="" if definition.mode == "anonymous" else _("Your name:"),
            online=_("You can answer online too, on a telephone or a computer:") if imprint.address else "",
            address=imprint.address,
            qr=imprint.qr,
            thanks=_said(definition.thanks, language) or _("Thank you for your answers!"),
            missing=_("{mark} stands for a character that the typeface lacks."),
            accent=imprint.accent,
        )


def _intro(definition: Definition, language: str) -> Iterator[str]:
    yield from _said(definition.description, language).split("\n\n")
    if definition.mode == "anonymous":
        yield _("The survey is anonymous. Please do not write your name, address or telephone number.")
    else:
        yield _("The survey is confidential: only those who run it know who answered what.")


def _steps(definition: Definition, imprint: Imprint) -> Iterator[str]:
    yield _("Tick one box for each question, unless it says otherwise.")
    yield _("To correct a tick, fill the whole box and tick another one.")
    if any(question.show_if or page.show_if for page in definition.pages for question in _questions(page)):
        yield _("Some questions are for some people only. Read the line above them first.")
    yield _("The small numbers are for those who enter the answers.")
    if imprint.last_day:
        yield _("Please return the sheet by %(day)s.") % {"day": imprint.last_day}


def _questions(page: Page) -> Iterator[Question]:
    return (part for part in page.parts if isinstance(part, Question))


def _said(text: Text | None, language: str) -> str:
    return text.in_language(language) if text is not None else ""


def _parts(definition: Definition, language: str) -> Iterator[Asking | Chapter | Passage]:
    speaker = Speaker(definition, language)
    for page in definition.pages:
        rule = speaker.chapter(page.show_if)
        if page.title is not None:
            yield Chapter(speaker.text(page.title.in_language(language)), rule)
        elif rule:
            yield Passage("", rule)
        for part in page.parts:
            yield _part(part, speaker)


def _part(part: Question | Block, speaker: Speaker) -> Asking | Passage:
    text, rule = speaker.text(part.text.in_language(speaker.language)), speaker.rule(part.show_if)
    if isinstance(part, Block):
        return Passage(text, rule)
    hints = (speaker.text(_said(part.hint, speaker.language)), how(part))
    hint = " ".join(hint for hint in hints if hint)
    return Asking(speaker.numbers[part.code], text, _ANSWERS[type(part.asked)](part, speaker), hint, rule)


def how(question: Question) -> str:
    """How a question is answered with a pen, where that is not plain to see."""
    asked = question.asked
    if isinstance(asked, asking.Multiple):
        return _how_many(asked, len(asked.options))
    if isinstance(asked, asking.Ranking):
        sentence = _("Write numbers into the boxes: 1 for what comes first, then 2 and so on up to %(most)s.")
        return sentence % {"most": asked.most or len(asked.options)}
    if isinstance(asked, asking.Rating) and is_long(asked):
        return _("Write a number from %(least)s to %(most)s.") % {"least": asked.least, "most": asked.most}
    return _plainly().get(question.kind, "")


def _plainly() -> Mapping[str, str]:
    return {
        "matrix": _("Please tick one box in each row."),
        "date": _("Day, month and year, for example 24.5.2026"),
        "file": _("Please enclose the document with this sheet."),
    }


def is_long(asked: asking.Rating | asking.Recommendation) -> bool:
    """Whether a scale has too many points to stand side by side."""
    return asked.most - asked.least >= LONGEST_SCALE


def _how_many(asked: asking.Multiple, options: int) -> str:
    if asked.least is None and asked.most is None:
        return _("You may tick several boxes.")
    least, most = asked.least or 1, asked.most or options
    if least == most:
        sentence = ngettext("Tick exactly %(most)s box.", "Tick exactly %(most)s boxes.", most)
    elif least == 1:
        sentence = ngettext("Tick at most %(most)s box.", "Tick at most %(most)s boxes.", most)
    else:
        sentence = _("Tick from %(least)s to %(most)s boxes.")
    return sentence % {"least": least, "most": most}


# --- answers ----------------------------------------------------------------------------------
def _options(question: Question, speaker: Speaker) -> tuple[Tick, ...]:
    return tuple(
        Tick(str(place), option.text.in_language(speaker.language), line=option.role == "other")
        for place, option in enumerate(question.options, start=1)
    )


def _ticks(question: Question, speaker: Speaker) -> Answer:
    return Ticks(_options(question, speaker))


def _ranking(question: Question, speaker: Speaker) -> Answer:
    options = (Tick("", option.text.in_language(speaker.language)) for option in question.options)
    return Ticks(tuple(options), wide=True)


def _grid(question: Question, speaker: Speaker) -> Answer:
    rows = question.asked.rows if isinstance(question.asked, asking.Matrix) else ()
    return Grid(_options(question, speaker), tuple(row.text.in_language(speaker.language) for row in rows))


def _scale(question: Question, speaker: Speaker) -> Answer:
    asked, language = cast("asking.Rating | asking.Recommendation", question.asked), speaker.language
    apart = Tick(beside_number(asked), beside(question, language)) if asked.unknown is not None else None
    if is_long(asked):
        return Lines(1, short=True, unit=apart.text if apart else "")
    points = tuple(str(point) for point in range(asked.least, asked.most + 1))
    return Scale(points, _said(asked.least_text, language), _said(asked.most_text, language), apart)


def _yesno(_question: Question, _speaker: Speaker) -> Answer:
    return Ticks((Tick("1", _("Yes")), Tick("2", _("No"))))


def _number(question: Question, speaker: Speaker) -> Answer:
    unit = question.asked.unit if isinstance(question.asked, asking.Number) else None
    return Lines(1, short=True, unit=_said(unit, speaker.language))


def _day(_question: Question, _speaker: Speaker) -> Answer:
    return Lines(1, short=True)


def _line(_question: Question, _speaker: Speaker) -> Answer:
    return Lines(1)


def _text(question: Question, _speaker: Speaker) -> Answer:
    return Lines(7 if isinstance(question.asked, asking.LongText) and question.asked.most > LONG_TEXT else 4)


_ANSWERS: Mapping[type[Any], Callable[[Question, Speaker], Answer]] = {
    asking.Single: _ticks,
    asking.Multiple: _ticks,
    asking.Matrix: _grid,
    asking.Ranking: _ranking,
    asking.Rating: _scale,
    asking.Recommendation: _scale,
    asking.Number: _number,
    asking.Day: _day,
    asking.ShortText: _line,
    asking.LongText: _text,
    asking.YesNo: _yesno,
    asking.Upload: _line,
}
