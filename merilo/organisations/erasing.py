"""Who is erased is forgotten by name in every room: each contributes how, in `AppConfig.ready`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from django.apps import apps
from django.db import models

from merilo.organisations.models import Membership


@dataclass(frozen=True, slots=True)
class Erased:
    """One place of somebody who is erased: the membership, the names it is known by, the words instead."""

    member: Membership
    names: frozenset[str]
    instead: str


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whom an organisation knew by name and address without their being a member."""

    organisation: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text that people wrote: which table, field and row. A person has to decide about it."""

    table: str
    field: str
    row: str


Eraser = Callable[[Erased], None]
AddressEraser = Callable[[Collection[str]], Collection[Known]]
_erasers: list[Eraser] = []
_address_erasers: list[AddressEraser] = []


def contribute_eraser(eraser: Eraser) -> None:
    """`eraser(erased)` blanks what its room keeps of the person by name, in the erasing transaction."""
    _erasers.append(eraser)


def contribute_address_eraser(eraser: AddressEraser) -> None:
    """`eraser(addresses)` blanks what its room keeps of people who are no members; answers who they were."""
    _address_erasers.append(eraser)


def forget_addresses(addresses: Collection[str]) -> set[Known]:
    """Let every room forget whoever it knows by one of the addresses alone; answers who they were."""
    return {known for eraser in _address_erasers for known in eraser(addresses)}


def forget_everywhere(erased: Erased) -> None:
    """Let every room forget."""
    for eraser in _erasers:
        eraser(erased)


def mentions_of(names: Collection[str]) -> list[Mention]:
    """Every row of every table in whose texts one of the names stands, letter by letter and as a word."""
    if not names:
        return []
    wanted = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names))
    fields = [(model, field) for model in apps.get_models() for field in model._meta.concrete_fields]
    return [found for model, field in fields for found in _mentions(model, field, wanted)]


def _mentions(
    model: type[models.Model], field: models.Field[object, object], wanted: re.Pattern[str]
) -> Iterator[Mention]:
    if not isinstance(field, models.CharField | models.TextField | models.JSONField):
        return
    rows = model._default_manager.order_by("pk").values_list("pk", field.attname)  # noqa: SLF001  Django's name
    for pk, value in rows.iterator():
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        if wanted.search(text):
            yield Mention(model._meta.label, field.name, str(pk))
