"""Reads of accounts for those who run the platform: names and addresses, nothing that anybody did."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from merilo.accounts.models import Person


def people(*, text: str = "") -> QuerySet[Person]:
    """Everybody who has an account, by name, filtered by a part of name or address."""
    found = Person.objects.filter(erased_at=None).order_by("name", "pk")
    if not text:
        return found
    # SQLite folds the case of Latin letters only; all spellings cover what people type.
    condition = Q()
    for word in {text, text.capitalize(), text.title(), text.lower(), text.upper()}:
        condition |= Q(name__icontains=word) | Q(email__icontains=word)
    return found.filter(condition)


def person(pk: UUID) -> Person:
    """One account. Errors: Person.DoesNotExist, also for an erased one."""
    return Person.objects.get(pk=pk, erased_at=None)


def operators() -> QuerySet[Person]:
    """Those who run this platform and may sign in."""
    return Person.objects.filter(is_operator=True, is_active=True).order_by("name", "pk")


def names_of(ids: Iterable[str]) -> dict[str, str]:
    """How people call themselves, by id; who was erased is left out. One query."""
    known = [UUID(pk) for pk in set(ids) if _is_id(pk)]
    return {str(found.pk): str(found) for found in Person.objects.filter(pk__in=known, erased_at=None)}


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
