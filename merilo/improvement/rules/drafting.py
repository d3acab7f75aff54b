"""Reads the cells of one measure in somebody's table into a draft.

Nothing is lost: what cannot be read as what its column holds is kept as words in the explanation, and a
remark names its cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from merilo.core.cells import Grid, Problem, shown
from merilo.improvement.rules import reading
from merilo.improvement.rules.drafts import Draft, Entry, Known, Rows, Seen, Step
from merilo.improvement.rules.headings import Holds
from merilo.improvement.rules.wording import MOST, as_line

LONG, AREA, LINE, NAME, UNIT = 3_000, 2_000, 300, 200, 40
MOST_HOURS, MOST_EURO, MOST_VALUE = 1_000_000, 9_999_999_999, 10**14
_TEXTS = (Holds.OBJECTIVE, Holds.GOALS, Holds.RISKS)
_BESIDE = (Holds.UNIT, Holds.BASELINE, Holds.TARGET, Holds.SOURCE)


class Builder:
    """Reads the cells of one measure; `names` are the headings, `kept` words for its explanation."""

    def __init__(self, grid: Grid, names: Sequence[str], known: Known, rows: Rows) -> None:
        self.grid, self.names, self.known, self.rows = grid, names, known, rows
        self.remarks: list[Problem] = []
        self.kept: list[str] = []

    def draft(self) -> Draft:
        text = self._text()
        first, last = self._days()
        owner, deputy, others = self._people()
        units, participants = self._participants(others)
        found: dict[str, Any] = {holds.value: self._long(holds) for holds in _TEXTS}
        found |= {
            "kind": self._kind(),
            "codes": self._codes(),
            "hours": self._hours(),
            "euro": self._euro(),
            "funding": self._fits(Holds.FUNDING, " ".join(self._said(Holds.FUNDING).split()), LINE),
            "areas": tuple(self._areas()),
            "steps": tuple(self._steps(first, last)),
            "seen": tuple(self._seen()),
        }
        draft = Draft(
            row=self.rows.row,
            text=text,
            first=first,
            last=last,
            owner=owner,
            deputy=deputy,
            units=units,
            participants=participants,
            same_as=self.known.measures.get(reading.alike(text)),
            **found,
        )
        note = self._note()
        draft = replace(draft, note=note, remarks=tuple(self.remarks))
        return replace(draft, remarks=tuple(map(_not_kept, self.remarks))) if draft.is_blocked else draft

    # what stands where
    def _of(self, holds: Holds) -> list[Entry]:
        return self.rows.found.get(holds, [])

    def _shown(self, entry: Entry) -> str:
        """The text of a cell; a formula without a value says nothing and is named."""
        if (entry.row, entry.column) in self.grid.unknown:
            self.remarks.append(self._remark("no_value", entry))
        return shown(entry.cell)

    def _said(self, holds: Holds) -> str:
        return reading.joined([self._shown(one) for one in self._of(holds)])

    def _remark(self, key: str, entry: Entry, **params: object) -> Problem:
        return Problem(key, self.grid.name, entry.row, entry.column, params)

    def _keep(self, key: str, entry: Entry, text: str = "", **params: object) -> None:
        """Take what is said into the explanation, and name its cell."""
        said = text or self._shown(entry)
        if not said:
            return
        self.remarks.append(self._remark(key, entry, text=as_line(said, 120), **params))
        self.kept.append(self._under_heading(entry.column, said))

    def _under_heading(self, column: int, said: str) -> str:
        name = self.names[column]
        return f"{name}: {said}" if name else said

    # texts
    def _text(self) -> str:
        entry = self._of(Holds.TEXT)[0]
        whole = " ".join(self._shown(entry).split())
        line = as_line(whole)
        if line != whole:
            self._keep("text_shortened", entry, whole, length=len(whole))
        return line

    def _long(self, holds: Holds) -> str:
        return self._fits(holds, self._said(holds), LONG)

    def _fits(self, holds: Holds, text: str, most: int) -> str:
        """The text where its field takes it; else it is kept as words."""
        if len(text) <= most:
            return text
        self._keep("too_long", self._of(holds)[0], text, length=len(text), most=most)
        return ""

    def _note(self) -> str:
        words = [self._under_heading(one.column, self._shown(one)) for one in self._of(Holds.WORDS)]
        note = reading.joined([self._said(Holds.NOTE), *words, *self.kept])
        if len(note) > LONG:
            params = {"length": len(note), "most": LONG}
            self.remarks.append(Problem("words_too_long", self.grid.name, self.rows.row, params=params))
        return note

    # single facts
    def _kind(self) -> str:
        for entry in self._of(Holds.KIND)[:1]:
            if kind := self.known.kinds.get(reading.alike(self._shown(entry))):
                return kind
            self._keep("unknown_kind", entry)
        return ""

    def _codes(self) -> tuple[str, ...]:
        found: list[str] = []
        for entry in self._of(Holds.CODES):
            named = reading.codes(entry.cell)
            right = [code for code in named if code in self.known.codes]
            if not right or right != named:
                wrong = ", ".join(code for code in named if code not in right)
                self._keep("unknown_code" if wrong else "no_code", entry, codes=wrong)
            found += right
        return tuple(dict.fromkeys(found))

    def _hours(self) -> int | None:
        value = self._number(Holds.HOURS, MOST_HOURS)
        if value is not None and value != int(value):
            self._keep("no_whole_number", self._of(Holds.HOURS)[0])
            return None
        return None if value is None else int(value)

    def _euro(self) -> Decimal | None:
        value = self._number(Holds.EURO, MOST_EURO)
        return None if value is None else value.quantize(Decimal("0.01"))

    def _number(self, holds: Holds, most: int) -> Decimal | None:
        """The first number of a column; further ones, and what is none, are kept as words."""
        found: Decimal | None = None
        for place, entry in enumerate(self._of(holds)):
            value = reading.number(entry.cell)
            if place == 0 and value is not None and 0 <= value <= most:
                found = value
            else:
                self._keep("no_number", entry)
        return found

    # days
    def _days(self) -> tuple[date, date]:
        """The term, or beginning and end; where nothing is said the plan's own."""
        term = self._term(Holds.TERM)
        begins, ends = self._term(Holds.FIRST), self._term(Holds.LAST)
        first = (begins[0] or begins[1]) if begins else term and term[0]
        last = ends[1] if ends else term and term[1]
        if first and last and last < first:
            entry = (self._of(Holds.LAST) or self._of(Holds.TERM))[0]
            said = f"{shown(first)} – {shown(last)}"
            self._keep("reversed", entry, said)
            first = last = None
        self._within_plan(first, last)
        begin = first or min(self.known.first, last or self.known.first)
        return begin, last or max(self.known.last, begin)

    def _within_plan(self, first: date | None, last: date | None) -> None:
        """Say where a term that was given reaches out of the plan's."""
        outer = {"first": self.known.first, "last": self.known.last}
        named = [(Holds.FIRST, first), (Holds.LAST, last)]
        for holds, day in named:
            if day and not self.known.first <= day <= self.known.last:
                entry = (self._of(holds) or self._of(Holds.TERM) or self._of(Holds.FIRST))[0]
                self.remarks.append(self._remark("outside_plan", entry, **outer))
                return

    def _term(self, holds: Holds) -> reading.Term | None:
        found: reading.Term | None = None
        for place, entry in enumerate(self._of(holds)):
            term = reading.term(entry.cell)
            if term is None or (place and term != found):
                self._keep("no_day", entry)
            elif place == 0:
                found = term
        return found

    # people
    def _people(self) -> tuple[str, str, list[str]]:
        """Owner, deputy, and names that no member of the organisation has or that were left."""
        owner, others = self._person(Holds.OWNER)
        deputy, more = self._person(Holds.DEPUTY)
        if deputy and deputy == owner:
            self._keep("same_deputy", self._of(Holds.DEPUTY)[0])
            deputy = ""
        return owner, deputy, [*others, *more]

    def _person(self, holds: Holds) -> tuple[str, list[str]]:
        found, others = "", list[str]()
        for entry in self._of(holds):
            said = self._shown(entry)
            key, left = self._resolved(said)
            if not key and said:
                self.remarks.append(self._remark("unknown_person", entry, text=as_line(said, 120)))
            if key and found in {"", key}:
                found = key
                others += left
            else:
                others += [said]
        return found, others

    def _resolved(self, said: str) -> tuple[str, list[str]]:
        """The first person named in a cell, and the other names in it."""
        if key := self.known.people.get(reading.alike(" ".join(said.split()))):
            return key, []
        lines = [line for line in said.splitlines() if line.strip()]
        for names in (lines, reading.pieces(said)):
            for place, name in enumerate(names):
                if key := self.known.people.get(reading.alike(name)):
                    left = [*names[:place], *names[place + 1 :]]
                    return key, [one for one in left if self.known.people.get(reading.alike(one)) != key]
        return "", []

    def _participants(self, others: Sequence[str]) -> tuple[tuple[str, ...], str]:
        """Units of the organisation, and everybody else in words."""
        units: list[str] = []
        words: list[str] = []
        for entry in self._of(Holds.PARTICIPANTS):
            for line in self._shown(entry).splitlines():
                found, left = self._units(line)
                units += found
                words += left
        text = reading.joined([*words, *others])
        if len(text) > LONG:
            entry = next(
                self._of(holds)[0]
                for holds in (Holds.PARTICIPANTS, Holds.OWNER, Holds.DEPUTY)
                if self._of(holds)
            )
            self._keep("too_long", entry, text, length=len(text), most=LONG)
            text = ""
        return tuple(dict.fromkeys(units)), text

    def _units(self, line: str) -> tuple[list[str], list[str]]:
        if key := self.known.units.get(reading.alike(line)):
            return [key], []
        named = [(self.known.units.get(reading.alike(name)), name) for name in reading.pieces(line)]
        found = [key for key, _name in named if key]
        if not found:
            return [], [" ".join(line.split())]
        return found, [name for key, name in named if not key]

    # areas and activities
    def _areas(self) -> Iterator[str]:
        for entry in self._of(Holds.AREAS):
            for line in reading.lines(self._shown(entry)):
                if len(line) > AREA:
                    self._keep("too_long", entry, line, length=len(line), most=AREA)
                else:
                    yield line

    def _steps(self, first: date, last: date) -> Iterator[Step]:
        for entry in self._of(Holds.ACTIVITIES):
            for line in reading.lines(self._shown(entry)):
                step = self._step(line, first, last)
                if len(step.text) > LINE:
                    self._keep("too_long", entry, line, length=len(step.text), most=LINE)
                    continue
                if step.first < first or step.last > last:
                    said = {"text": as_line(step.text, 120), "first": first, "last": last}
                    self.remarks.append(self._remark("outside_measure", entry, **said))
                yield step

    def _step(self, line: str, first: date, last: date) -> Step:
        """An activity; a term and a name in brackets at its end are read as such."""
        text, _mark, bracket = line.removesuffix(")").rpartition(" (")
        if not (line.endswith(")") and text):
            return Step(line, first, last)
        when, _mark, who = bracket.partition(";")
        term = reading.term(when)
        owner = self.known.people.get(reading.alike(who), "")
        if term is None or (who.strip() and not owner):
            return Step(line, first, last)
        return Step(text, term[0] or min(first, term[1]), term[1], owner)

    # indicators
    def _seen(self) -> Iterator[Seen]:
        """One of each row; several lines of a cell are several where nothing stands beside them."""
        rows: dict[int, dict[Holds, Entry]] = {}
        for holds in (Holds.INDICATOR, *_BESIDE):
            for entry in self._of(holds):
                rows.setdefault(entry.row, {})[holds] = entry
        there: set[str] = set()
        for _row, at in sorted(rows.items()):
            name = at.pop(Holds.INDICATOR, None)
            if name is None or not self._shown(name):
                for entry in at.values():
                    self._keep("no_indicator", entry)
                continue
            said = self._shown(name)
            for one in [" ".join(said.split())] if at else reading.lines(said):
                if seen := self._named(one, name, at, there):
                    yield seen

    def _named(self, name: str, entry: Entry, at: Mapping[Holds, Entry], there: set[str]) -> Seen | None:
        """One indicator; a second of the same name, and one with too long a name, is kept as words."""
        if len(name) > NAME or reading.alike(name) in there:
            key = "too_long" if len(name) > NAME else "twice"
            self._keep(key, entry, name, length=len(name), most=NAME)
            for beside in at.values():
                self._keep("no_indicator", beside)
            return None
        there.add(reading.alike(name))
        return Seen(
            name=name,
            unit=self._beside(at.get(Holds.UNIT), UNIT),
            baseline=self._value(at.get(Holds.BASELINE)),
            target=self._value(at.get(Holds.TARGET)),
            source=self._beside(at.get(Holds.SOURCE), LINE),
        )

    def _beside(self, entry: Entry | None, most: int) -> str:
        text = " ".join(self._shown(entry).split()) if entry else ""
        if entry and len(text) > most:
            self._keep("too_long", entry, text, length=len(text), most=most)
            return ""
        return text

    def _value(self, entry: Entry | None) -> Decimal | None:
        if entry is None:
            return None
        value = reading.number(entry.cell)
        if value is None or abs(value) >= MOST_VALUE:
            self._keep("no_number", entry)
            return None
        return Decimal(reading.as_text(round(value, 6)))


def _not_kept(remark: Problem) -> Problem:
    """Of a measure that cannot be made nobody is told that its text was shortened and kept."""
    if remark.key != "text_shortened":
        return remark
    return replace(remark, key="text_too_long", params={**remark.params, "most": MOST})
