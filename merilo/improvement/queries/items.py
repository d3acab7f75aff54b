"""What a plan gathered, as its pages show it; the plan was reached through its viewer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from merilo.core.likeness import groups, most_typical
from merilo.core.stems import matches, wanted
from merilo.improvement.models import Item, Plan, Theme
from merilo.improvement.queries.titles import Titles
from merilo.improvement.rules.wording import as_line

WAITING, TOGETHER, ASIDE = "waiting", "together", "aside"


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of items is narrowed to; empty means all. `state` is one of the three above."""

    text: str = ""
    kind: str = ""
    criterion: str = ""
    theme: str = ""
    state: str = ""


def state_of(item: Item) -> str:
    """Whether an item waits, lies in a proposal or was set aside."""
    if item.proposal_id is not None:
        return TOGETHER
    return ASIDE if item.aside else WAITING


def items_of(plan: Plan) -> QuerySet[Item]:
    """All, by number, with everything their row shows. One query."""
    return plan.items.select_related("theme", "proposal", "source__assessment")


def counted(items: Sequence[Item]) -> dict[str, int]:
    """How many there are in each state."""
    found = Counter(map(state_of, items))
    return {state: found[state] for state in (WAITING, TOGETHER, ASIDE)}


def narrowed(items: Sequence[Item], filters: Filters, titles: Titles) -> list[Item]:
    """The items that fit all filters; words are found in any of their forms, a number alone its item too."""
    sought = wanted(filters.text) if filters.text else frozenset()
    number = number_in(filters.text)
    return [
        item
        for item in items
        if (not filters.state or state_of(item) == filters.state)
        and (not filters.kind or item.kind == filters.kind)
        and (not filters.criterion or titles.criterion_of(item.code) == filters.criterion)
        and (not filters.theme or str(item.theme_id or "none") == filters.theme)
        and (not sought or item.number == number or matches(item.text, sought))
    ]


def number_in(text: str) -> int | None:
    """The number that a search names and nothing else: "12", "№ 12"."""
    digits = text.strip().removeprefix("№").strip()
    return int(digits) if digits.isdecimal() and len(digits) < 6 else None


def item_in(plan: Plan, pk: UUID) -> Item:
    """One item of the plan. Errors: Item.DoesNotExist."""
    return items_of(plan).select_related("split_from").get(pk=pk)


def themes_of(plan: Plan) -> QuerySet[Theme]:
    """The themes by name. One query."""
    return Theme.objects.filter(plan=plan)


# --- what seems to belong together ------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Alike:
    """Items that say nearly the same, and a wording to begin with."""

    items: tuple[Item, ...]
    wording: str

    @property
    def key(self) -> str:
        """A name for the parts of its form."""
        return str(self.items[0].number)


def alike_in(items: Sequence[Item]) -> Iterator[Alike]:
    """Waiting items that belong together, the largest groups first."""
    waiting = {item.pk: item for item in items if state_of(item) == WAITING}
    found = groups({pk: item.text for pk, item in waiting.items()})
    for group in sorted(found, key=len, reverse=True):
        members = tuple(waiting[pk] for pk in group)
        typical = most_typical({item.pk: item.text for item in members})
        yield Alike(members, as_line(waiting[typical].text))
