"""What of a questionnaire may not change once people have answered it: everything but its wording."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.editing import TEXTS, Record, pages_of, parts_of, records
from merilo.surveys.rules.plain import to_plain


@dataclass(frozen=True, slots=True)
class Altered:
    """A code, and the code of the page or question it is about; "" is the whole."""

    code: str
    subject: str = ""


def altered(asked: Definition, wanted: Definition) -> list[Altered]:
    """What differs besides the wording; nothing where answers to both mean the same.

    Texts between questions, languages, the size of the population and how many answers a limit allows may
    change; whom it asks, how, and the floor are promises (`actions.running`).
    """
    before, after = to_plain(asked), to_plain(wanted)
    return [*_questions(before, after), *_order(before, after), *_whole(before, after)]


def _questions(before: Record, after: Record) -> Iterator[Altered]:
    old, new = _by_code(_asked(before)), _by_code(_asked(after))
    for code, question in old.items():
        if code not in new:
            yield Altered("removed", code)
        else:
            yield from (Altered(what, code) for what in _changed(question, new[code]))
    yield from (Altered("added", code) for code in new if code not in old)


def _changed(before: Record, after: Record) -> Iterator[str]:
    """What differs in a question, in the order in which it is told."""
    if before["kind"] != after["kind"]:
        yield "kind"
        return
    apart = ("options", "rows", "show_if")
    yield from (key for key in apart if _bare(before.get(key)) != _bare(after.get(key)))
    if _bare(_without(before, *apart)) != _bare(_without(after, *apart)):
        yield "answering"


def _order(before: Record, after: Record) -> Iterator[Altered]:
    """Pages on conditions of their own, and questions that stand at another place."""
    old, new = _by_code(pages_of(before)), _by_code(pages_of(after))
    for code in old.keys() & new.keys():
        if _bare(_without(old[code], "parts")) != _bare(_without(new[code], "parts")):
            yield Altered("page", code)
    stay = {part["code"] for part in _asked(before)} & {part["code"] for part in _asked(after)}
    places = zip(_places(before, stay), _places(after, stay), strict=True)
    yield from (Altered("order", was[1]) for was, now in places if was != now)


def _whole(before: Record, after: Record) -> Iterator[Altered]:
    compared: Mapping[str, Callable[[Record], object]] = {
        "breakdowns": lambda plain: plain.get("breakdowns"),
        "layout": lambda plain: plain.get("layout"),
        "quotas": lambda plain: [_bare(_without(quota, "most")) for quota in records(plain, "quotas")],
    }
    yield from (Altered(code) for code, of in compared.items() if of(before) != of(after))


# --- parts ----------------------------------------------------------------------------------------
def _asked(plain: Record) -> list[Record]:
    """The questions; a text between them is wording."""
    return [part for page in pages_of(plain) for part in parts_of(page) if part["kind"] != "text"]


def _places(plain: Record, codes: set[str]) -> list[tuple[str, str]]:
    """Where these questions stand, one after the other: page and code."""
    return [
        (page["code"], part["code"])
        for page in pages_of(plain)
        for part in parts_of(page)
        if part["code"] in codes
    ]


def _by_code(things: Sequence[Record]) -> dict[str, Record]:
    return {thing["code"]: thing for thing in things}


def _without(thing: Record, *keys: str) -> Record:
    return {key: value for key, value in thing.items() if key not in keys}


def _bare(value: Any) -> Any:
    """The same without wording; that "don't know" may be answered stays, in whatever words."""
    if isinstance(value, list):
        return [_bare(entry) for entry in value]
    if isinstance(value, dict):
        kept = {key: _bare(entry) for key, entry in value.items() if key not in TEXTS}
        return kept | ({"unknown": True} if value.get("unknown") else {})
    return value
