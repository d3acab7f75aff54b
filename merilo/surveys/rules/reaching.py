"""Whether some answers lead to a text or question: tried with the few answers that make a difference."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from itertools import combinations

from merilo.surveys.rules.asking import (
    UNKNOWN,
    Day,
    Matrix,
    Multiple,
    Number,
    Ranking,
    Rating,
    Recommendation,
    Single,
    YesNo,
)
from merilo.surveys.rules.conditions import Compared, Condition, Contains, Test, Value, holds, leaves
from merilo.surveys.rules.definition import Block, Definition, Page, Question

MOST_TRIES = 20_000
MOST_OPTIONS = 8  # of one multiple choice, named in conditions
SOMETHING = "\N{WHITE QUESTION MARK ORNAMENT}"  # a text that no condition names


class _TooMany(Exception):
    """Nobody waits for an answer that takes so many tries."""


class Reaching:
    """Asks of each part of a questionnaire whether it can be reached."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        parts = [(page, part) for page in definition.pages for part in page.parts]
        self.place = {part.code: place for place, (_, part) in enumerate(parts)}
        self.page = {part.code: page for page, part in parts}
        tests = (test for condition in self._conditions() for test in leaves(condition))
        self.tests: dict[str, list[Test]] = {}
        for test in tests:
            self.tests.setdefault(test.item, []).append(test)

    def unreachable(self) -> Iterator[Question | Block]:
        """Parts that no answers lead to; where that takes too many tries, the part counts as reachable."""
        for page in self.definition.pages:
            for part in page.parts:
                if (page.show_if or part.show_if) and not self.reaches(part):
                    yield part

    def reaches(self, part: Question | Block) -> bool:
        """Whether some possible answers to what comes before make the part visible."""
        try:
            return self._search(part, shown=True) is not None
        except _TooMany:
            return True

    def way_to(self, part: Question | Block, *, shown: bool = True) -> dict[str, Value] | None:
        """Answers to `needed(part)` with which a part is shown, or is not; what they leave out is unanswered.

        None where there are no such answers, or where finding them takes too many tries.
        """
        try:
            return self._search(part, shown=shown)
        except _TooMany:
            return None

    def _search(self, part: Question | Block, *, shown: bool) -> dict[str, Value] | None:
        self.tries = 0
        return self._try(sorted(self.needed(part), key=self._order), {}, part, shown=shown)

    def _try(
        self, items: list[str], answers: dict[str, Value], part: Question | Block, *, shown: bool
    ) -> dict[str, Value] | None:
        self.tries += 1
        if self.tries > MOST_TRIES:
            raise _TooMany
        if not items:
            return answers if self._shown(part, answers) == shown else None
        item, *rest = items
        question = self.definition.owner(item)
        if not self._shown(question, answers):
            return self._try(rest, answers, part, shown=shown)
        for value in possible(question, item, self.tests.get(item, [])):
            found = self._try(rest, {**answers, item: value}, part, shown=shown)
            if found is not None:
                return found
        return None if question.required else self._try(rest, answers, part, shown=shown)

    def _shown(self, part: Question | Block, answers: dict[str, Value]) -> bool:
        return holds(self.page[part.code].show_if, answers) and holds(part.show_if, answers)

    def needed(self, part: Question | Block) -> set[str]:
        """The items that decide about a part: those of its conditions, and those that decide about them."""
        found: set[str] = set()
        waiting: list[Question | Block] = [part]
        while waiting:
            asked = waiting.pop()
            for item in _items(self.page[asked.code], asked):
                question = self.definition.owner(item)
                if item not in found and self.place[question.code] < self.place[part.code]:
                    found.add(item)
                    waiting.append(question)
        return found

    def _order(self, item: str) -> tuple[int, int]:
        question = self.definition.owner(item)
        return self.place[question.code], question.keys.index(item)

    def _conditions(self) -> Iterator[Condition]:
        for page in self.definition.pages:
            yield from (owner.show_if for owner in (page, *page.parts) if owner.show_if)


def _items(page: Page, part: Question | Block) -> Iterator[str]:
    for condition in (page.show_if, part.show_if):
        if condition is not None:
            yield from condition.items()


# --- answers that make a difference -----------------------------------------------------------
def possible(question: Question, item: str, tests: list[Test]) -> Iterator[Value]:
    """Answers to an item, one at least of each sort that the tests tell apart."""
    asked = question.asked
    named = [test.value for test in tests if isinstance(test, Compared)]
    if item not in question.items:
        yield from (*(value for value in named if isinstance(value, str)), SOMETHING)
    elif isinstance(asked, Single | Matrix):
        yield from (option.code for option in asked.options)
    elif isinstance(asked, YesNo):
        yield from (True, False)
    elif isinstance(asked, Rating | Recommendation):
        yield from range(asked.least, asked.most + 1)
        yield from (UNKNOWN,) if asked.unknown else ()
    elif isinstance(asked, Number):
        yield from _numbers(asked, [value for value in named if isinstance(value, int | Decimal)])
    elif isinstance(asked, Day):
        yield from _days(asked, [value for value in named if isinstance(value, date)])
    elif isinstance(asked, Multiple | Ranking):
        options = {test.option for test in tests if isinstance(test, Contains)}
        yield from _choices(asked, sorted(options)[:MOST_OPTIONS], required=question.required)
    else:
        yield from (*(value for value in named if isinstance(value, str)), SOMETHING)


def _numbers(asked: Number, named: list[int | Decimal]) -> Iterator[Decimal]:
    step = Decimal(1).scaleb(-asked.decimals)
    limits = [limit for limit in (asked.least, asked.most) if limit is not None] or [Decimal(0)]
    for value in (*limits, *named):
        near = Decimal(value).quantize(step, ROUND_FLOOR)
        yield from (number for number in (near, near - step, near + step) if _within(number, asked))


def _within(number: Decimal, asked: Number) -> bool:
    return (asked.least is None or asked.least <= number) and (asked.most is None or number <= asked.most)


def _days(asked: Day, named: list[date]) -> Iterator[date]:
    least, most = asked.least or date.min, asked.most or date.max
    for day in (least, most, *named):
        near = (
            date.fromordinal(min(max(day.toordinal() + step, 1), date.max.toordinal())) for step in (-1, 0, 1)
        )
        yield from (found for found in near if least <= found <= most)


def _choices(asked: Multiple | Ranking, named: list[str], *, required: bool) -> Iterator[tuple[str, ...]]:
    """Every choice among the options named in conditions, filled up with others where it is too short."""
    most = asked.most or len(asked.options)
    needed = (most if required else 1) if isinstance(asked, Ranking) else (asked.least or 1)
    alone = {option.code for option in asked.options if option.role == "none"}
    others = [option.code for option in asked.options if option.code not in {*named, *alone}]
    for code in alone:
        yield (code,)
    free = [code for code in named if code not in alone]
    for size in range(len(free) + 1):
        for chosen in combinations(free, size):
            filled = (*chosen, *others[: max(needed - size, 0)])
            if needed <= len(filled) <= most:
                yield filled
