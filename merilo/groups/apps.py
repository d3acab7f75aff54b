from __future__ import annotations

from django.apps import AppConfig


class GroupsConfig(AppConfig):
    """Groups by order, and the record of their trainings, meetings and briefings."""

    name = "merilo.groups"
    label = "groups"

    def ready(self) -> None:
        from merilo.core import verbs
        from merilo.groups import erasing, telling
        from merilo.groups.messages import VERBS
        from merilo.organisations.api import contribute_codes, contribute_eraser, contribute_names

        verbs.contribute(VERBS)
        contribute_eraser(erasing.forget)
        contribute_codes(telling.codes)
        contribute_names(telling.names)
