"""Who runs this platform: one-line predicates."""

from __future__ import annotations

from django.utils.translation import gettext as _

from merilo.accounts.models import Person
from merilo.core.errors import Refused


def is_operator(person: Person) -> bool:
    """Whether the person runs this platform."""
    return person.is_active and person.is_operator


def require_operator(person: Person) -> None:
    """Raise Refused (403) unless the person runs this platform."""
    if not is_operator(person):
        raise Refused(_("Only operators of this platform may do this."))
