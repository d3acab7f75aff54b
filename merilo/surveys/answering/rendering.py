"""Pages of a survey as strings: drawn once in each process, filled in for each visitor.

A frame (everything around the questions) is drawn by its template with slots in it, and kept under what it
shows; so a kept frame is never out of date. Questions are kept for a version, which never changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.template import loader
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from merilo.organisations.api import Organisation
from merilo.surveys import messages
from merilo.surveys.answering.drawing import Part, Pen, View, joined, merged, said, shown
from merilo.surveys.rules import piping
from merilo.surveys.rules.answers import Fault
from merilo.surveys.rules.asking import UNKNOWN, Ranking
from merilo.surveys.rules.conditions import Answers
from merilo.surveys.rules.definition import Block, Definition, Question
from merilo.surveys.rules.paths import Screen, Walk, in_order
from merilo.surveys.rules.values import as_plain
from merilo.web.context import Page
from merilo.web.pressing import fixed

_SLOT = re.compile("\x00([a-z]+)\x00")
_MOST_KEPT = 256
_NO_FAULTS: Mapping[str, str] = {}
Kept = TypeVar("Kept")


class Store(Generic[Kept]):
    """Things that never change, by what they are made of; the oldest go when there are too many."""

    def __init__(self, most: int = _MOST_KEPT) -> None:
        self._kept: dict[Any, Kept] = {}
        self._most = most

    def get(self, key: Any) -> Kept | None:
        return self._kept.get(key)

    def or_made(self, key: Any, make: Callable[[], Kept]) -> Kept:
        """What is kept under the key, made now if there is nothing."""
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = make()
            if len(self._kept) > self._most:
                self._kept.pop(next(iter(self._kept)), None)
        return found


# --- languages --------------------------------------------------------------------------------------
def tongue(language: str, main: str) -> str:
    """The language of what we write ourselves around texts in `language`."""
    ours = dict(settings.LANGUAGES)
    return next((code for code in (language, main) if code in ours), "en")


# --- frames -----------------------------------------------------------------------------------------
class Frame:
    """A page with slots: a text between NULs names what is put there."""

    def __init__(self, html: str) -> None:
        self._parts = _SLOT.split(html)
        self._names = self._parts[1::2]
        self._parts[::2] = map(fixed, self._parts[::2])

    def filled(self, **values: str) -> list[str]:
        """The parts of the page; a slot without a value stays empty."""
        parts = list(self._parts)
        parts[1::2] = [values.get(name, "") for name in self._names]
        return parts


class _Slots:
    def __getitem__(self, name: str) -> str:
        return mark_safe(f"\x00{name}\x00")


_frames: Store[Frame] = Store()


def frame(
    name: str,
    *,
    organisation: Organisation | None,
    language: str,
    main: str,
    context: Callable[[], Mapping[str, Any]],
    key: Any,
) -> Frame:
    """A page of ours by the name of its template. `key` says everything that its context depends on."""

    def draw() -> Frame:
        with translation.override(tongue(language, main)):
            asked = SimpleNamespace(organisation=organisation, viewer=None, csp_nonce=_Slots()["nonce"])
            values = {"page": Page(asked), "request": asked, "slots": _Slots(), "tongue": language}  # type: ignore[arg-type]
            return Frame(loader.render_to_string(f"surveys/answer/{name}.html", values | dict(context())))

    return _frames.or_made((name, language, key), draw)


def kept_frame(name: str, language: str, key: Any) -> Frame | None:
    """The same if it was drawn before: for who does not want to ask the database."""
    return _frames.get((name, language, key))


def fingerprint(*things: object) -> str:
    """A short sign that differs where anything of these differs."""
    return sha256(repr(things).encode()).hexdigest()[:16]


# --- questions --------------------------------------------------------------------------------------
class Sheet:
    """The questions of one version in one language; `level` is that of the heading of a screen."""

    def __init__(self, definition: Definition, language: str, *, level: int = 1) -> None:
        self.definition, self.language, self._level = definition, language, level
        self._parts: dict[str, tuple[Part, ...]] = {}
        self._blank: dict[str, str] = {}
        for part in (part for page in definition.pages for part in page.parts):
            pen = Pen(definition, language, level=level)
            self._parts[part.code] = merged(_part(pen, part))
            if not pen.personal:
                self._blank[part.code] = joined(self._parts[part.code], View({}))
        self._whole: Store[str] = Store()
        self._fields = {question.code: question.fields for question in definition.questions()}
        pen = Pen(definition, language)
        self._titles = {
            page.code: pen.text(page.title) if page.title else escape(self.title) for page in definition.pages
        }

    @cached_property
    def title(self) -> str:
        return self.definition.title.in_language(self.language)

    def screen(self, screen: Screen, view: View) -> str:
        """The fields of a screen under its heading."""
        if self._is_for_all(screen, view):
            codes = tuple([part.code for part in screen.parts])
            return self._whole.or_made((screen.page.code, codes), lambda: fixed(self._screen(screen, view)))
        return self._screen(screen, view)

    def _is_for_all(self, screen: Screen, view: View) -> bool:
        """Whether the screen looks the same to all who have not answered anything on it yet."""
        if view.faults or screen.page.shuffle or not isinstance(self._titles[screen.page.code], str):
            return False
        return all(self._is_untouched(part.code, view) for part in screen.parts)

    def _is_untouched(self, code: str, view: View) -> bool:
        return code in self._blank and view.raw.keys().isdisjoint(self._fields.get(code, ()))

    def _screen(self, screen: Screen, view: View) -> str:
        parts = in_order(screen.parts, view.seed, shuffle=screen.page.shuffle)
        return self._heading(screen, view) + "".join([self._drawn(part.code, view) for part in parts])

    def _drawn(self, code: str, view: View) -> str:
        if code not in view.faults and self._is_untouched(code, view):
            return self._blank[code]
        return joined(self._parts[code], view)

    def _heading(self, screen: Screen, view: View) -> str:
        if self.definition.layout == "questions" and screen.questions:
            return ""
        title = self._titles[screen.page.code]
        return f"<h{self._level}>{title if isinstance(title, str) else title(view)}</h{self._level}>"

    def name_of(self, screen: Screen, answers: Answers) -> str:
        """What a screen is called, as plain text: its question, its title, or the survey's."""
        single = self.definition.layout == "questions" and screen.questions
        text = screen.questions[0].text if single else screen.page.title or self.definition.title
        return self.filled(text.in_language(self.language), answers)

    def filled(self, text: str, answers: Answers) -> str:
        """A text with earlier answers in it."""
        return piping.filled(text, answers, self.definition, self.language, said)


_sheets: Store[Sheet] = Store(64)


def sheet_of(key: Any, definition: Definition, language: str) -> Sheet:
    """The questions of a version in a language; `key` names the version."""
    ours = tongue(language, definition.languages[0])

    def draw() -> Sheet:
        with translation.override(ours):
            return Sheet(definition, language)

    return _sheets.or_made((key, language), draw)


def _part(pen: Pen, part: Question | Block) -> Any:
    if isinstance(part, Question):
        return pen.question(part)
    return iter(('<div class="block">', _paragraphs(pen, part), "</div>"))


def _paragraphs(pen: Pen, block: Block) -> Part:
    text = pen.text(block.text)

    def split(whole: str) -> str:
        return "".join(f"<p>{one}</p>" for one in re.split(r"\n\s*\n", whole.strip()))

    return split(text) if isinstance(text, str) else lambda view: split(text(view))


# --- what is said about a screen --------------------------------------------------------------------
def render_screen(  # the seam for previews: nothing of it is kept
    definition: Definition,
    screen: Screen,
    answers: Answers,
    *,
    fields: Mapping[str, Sequence[str]] | None = None,
    faults: Mapping[str, Fault] | None = None,
    language: str,
    seed: str = "",
    level: int = 1,
) -> str:
    """The fields of a screen as respondents see them, below what is wrong with them.

    `fields` is what was typed, where that did not become answers; `level` is that of the heading.
    """
    with translation.override(tongue(language, definition.languages[0])):
        raw = fields_of(definition, answers) if fields is None else fields
        view = View(raw, sentences(faults or {}), answers, seed)
        sheet = Sheet(definition, language, level=level)
        return summary(view.faults, sheet, screen.questions, answers) + sheet.screen(screen, view)


def sentences(faults: Mapping[str, Fault]) -> Mapping[str, str]:
    """Faults in words, in the language in use."""
    return {code: messages.fault(found, _, shown) for code, found in faults.items()} if faults else _NO_FAULTS


def fields_of(definition: Definition, answers: Answers) -> dict[str, Sequence[str]]:
    """The field values that answers come from, to fill a page in again."""
    found: dict[str, Sequence[str]] = {}
    for key, value in answers.items():
        question = definition.owner(key)
        if isinstance(question.asked, Ranking) and isinstance(value, tuple):
            found |= {f"{key}.{code}": (str(place),) for place, code in enumerate(value, start=1)}
        elif isinstance(value, bool):
            found[key] = ("yes" if value else "no",)
        elif question.kind == "number" and value != UNKNOWN:
            found[key] = (shown(value).replace("\N{NO-BREAK SPACE}", " "),)
        else:
            found[key] = value if isinstance(value, tuple) else (str(as_plain(value)),)
    return found


def progress(definition: Definition, walk: Walk, screen: Screen) -> str:
    """Where in the questionnaire a screen stands, in words."""
    codes = [one.code for one in walk.screens]
    numbers = {"place": codes.index(screen.code) + 1 if screen.code in codes else 1, "all": len(codes)}
    if definition.layout == "questions":
        return _("Question %(place)s of %(all)s") % numbers
    return _("Page %(place)s of %(all)s") % numbers


def summary(faults: Mapping[str, str], sheet: Sheet, questions: Sequence[Question], answers: Answers) -> str:
    """The faults of a page on top of it, each with its question and a link to it."""
    found = [question for question in questions if question.code in faults]
    if not found:
        return ""
    asked = {one.code: sheet.filled(one.text.in_language(sheet.language), answers) for one in found}
    links = "".join(
        f'<li><a href="#q-{code}">{escape(words)}</a> {escape(faults[code])}</li>'
        for code, words in asked.items()
    )
    heading = escape(_("There is a problem"))
    return (
        f'<div class="errors" role="alert" tabindex="-1" data-focus><h2>{heading}</h2><ul>{links}</ul></div>'
    )


def note(words: str, *, kind: str = "warning", links: Mapping[str, str] | None = None) -> str:
    """A message on top of a page; links by their addresses."""
    listed = "".join(f'<li><a href="{url}">{escape(text)}</a></li>' for url, text in (links or {}).items())
    role = "alert" if kind == "warning" else "status"
    below = f"<ul>{listed}</ul>" if listed else ""
    return f'<div class="note {kind}" role="{role}"><p>{escape(words)}</p>{below}</div>'
