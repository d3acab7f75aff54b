"""Who looks: a person acting in one organisation. Every query and action takes a viewer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _

from merilo.core.errors import Refused

if TYPE_CHECKING:
    from merilo.accounts.api import Person
    from merilo.organisations.models import Membership, Organisation


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person with a membership in the organisation in which they act now."""

    person: Person
    organisation: Organisation
    membership: Membership
    permissions: frozenset[str] = field(default_factory=frozenset)
    unread: int = 0  # notifications

    @property
    def person_id(self) -> UUID:
        return self.person.pk

    @property
    def organisation_id(self) -> UUID:
        return self.organisation.pk

    def can(self, permission: str) -> bool:
        """Whether one of the viewer's roles gives the permission."""
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Raise Refused (403) unless the viewer has the permission."""
        if not self.can(permission):
            raise Refused(_("Your role does not allow this. Ask the coordinator of your organisation."))
