"""What the columns of somebody's plan hold, guessed from their headings in Bulgarian or English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

from merilo.core.cells import Grid, shown

WITHIN = 30  # rows in which the headings are looked for


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
    (Holds.WORDS, r"\bлв|bgn|лева"),
    (Holds.EURO, r"евро|\beur|€"),
    (Holds.HOURS, r"човекочас|работни часове|^часове|\bhours"),
    (Holds.WORDS, r"ресурс|бюджет|средства|resources|budget"),
    (Holds.INDICATOR, r"индикатор|показател|indicator|критери\w+ за (успех|изпълнение)"),
    (Holds.CODES, r"критери|criteri"),
    (Holds.AREAS, r"област|слаб\w+ стран|констатаци|проблем|areas? for impr|weakness"),
    (Holds.FIRST, r"начал|\bbegin|\bstart|^от$|^from$"),
    (Holds.LAST, r"кра(й|ен|йна)|\bends?\b|deadline|finish|^до$|^(to|until)$"),
    (Holds.TERM, r"срок|период|график|\bterm\b|period|timeline|\bwhen\b|време за"),
    (Holds.OWNER, r"отговор|изпълнител|owner|responsib|\bwho\b"),
    (Holds.PARTICIPANTS, r"участни|партньор|звен[оа]|participant|partners|units"),
    (Holds.RISKS, r"риск|допускан|\brisk"),
    (Holds.GOALS, r"(стратегическ|оперативн)\w* цел|цели на организ|\bgoals\b|strategic"),
    (Holds.OBJECTIVE, r"^цел|цел на|очакван|objective|\bgoal\b|\baim\b|expected"),
    (Holds.KIND, r"^(вид|тип)\b|^(kind|type)\b"),
    (Holds.ACTIVITIES, r"дейност|стъпк|activit|\bsteps"),
    (Holds.TEXT, r"мярка|мерки|measure|действи|инициатив|предложени|\baction|improvement"),
    (Holds.NOTE, r"обясн|забележ|коментар|бележ|описани|explanation|\bnotes?\b|comment|descri"),
)
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
    """The row of the headings: the one that says most; None where no row names a measure and more."""
    rows = range(min(WITHIN, len(grid.rows)))
    best = max(rows, key=lambda row: len(_distinct(grid, row, known)), default=0)
    found = _distinct(grid, best, known) if grid.rows else set()
    return best if len(found) > 1 and found & {Holds.TEXT, Holds.ACTIVITIES} else None


def _distinct(grid: Grid, row: int, known: Mapping[str, Holds]) -> set[Holds]:
    """What the short texts of a row could be headings of."""
    return {
        holds
        for cell in grid.rows[row]
        if isinstance(cell, str) and len(cell) < 80 and (holds := guess(cell, known)) is not None
    }


def holdings(grid: Grid, head: int | None, known: Mapping[str, Holds]) -> dict[int, Holds]:
    """What each column is guessed to hold, by its place; only words may stand in several columns."""
    if head is None:
        return {_widest(grid): Holds.TEXT} if width(grid) else {}
    found: dict[int, Holds] = {}
    for place in range(len(grid.rows[head])):
        holds = guess(shown(grid.at(head, place)), known)
        if holds is not None and (holds is Holds.WORDS or holds not in found.values()):
            found[place] = holds
    if Holds.TEXT not in found.values():
        found |= {place: Holds.TEXT for place, holds in found.items() if holds is Holds.ACTIVITIES}
    return found


def width(grid: Grid) -> int:
    """How many columns a sheet has."""
    return max((len(row) for row in grid.rows), default=0)


def _widest(grid: Grid) -> int:
    """The column with the longest texts: of a table without headings it holds the measures."""
    return max(range(width(grid)), key=lambda place: sum(len(text) for text in _texts(grid, place)))


def _texts(grid: Grid, place: int) -> Iterator[str]:
    for row in range(len(grid.rows)):
        yield shown(grid.at(row, place))
