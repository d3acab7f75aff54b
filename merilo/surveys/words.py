"""Words for states, audiences and modes, and where in a questionnaire something is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from merilo.framework.catalogue import Text
from merilo.surveys import messages
from merilo.surveys.models import Entry, State
from merilo.surveys.queries.standing import Checked
from merilo.surveys.rules.asking import Matrix
from merilo.surveys.rules.definition import Block, Definition, Page, Question
from merilo.surveys.rules.rewording import Altered

AUDIENCES = {
    "citizens": gettext_lazy("Citizens"),
    "businesses": gettext_lazy("Businesses"),
    "employees": gettext_lazy("Employees"),
    "councillors": gettext_lazy("Councillors"),
}
MODES = {"anonymous": gettext_lazy("Anonymous"), "named": gettext_lazy("Confidential, with names")}
KINDS = {
    "single": gettext_lazy("One answer"),
    "multiple": gettext_lazy("Several answers"),
    "matrix": gettext_lazy("Table"),
    "rating": gettext_lazy("Scale"),
    "nps": gettext_lazy("Recommendation, 0 to 10"),
    "number": pgettext_lazy("kind of question", "Number"),
    "date": gettext_lazy("Date"),
    "short": gettext_lazy("Short text"),
    "long": gettext_lazy("Long text"),
    "ranking": gettext_lazy("Order of importance"),
    "yesno": gettext_lazy("Yes or no"),
    "file": gettext_lazy("File"),
}
STATUS = {State.DRAFT: "idle", State.OPEN: "progress", State.CLOSED: "done"}
_STEP = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence about a questionnaire and what it is about, "" for the whole."""

    sentence: str
    about: str = ""


def codes(key: str, code: str) -> str:
    """Audiences, modes and ways in, as the record of actions shows them."""
    words: Mapping[str, Mapping[str, object]] = {
        "entry": dict(Entry.choices),
        "mode": MODES,
        "audience": AUDIENCES,
    }
    return str(words.get(key, {}).get(code, ""))


def language() -> str:
    """The reader's language."""
    return get_language() or "en"


def in_the_way(draft: Checked) -> list[Said]:
    """What keeps a questionnaire from being put to people: mistakes and blocking remarks."""
    mistakes = [Said(messages.mistake(found, _), _about(draft.plain, found.path)) for found in draft.mistakes]
    return [*mistakes, *_remarks(draft, blocking=True)]


def not_wording(found: Iterable[Altered], asked: Any, draft: Checked) -> list[Said]:
    """What a draft changes besides the words of what was asked, in plain values."""
    return [
        Said(messages.altered(one, _), _named(draft.plain if one.code == "added" else asked, one.subject))
        for one in found
    ]


def worth_a_look(draft: Checked) -> list[Said]:
    """What could be better, though nothing stands in the way."""
    return list(_remarks(draft, blocking=False))


@dataclass(frozen=True, slots=True)
class Read:
    """A question or text as it is read beforehand; `conditional`: not everybody sees it."""

    text: str
    kind: str
    rows: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    conditional: bool = False


def read(definition: Definition) -> list[tuple[str, list[Read]]]:
    """The questions of each page under its title, in the reader's language."""
    return [(_said(page.title), [_read(page, part) for part in page.parts]) for page in definition.pages]


def _read(page: Page, part: Question | Block) -> Read:
    conditional = bool(part.show_if or page.show_if)
    if isinstance(part, Block):
        return Read(_said(part.text), "", conditional=conditional)
    rows = part.asked.rows if isinstance(part.asked, Matrix) else ()
    return Read(
        _said(part.text),
        str(KINDS[part.kind]),
        tuple(_said(row.text) for row in rows),
        tuple(_said(option.text) for option in part.options),
        conditional,
    )


def _said(text: Text | None) -> str:
    return text.in_language(language()) if text else ""


def _remarks(draft: Checked, *, blocking: bool) -> Iterator[Said]:
    for found in draft.blocking if blocking else draft.advice:
        yield Said(messages.remark(found, _), _named(draft.plain, found.subject))


def _named(plain: Any, code: str) -> str:
    """The words of the page or question with a code."""
    if not code:
        return ""
    pages = plain.get("pages", [])
    things = [*pages, *(part for page in pages for part in page.get("parts", []))]
    return next((_wording(thing) for thing in things if thing.get("code") == code), "") or code


def _about(plain: Any, path: str) -> str:
    """The words of the question, or else the page, that a path leads into."""
    if not path.startswith("pages["):
        return ""
    places = [int(number) for number in _STEP.findall(path)]
    try:
        page = plain["pages"][places[0]]
        inside = len(places) > 1 and ".parts[" in path
        if inside:
            return _wording(page["parts"][places[1]]) or path
        return _wording(page) or _("Page %(number)s") % {"number": places[0] + 1}
    except (KeyError, IndexError, TypeError):
        return path


def _wording(thing: Any) -> str:
    found = thing.get("text") or thing.get("title") if isinstance(thing, dict) else None
    texts = found if isinstance(found, dict) else {}
    return str(texts.get(language()) or next(iter(texts.values()), ""))
