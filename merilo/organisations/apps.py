from __future__ import annotations

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisations, their units, members and invitations."""

    name = "merilo.organisations"
    label = "organisations"

    def ready(self) -> None:
        from merilo.core import navigation, verbs
        from merilo.organisations import contributions, handing, role_handing, telling
        from merilo.organisations.messages import VERBS

        verbs.contribute(VERBS)
        telling.contribute_codes(telling.own_codes)
        handing.contribute_kind(role_handing.KIND)
        navigation.contribute_menu(contributions.menu)
        navigation.contribute_work(contributions.work)
