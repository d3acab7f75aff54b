"""What speaks for an application already, what is missing, and when one may apply."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from merilo.core.periods import Period, months_after
from merilo.feedback.rules.scheme import Item, Pillar, Scheme, Window

# What the platform can know of a self-assessment and of a plan of improvement, by code.
OF_ASSESSMENT = (
    "order",
    "schedule",
    "told",
    "group",
    "training",
    "alone",
    "evidence",
    "agreed",
    "report",
    "sent",
)
OF_PLAN = (
    "gathered",
    "prioritised",
    "plan",
    "indicators",
    "goals",
    "plan_told",
    "owners",
    "started",
    "followed",
)
KNOWN = (*OF_ASSESSMENT, *OF_PLAN)


class Standing(StrEnum):
    """How far a fact is."""

    DONE = "done"
    BEGUN = "begun"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the platform counts: `done` out of `of`, or whether at all where `of` is 1; on which day."""

    code: str
    done: int
    of: int = 1
    on: date | None = None

    @property
    def standing(self) -> Standing:
        """Done where all of it is; nothing out of nothing is missing."""
        if self.of > 0 and self.done >= self.of:
            return Standing.DONE
        return Standing.BEGUN if self.done > 0 else Standing.MISSING


@dataclass(frozen=True, slots=True)
class Readiness:
    """One item of the scheme with the facts known about it."""

    pillar: Pillar
    item: Item
    facts: tuple[Fact, ...]


def readiness(scheme: Scheme, facts: Mapping[str, Fact]) -> list[Readiness]:
    """Every item with what is known of it; a fact that nobody can tell is missing.

    Items about which the platform knows nothing are there too: the actors judge them by what they see.
    """
    return [
        Readiness(pillar, item, tuple(facts.get(code, Fact(code, 0)) for code in item.known))
        for pillar, item in scheme.items()
    ]


def missing(scheme: Scheme, facts: Mapping[str, Fact]) -> list[Fact]:
    """The facts without which nobody should apply and that are not there, in the order of the scheme.

    Of what is carried out over time it is enough that it has begun.
    """
    needed = (facts.get(code, Fact(code, 0)) for code in scheme.required)
    enough = {"started", "followed", "evidence"}
    return [
        fact
        for fact in needed
        if fact.standing == Standing.MISSING or (fact.standing == Standing.BEGUN and fact.code not in enough)
    ]


# --- when one may apply -----------------------------------------------------------------------
class Moment(StrEnum):
    """Where a day lies to a window."""

    BEFORE = "before"
    OPEN = "open"
    OVER = "over"


def window_of(window: Window, approved_on: date) -> Period:
    """The days on which one may apply, both included."""
    return Period(months_after(approved_on, window.first), months_after(approved_on, window.last))


def moment_of(period: Period, on: date) -> Moment:
    """Where a day lies to the window.

    >>> moment_of(Period(date(2026, 6, 1), date(2026, 12, 1)), date(2026, 12, 1)).value
    'open'
    """
    if on < period.first:
        return Moment.BEFORE
    return Moment.OPEN if on <= period.last else Moment.OVER
