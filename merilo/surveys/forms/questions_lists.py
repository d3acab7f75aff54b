"""Tables inside the forms of a question: its options and rows, and the tests of its condition.

They work without script: a button sends the whole form, and the page comes back with the table changed and
nothing saved.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import zip_longest
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from merilo.core.errors import MeriloError
from merilo.core.texts import clean_line
from merilo.surveys import worded
from merilo.surveys.rules.conditioning import (
    WITHOUT_VALUE,
    Joined,
    Line,
    items_before,
    put_together,
    signs_of,
    taken_apart,
)
from merilo.surveys.rules.editing import Draft, Record, coded, is_code, part_of
from merilo.surveys.rules.referring import Item
from merilo.surveys.rules.values import as_plain, is_day
from merilo.web import forms

OPTION_LETTERS = 500
SPARE = 2  # empty lines below the filled ones
MORE = 5  # further ones at the press of a button
MOST_LINES = 300
PRESSED = "rows"  # the field of the buttons that change a table


class Wrong(ValueError):
    """A cell that cannot be kept, with the sentence that says why."""


# --- options and rows -----------------------------------------------------------------------------
@dataclass(slots=True)
class Entry:
    """One option or row as typed. `was` is the code it had when the page was drawn."""

    was: str = ""
    code: str = ""
    texts: list[str] = field(default_factory=list)  # in the order of the languages
    value: str = ""
    role: str = ""
    error: str = ""
    id: str = ""
    cells: list[tuple[tuple[str, str], str]] = field(default_factory=list)  # language with its name, text

    @property
    def is_blank(self) -> bool:
        return not any(text.strip() for text in self.texts)


class Entries:
    """The options or rows of a question; a line whose texts are empty is left out."""

    def __init__(
        self,
        name: str,
        stored: Sequence[Record],
        data: QueryDict | None,
        *,
        languages: Sequence[str],
        roles: Sequence[str] = (),
        has_values: bool = False,
    ) -> None:
        self.name, self.languages, self.has_values = name, list(languages), has_values
        self.roles = [(role, worded.ROLES[role]) for role in ("", *roles)] if roles else []
        self.stored = {str(entry.get("code")): entry for entry in stored}
        self.lines = self._sent(data) if data is not None else list(map(self._shown, stored))
        self._press(data.get(PRESSED, "") if data else "")
        spare = SPARE if self.lines else MORE
        while len(self.lines) < MOST_LINES and sum(line.is_blank for line in self.lines) < spare:
            self.lines.append(Entry(texts=[""] * len(self.languages)))
        for number, line in enumerate(self.lines):
            line.id = f"{name}-{number}"
            line.cells = list(zip(self.names, line.texts, strict=True))
        self.more = f"{name}:more"

    @property
    def names(self) -> list[tuple[str, str]]:
        """Code and name of each language."""
        return [(code, worded.language_name(code)) for code in self.languages]

    def _shown(self, entry: Record) -> Entry:
        code = str(entry.get("code", ""))
        text = entry.get("text")
        words = text if isinstance(text, dict) else {}
        return Entry(
            was=code,
            code=code,
            texts=[str(words.get(language, "")) for language in self.languages],
            value="" if entry.get("value") is None else str(entry["value"]),
            role=str(entry.get("role", "")),
        )

    def _sent(self, data: QueryDict) -> list[Entry]:
        columns = [data.getlist(f"{self.name}-{key}") for key in ("was", "code", "value", "role")]
        texts = [data.getlist(f"{self.name}-text-{language}") for language in self.languages]
        lines = zip_longest(zip_longest(*columns, fillvalue=""), zip_longest(*texts, fillvalue=""))
        blank = ("",) * len(self.languages)
        return [
            Entry(was, code.strip(), list(words or blank), value.strip(), role)
            for (was, code, value, role), words in ((first or ("",) * 4, words) for first, words in lines)
        ][:MOST_LINES]

    def _press(self, button: str) -> None:
        """Do what a button of the table asks: "options:up:3", "options:down:3", "options:more"."""
        name, _colon, order = button.partition(":")
        act, _colon, number = order.partition(":")
        if name != self.name:
            return
        if act == "more":
            self.lines += [Entry(texts=[""] * len(self.languages)) for _number in range(MORE)]
        elif act in {"up", "down"} and number.isascii() and number.isdigit():
            here = min(int(number), len(self.lines) - 1)
            there = min(max(here + (1 if act == "down" else -1), 0), len(self.lines) - 1)
            self.lines.insert(there, self.lines.pop(here))

    def errors(self) -> Iterator[tuple[str, str]]:
        """Anchor and sentence of each line that cannot be kept; also set on the line."""
        seen: set[str] = set()
        for line in self._filled():
            try:
                self._check(line, seen)
            except Wrong as wrong:
                line.error = str(wrong)
                yield line.id, line.error

    def _check(self, line: Entry, seen: set[str]) -> None:
        if line.code and not is_code(line.code, option=True):
            raise Wrong(_("A code holds Latin letters, digits and underscores, at most 40"))
        if line.code in seen:
            raise Wrong(_("Two lines have the code “%(code)s”") % {"code": line.code})
        seen |= {line.code} - {""}
        if line.value:
            _whole(line.value, -1000, 1000)
        if line.role not in {role for role, _word in self.roles} | {""}:
            raise Wrong(_("Choose what kind of answer this is"))
        for text in line.texts:
            _line(text, OPTION_LETTERS)

    def _filled(self) -> list[Entry]:
        return [line for line in self.lines if not line.is_blank]

    def records(self) -> list[Record]:
        """What is kept: known lines with everything they had besides, each with a code."""
        return coded([self._record(line) for line in self._filled()], self.name[0].replace("o", "a"))

    def _record(self, line: Entry) -> Record:
        old = self.stored.get(line.was, {})
        text = merged(old.get("text"), dict(zip(self.languages, map(_clean, line.texts), strict=True)))
        new: Record = {**old, "code": line.code, "text": text or {}}
        if self.roles:
            new["role"] = line.role
        if self.has_values:
            new["value"] = int(line.value) if line.value else None
        return {
            key: value for key, value in new.items() if value is not None and (key, value) != ("role", "")
        }

    def renamed(self) -> dict[str, str]:
        """Codes before and after, of the lines that were there."""
        return {line.was: line.code for line in self._filled() if line.was and line.code}


# --- conditions -----------------------------------------------------------------------------------
@dataclass(slots=True)
class Test:
    """One test as typed; `kept` is the JSON of what the three fields cannot show."""

    item: str = ""
    sign: str = ""
    value: str = ""
    kept: str = ""
    words: str = ""
    dropped: bool = False
    error: str = ""
    id: str = ""
    signs: list[tuple[str, Any]] = field(default_factory=list)
    values: list[tuple[str, str]] = field(default_factory=list)
    kind: str = ""

    @property
    def needs_value(self) -> bool:
        return self.sign not in WITHOUT_VALUE


class Conditions:
    """The tests a condition consists of, on questions that are asked before."""

    name = "if"

    def __init__(
        self, stored: object, data: QueryDict | None, *, draft: Draft, items: Mapping[str, Item]
    ) -> None:
        self.draft, self.items, self.every = draft, items, items_before(draft)
        self.joined: Joined = "and"
        self.tests = [*(self._sent(data) if data is not None else self._shown(stored)), Test()]
        for number, test in enumerate(self.tests):
            test.id = f"if-{number}"
            self._equip(test)

    @property
    def is_possible(self) -> bool:
        """Whether there is anything a condition could be about."""
        return bool(self.items) or len(self.tests) > 1

    def _shown(self, stored: object) -> list[Test]:
        self.joined, lines = taken_apart(stored)
        return [self._test(line) for line in lines]

    def _test(self, line: Line) -> Test:
        """A line as its fields show it; one they cannot show is kept as it is."""
        test = Test(line.item, line.sign, _shown(line.value))
        item = self._item(line.item)
        if item and line.sign in signs_of(item):
            self._equip(test)
            if line.sign in WITHOUT_VALUE or test.value in dict(test.values or [(test.value, "")]):
                return test
        return Test(kept=json.dumps(put_together("and", [line]), ensure_ascii=False))

    def _sent(self, data: QueryDict) -> list[Test]:
        self.joined = "or" if data.get("if-joined") == "or" else "and"
        columns = [data.getlist(f"if-{key}") for key in ("item", "sign", "value", "kept")]
        dropped = set(data.getlist("if-drop"))
        tests = [
            Test(item, sign, value.strip(), kept, dropped=str(number) in dropped)
            for number, (item, sign, value, kept) in enumerate(zip_longest(*columns, fillvalue=""))
        ]
        return [test for test in tests if test.item or test.kept][:50]

    def _equip(self, test: Test) -> None:
        """What the fields of a line offer."""
        if test.kept:
            test.words = worded.line_in_words(Line(kept=_kept(test.kept)), self.draft)
            return
        item = self._item(test.item)
        test.kind = item.kind if item else ""
        if item:
            test.signs = [(sign, worded.SIGNS[sign]) for sign in signs_of(item)]
            test.values = list(self._values(test.item, item))

    def _item(self, code: str) -> Item | None:
        """What an item is; one that is asked later may be tested too, and is a mistake of the draft."""
        return self.every.get(code)

    def _values(self, code: str, item: Item) -> Iterator[tuple[str, str]]:
        if item.kind == "yesno":
            yield from (("yes", _("yes")), ("no", _("no")))
        elif item.kind in {"rating", "nps"}:
            yield from ((str(point), str(point)) for point in self._points(code))
        else:
            options = item.options
            yield from ((option, worded.value_in_words(code, option, self.draft)) for option in options)

    def _points(self, code: str) -> range:
        part = part_of(self.draft, code)
        least, most = part.get("least"), part.get("most")
        if part.get("kind") == "nps" or not (isinstance(least, int) and isinstance(most, int)):
            return range(11)
        return range(least, min(most, least + 100) + 1)

    def choices(self) -> list[tuple[str, str]]:
        """The questions that may be tested."""
        named = {test.item for test in self.tests if test.item and test.item not in self.items}
        later = _("%(question)s (not asked before)")
        return [(code, worded.item_in_words(code, self.draft)) for code in self.items] + [
            (code, later % {"question": worded.item_in_words(code, self.draft)}) for code in sorted(named)
        ]

    def errors(self) -> Iterator[tuple[str, str]]:
        """Anchor and sentence of each test that is not complete; also set on the line."""
        for test in self.tests:
            try:
                self._line(test)
            except Wrong as wrong:
                test.error = str(wrong)
                yield test.id, test.error

    def plain(self) -> list[Any] | None:
        """The condition; None where there is none."""
        lines = [self._line(test) for test in self.tests]
        return put_together(self.joined, [line for line in lines if line is not None])

    def _line(self, test: Test) -> Line | None:
        if test.kept:
            return None if test.dropped else Line(kept=_kept(test.kept))
        if not test.item:
            return None
        item = self._item(test.item)
        if item is None or test.sign not in signs_of(item):
            raise Wrong(_("Choose how “%(question)s” must be answered") % self._named(test))
        if test.sign in WITHOUT_VALUE:
            return Line(test.item, test.sign)
        return Line(test.item, test.sign, self._value(test, item))

    def _named(self, test: Test) -> dict[str, str]:
        return {"question": worded.item_in_words(test.item, self.draft)}

    def _value(self, test: Test, item: Item) -> Any:
        if not test.value:
            raise Wrong(_("Choose the answer that “%(question)s” is compared with") % self._named(test))
        if test.values and test.value not in {value for value, _word in test.values}:
            raise Wrong(_("Choose the answer that “%(question)s” is compared with") % self._named(test))
        return _READ.get(item.kind, _read_line)(test.value)


def _shown(value: Any) -> str:
    """A value as its field shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if is_day(value):
        return f"{date.fromisoformat(value):%d.%m.%Y}"
    return "" if value is None else str(value)


def _kept(text: str) -> tuple[Any, ...]:
    """A part of a condition that was carried in the form; what is no list is no condition."""
    try:
        part = json.loads(text)
    except ValueError:
        part = None
    return tuple(part) if isinstance(part, list) and part else ("?",)


# --- reading cells --------------------------------------------------------------------------------
def merged(old: object, words: Mapping[str, str]) -> dict[str, str] | None:
    """A text with new words in some languages; those of other languages stay. None where nothing is left."""
    others = {key: word for key, word in old.items() if key not in words} if isinstance(old, dict) else {}
    return {**{key: word for key, word in words.items() if word}, **others} or None


def _line(text: str, most: int) -> str:
    try:
        return clean_line(text, most)
    except MeriloError as error:
        raise Wrong(error.sentence) from error


def _clean(text: str) -> str:
    return _line(text, OPTION_LETTERS)


def _whole(text: str, least: int, most: int) -> int:
    plain = text.replace("\N{MINUS SIGN}", "-")
    if not plain.removeprefix("-").isdecimal() or not plain.isascii() or not least <= int(plain[:9]) <= most:
        sentence = _("Enter a whole number from %(least)s to %(most)s")
        raise Wrong(sentence % {"least": least, "most": most})
    return int(plain)


def _read_line(text: str) -> str:
    return _line(text, OPTION_LETTERS)


def _by(make: Callable[[], forms.DecimalField | forms.DateField]) -> Callable[[str], Any]:
    def read(text: str) -> Any:
        try:
            return as_plain(make().clean(text))
        except forms.ValidationError as error:
            raise Wrong(error.messages[0]) from error

    return read


_READ: Mapping[str, Callable[[str], Any]] = {
    "yesno": lambda text: text == "yes",
    "rating": lambda text: _whole(text, 0, 1000),
    "nps": lambda text: _whole(text, 0, 10),
    "number": _by(forms.DecimalField),
    "date": _by(forms.DateField),
}
