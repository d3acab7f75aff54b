"""Writes: areas and ideas are brought together, given a theme, set aside, split, reworded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict
from merilo.core.likeness import most_typical
from merilo.improvement.actions.plans import next_number, require_edit
from merilo.improvement.actions.ticked import Ticked, held
from merilo.improvement.models import Item, Plan, Proposal, Theme
from merilo.improvement.rules.wording import as_line
from merilo.organisations.api import Viewer, record


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What is typed of an area or idea."""

    kind: str
    code: str
    text: str
    origin: str = ""

    def columns(self) -> dict[str, Any]:
        """The facts by the names of their columns."""
        return {"kind": self.kind, "code": self.code, "text": self.text, "origin": self.origin}


def bring_together(
    *, viewer: Viewer, plan: Plan, ticked: Sequence[Ticked], text: str = "", at: datetime
) -> Proposal:
    """Begin a proposal of what is ticked; without words of its own it has those of the most typical one.

    What lay in another proposal or was set aside comes along. Errors: Refused, MeriloError (see `held`).
    """
    require_edit(viewer, plan)
    with transaction.atomic():
        items = held(Item.objects.filter(plan=plan), ticked)
        themes = {item.theme_id for item in items}
        proposal = Proposal.objects.create(
            plan=plan,
            number=next_number(plan, Proposal),
            text=text or as_line(items[[one.pk for one in items].index(_typical(items))].text),
            theme_id=themes.pop() if len(themes) == 1 else None,
        )
        _move(items, proposal=proposal)
        record(viewer, "plan.brought_together", proposal, _told(items) | {"text": proposal.text}, at=at)
    return proposal


def _typical(items: Sequence[Item]) -> Any:
    return most_typical({item.pk: item.text for item in items})


def each_alone(*, viewer: Viewer, plan: Plan, ticked: Sequence[Ticked], at: datetime) -> int:
    """Begin a proposal of each that is ticked, in its own words; how many. Errors: Refused, MeriloError."""
    require_edit(viewer, plan)
    with transaction.atomic():
        items = held(Item.objects.filter(plan=plan), ticked)
        number = next_number(plan, Proposal)
        made = [
            Proposal(plan=plan, number=number + place, text=as_line(item.text), theme_id=item.theme_id)
            for place, item in enumerate(items)
        ]
        Proposal.objects.bulk_create(made)
        for item, proposal in zip(items, made, strict=True):
            item.proposal, item.aside, item.version = proposal, "", item.version + 1
        Item.objects.bulk_update(items, ["proposal", "aside", "version"])
        record(viewer, "plan.proposals_begun", plan, _told(items) | {"first": number}, at=at)
    return len(made)


def put_into(*, viewer: Viewer, proposal: Proposal, ticked: Sequence[Ticked], at: datetime) -> int:
    """Put what is ticked into a proposal; how many that were. Errors: Refused, MeriloError."""
    require_edit(viewer, proposal.plan)
    with transaction.atomic():
        items = held(Item.objects.filter(plan_id=proposal.plan_id), ticked)
        _move(items, proposal=proposal)
        record(viewer, "plan.put_into", proposal, _told(items), at=at)
    return len(items)


def give_theme(*, viewer: Viewer, plan: Plan, ticked: Sequence[Ticked], name: str, at: datetime) -> int:
    """Give what is ticked a theme, a new one if there is none of this name; without a name take it off."""
    require_edit(viewer, plan)
    with transaction.atomic():
        items = held(Item.objects.filter(plan=plan), ticked)
        _change(items, theme=theme_named(plan, name))
        record(viewer, "plan.themed", plan, _told(items) | {"theme": name}, at=at)
    return len(items)


def theme_named(plan: Plan, name: str) -> Theme | None:
    """The theme of this name, made where there is none; None for no name."""
    if not name:
        return None
    # Compared here: not every database knows the small letters of other scripts than Latin.
    same = (one for one in plan.themes.all() if one.name.casefold() == name.casefold())
    return next(same, None) or Theme.objects.create(plan=plan, name=name)


def set_aside(*, viewer: Viewer, plan: Plan, ticked: Sequence[Ticked], reason: str, at: datetime) -> int:
    """Leave what is ticked out of the plan, with the reason; it leaves its proposal too."""
    require_edit(viewer, plan)
    with transaction.atomic():
        items = held(Item.objects.filter(plan=plan), ticked)
        _move(items, aside=reason)
        record(viewer, "plan.set_aside", plan, _told(items) | {"reason": reason}, at=at)
    return len(items)


def take_back(*, viewer: Viewer, plan: Plan, ticked: Sequence[Ticked], at: datetime) -> int:
    """What is ticked waits again, whether it lay in a proposal or was set aside."""
    require_edit(viewer, plan)
    with transaction.atomic():
        items = held(Item.objects.filter(plan=plan), ticked)
        _move(items)
        record(viewer, "plan.taken_back", plan, _told(items), at=at)
    return len(items)


def _move(items: Sequence[Item], *, proposal: Proposal | None = None, aside: str = "") -> None:
    _change(items, proposal=proposal, aside=aside)


def _change(items: Sequence[Item], **columns: Any) -> None:
    rows = Item.objects.filter(pk__in=[item.pk for item in items])
    rows.update(version=F("version") + 1, **columns)


def _told(items: Sequence[Item]) -> dict[str, Any]:
    return {"items": [item.number for item in items]}


# --- one of them ------------------------------------------------------------------------------
def add_item(*, viewer: Viewer, plan: Plan, facts: ItemFacts, at: datetime) -> Item:
    """Add one that no self-assessment found. Errors: Refused."""
    require_edit(viewer, plan)
    with transaction.atomic():
        number = next_number(plan, Item)
        item = Item.objects.create(plan=plan, number=number, **facts.columns())
        record(viewer, "plan.item_added", item, {"number": number, "text": item.text}, at=at)
    return item


def change_item(*, viewer: Viewer, item: Item, facts: ItemFacts, version: int, at: datetime) -> None:
    """Reword one. Errors: Refused, Conflict."""
    require_edit(viewer, item.plan)
    with transaction.atomic():
        _update(item, version, **facts.columns())
        record(viewer, "plan.item_changed", item, {"before": item.text, "text": facts.text}, at=at)


def split_item(*, viewer: Viewer, item: Item, parts: Sequence[str], version: int, at: datetime) -> list[Item]:
    """Make several of one: it keeps its place and the first part, the others wait, with the same source.

    Errors: Refused, Conflict.
    """
    require_edit(viewer, item.plan)
    first, *others = parts
    with transaction.atomic():
        _update(item, version, text=first)
        number = next_number(item.plan, Item)
        made = Item.objects.bulk_create(
            Item(
                plan=item.plan,
                number=number + place,
                kind=item.kind,
                code=item.code,
                text=text,
                origin=item.origin,
                source_id=item.source_id,
                statement=item.statement,
                split_from=item,
                theme_id=item.theme_id,
            )
            for place, text in enumerate(others)
        )
        record(viewer, "plan.item_split", item, {"before": item.text, "parts": list(parts)}, at=at)
    return made


def _update(item: Item, version: int, **columns: Any) -> None:
    if not Item.objects.filter(pk=item.pk, version=version).update(version=version + 1, **columns):
        raise Conflict(_("Somebody else has changed this in the meantime."))
