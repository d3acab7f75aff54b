"""What the columns of somebody's plan hold, guessed from their headings in Bulgarian or English."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from enum import StrEnum

from merilo.core.cells import Cell, Grid, shown
from merilo.improvement.rules.reading import number, term

WITHIN = 30  # rows in which the headings are looked for
SAMPLE = 100  # rows below a heading that say what its column holds
LONGEST = 80  # characters of a heading


class Holds(StrEnum):
    """What a column can hold; `WORDS` goes into the explanation together with its heading."""

    NUMBER = "number"
    TEXT = "text"
    CODES = "codes"
    AREAS = "areas"
    KIND = "kind"
    OBJECTIVE = "objective"
    GOALS = "goals"
    NOTE = "note"
    ACTIVITIES = "activities"
    OWNER = "owner"
    DEPUTY = "deputy"
    PARTICIPANTS = "participants"
    TERM = "term"
    FIRST = "first"
    LAST = "last"
    HOURS = "hours"
    EURO = "euro"
    FUNDING = "funding"
    INDICATOR = "indicator"
    UNIT = "unit"
    BASELINE = "baseline"
    TARGET = "target"
    SOURCE = "source"
    RISKS = "risks"
    WORDS = "words"


_DIGIT = re.compile(r"\d")
# Money that is no euro, or thousands of them.
_NOT_EURO = r"\bлв|bgn|лева|\bхил|\bмлн|\bдолар|usd|\$|thousand|million"
# Tried in this order: what says more stands first.
_SIGNS = (
    (Holds.NUMBER, r"^(№|no\.?|n[or]|#|номер|number|no)(?=$|\W*(по ред|на мярката)$)"),
    (Holds.DEPUTY, r"заместн|deputy"),
    (Holds.UNIT, r"мерна|мярка на измерване|unit of meas|^unit$|^единица"),
    (Holds.BASELINE, r"базов|изходна стойност|начална стойност|baseline"),
    (Holds.TARGET, r"целева|крайна стойност|\btarget"),
    (
        Holds.SOURCE,
        r"източник на (данни|инф)|средства за пров|data source|source of (the )?(data|info|ver)",
    ),
    (Holds.FUNDING, r"източник|финансир|funding|source of the money|money comes"),
    (Holds.WORDS, _NOT_EURO),
    (Holds.EURO, r"евро|\beur|€"),
    (Holds.HOURS, r"човекочас|работни часове|^часове|\bhours"),
    (Holds.WORDS, r"ресурс|бюджет|средства|resources|budget"),
    (Holds.INDICATOR, r"индикатор|показател|indicator|критери\w+ за (успех|изпълнение)"),
    (Holds.CODES, r"критери|criteri"),
    (Holds.AREAS, r"област|слаб\w+ стран|констатаци|проблем|areas? for impr|weakness"),
    (Holds.FIRST, r"начал|\bbegin|\bstart|^от$|^from$"),
    (Holds.LAST, r"кра(й|ен|йна)|\bends?\b|deadline|finish|^до$|^(to|until)$"),
    (Holds.TERM, r"срок|период|график|^кога\b|\bterm\b|period|timeline|\bwhen\b|време за"),
    (Holds.OWNER, r"отговор|изпълнител|^ко[йи]\b|owner|responsib|\bwho\b"),
    (Holds.PARTICIPANTS, r"участни|партньор|звен[оа]|participant|partners|units"),
    (Holds.RISKS, r"риск|допускан|\brisk"),
    (Holds.GOALS, r"(стратегическ|оперативн)\w* цел|цели на организ|\bgoals\b|strategic"),
    (Holds.OBJECTIVE, r"^цел|цел на|очакван|objective|\bgoal\b|\baim\b|expected"),
    (Holds.KIND, r"^(вид|тип)\b|^(kind|type)\b"),
    (Holds.ACTIVITIES, r"дейност|стъпк|activit|\bsteps"),
    (
        Holds.TEXT,
        r"мярка|мерки|measure|действи|инициатив|предложени|^какво ще|\baction|improvement|^what will",
    ),
    (Holds.NOTE, r"обясн|забележ|коментар|бележ|описани|explanation|\bnotes?\b|comment|descri"),
)
# In euro, where its cells are numbers and nothing else is said.
_MONEY = re.compile(r"бюджет|средства|budget")
_TOLD = tuple((holds, re.compile(pattern)) for holds, pattern in _SIGNS)
# How it stands is said while the plan is carried out, and points are given by the group.
_PASSED = re.compile(
    r"статус|състояние|изпълнени[ея] ?(,|в|%|$)|отчет|въздейств|изпълнимост|приоритет|извършено"
    r"|state\b|status|progress|carried out|report|impact|feasibility|priority"
)


def guess(heading: str, known: Mapping[str, Holds]) -> Holds | None:
    """What a column with this heading holds; `known` are our own headings in small letters.

    >>> guess("Отговорно лице", {}), guess("Срок за изпълнение", {}), guess("Статус", {})
    (<Holds.OWNER: 'owner'>, <Holds.TERM: 'term'>, None)
    """
    text = " ".join(heading.casefold().split())
    if text in known:
        return known[text]
    if _PASSED.match(text):
        return None
    return next((holds for holds, pattern in _TOLD if pattern.search(text)), None)


def head_of(grid: Grid, known: Mapping[str, Holds]) -> int | None:
    """The row of the headings: the one that says most; of two rows that belong together the lower one.

    None where no row names a measure and more, or looks like headings of what stands below it.
    """
    rows = range(min(WITHIN, len(grid.rows)))
    best = max(rows, key=lambda row: len(_distinct(grid, row, known)), default=0)
    found = _distinct(grid, best, known) if grid.rows else set()
    if len(found) > 1 and found & {Holds.TEXT, Holds.ACTIVITIES}:
        return lowest(grid, best)
    likely = {row: _likeness(grid, row, known) for row in rows}
    best = max(rows, key=lambda row: likely[row], default=0)
    return lowest(grid, best) if likely.get(best) else None


def _distinct(grid: Grid, row: int, known: Mapping[str, Holds]) -> set[Holds]:
    """What the short texts of a row, with a row that belongs to it, could be headings of."""
    texts = headings(grid, row)
    above = is_below(grid, row)
    return {
        holds
        for place, text in enumerate(texts)
        if (_is_short(grid.at(row, place)) or (above and _is_short(grid.at(row - 1, place))))
        if (holds := guess(text, known)) is not None
    }


def _is_short(cell: Cell) -> bool:
    return isinstance(cell, str) and 0 < len(cell) < LONGEST


def _likeness(grid: Grid, row: int, known: Mapping[str, Holds]) -> int:
    """How much a row looks like headings: three texts or more above days and figures; 0 where it does not."""
    filled = [place for place in range(width(grid)) if shown(grid.at(row, place))]
    if len(filled) < 3 or not all(_is_word(grid.at(row, place)) for place in filled):
        return 0
    figures = sum(_is_of(_is_figure, grid, row, place) for place in filled)
    named = len(_distinct(grid, row, known)) if figures else 0
    return 3 * named + figures if figures > 1 or (figures and named) else 0


def _is_word(cell: Cell) -> bool:
    return _is_short(cell) and not _is_figure(cell)


def _is_figure(cell: Cell) -> bool:
    is_likely = not isinstance(cell, str) or _DIGIT.search(cell)  # a quick look before a thorough one
    return bool(is_likely) and (number(cell) is not None or term(cell) is not None)


def _is_of(sort: Callable[[Cell], bool], grid: Grid, head: int, place: int) -> bool:
    """Whether all filled cells below a heading are of a sort; the first ones of a long table say it."""
    rows = range(head + 1, min(head + 1 + SAMPLE, len(grid.rows)))
    cells = (cell for row in rows if shown(cell := grid.at(row, place)))
    first = next(cells, "")
    return first != "" and sort(first) and all(map(sort, cells))


# --- two rows of headings -------------------------------------------------------------------------
def lowest(grid: Grid, head: int) -> int:
    """The row below a row of headings where it says more of them, else this one."""
    return head + 1 if is_below(grid, head + 1) else head


def is_below(grid: Grid, row: int) -> bool:
    """Whether a row names the columns under wider headings: all its texts stand under such.

    Two of them are known, or one where the heading above is joined over its columns.
    """
    if not 0 < row < len(grid.rows):
        return False
    places = {place for place in range(width(grid)) if shown(grid.at(row, place))}
    if not places or not all(_is_word(grid.at(row, place)) for place in places):
        return False
    aside = any(shown(grid.at(row - 1, place)) for place in range(width(grid)) if place not in places)
    if not aside or not all(_is_under_wide(grid, row - 1, place, places) for place in places):
        return False
    named = sum(guess(shown(grid.at(row, place)), {}) is not None for place in places)
    joined = any(
        top == row - 1 == bottom and left < right and {left, right} <= places
        for top, left, bottom, right in grid.merged
    )
    return named > (0 if joined else 1)


def _is_under_wide(grid: Grid, row: int, place: int, below: Collection[int]) -> bool:
    """Whether a heading stands over this column and others that are named below it."""
    begin = place
    while begin in below and not shown(grid.at(row, begin)):
        begin -= 1
    return begin in below and begin + 1 in below and not shown(grid.at(row, begin + 1))


def headings(grid: Grid, head: int | None) -> list[str]:
    """What each column is called; of two rows the lower one says it, the upper one helps where needed."""
    if head is None:
        return [""] * width(grid)
    own = [" ".join(shown(grid.at(head, place)).split()) for place in range(width(grid))]
    if not is_below(grid, head):
        return own
    return [_under(grid, head - 1, place, text) for place, text in enumerate(own)]


def _under(grid: Grid, row: int, place: int, own: str) -> str:
    """The heading of a column with a row above; without words of its own that of its own column."""
    if own and guess(own, {}):
        return own
    begin = place
    while own and begin and not shown(grid.at(row, begin)):
        begin -= 1
    return " – ".join(filter(None, (" ".join(shown(grid.at(row, begin)).split()), own)))


# --- what columns hold ----------------------------------------------------------------------------
def holdings(grid: Grid, head: int | None, known: Mapping[str, Holds]) -> dict[int, Holds]:
    """What each column is guessed to hold, by its place; only words may stand in several columns."""
    if head is None:
        return {_widest(grid, 0, range(width(grid))): Holds.TEXT} if width(grid) else {}
    names = headings(grid, head)
    found: dict[int, Holds] = {}
    for place, name in enumerate(names):
        holds = guess(name, known)
        if holds is not None and (holds is Holds.WORDS or holds not in found.values()):
            found[place] = holds
    if Holds.EURO not in found.values():
        words = (place for place, holds in found.items() if holds is Holds.WORDS)
        money = [place for place in words if _is_money(grid, head, place, names[place].casefold())]
        found |= dict.fromkeys(money[:1], Holds.EURO)
    if Holds.TEXT not in found.values():
        found |= {place: Holds.TEXT for place, holds in found.items() if holds is Holds.ACTIVITIES}
    if Holds.TEXT not in found.values():
        left = [place for place, name in enumerate(names) if place not in found and not _is_passed(name)]
        found |= _words_left(grid, head, left)
    return found


def _is_money(grid: Grid, head: int, place: int, name: str) -> bool:
    """Whether a column of numbers is called a budget, and not in another currency."""
    is_euro = _MONEY.search(name) and not re.search(_NOT_EURO, name)
    return bool(is_euro) and _is_of(lambda cell: number(cell) is not None, grid, head, place)


def _words_left(grid: Grid, head: int, places: Iterable[int]) -> dict[int, Holds]:
    """Where no heading names the measures they are the longest texts of which nothing is known."""
    left = [place for place in places if not _is_of(_is_figure, grid, head, place)]
    return {_widest(grid, head + 1, left): Holds.TEXT} if left else {}


def _is_passed(name: str) -> bool:
    return _PASSED.match(name.casefold()) is not None


def width(grid: Grid) -> int:
    """How many columns a sheet has."""
    return max((len(row) for row in grid.rows), default=0)


def _widest(grid: Grid, begin: int, places: Iterable[int]) -> int:
    """The column with the longest texts: where no heading says it, it holds the measures."""
    return max(places, key=lambda place: sum(len(text) for text in _texts(grid, begin, place)))


def _texts(grid: Grid, begin: int, place: int) -> Iterator[str]:
    for row in range(begin, len(grid.rows)):
        yield shown(grid.at(row, place))
