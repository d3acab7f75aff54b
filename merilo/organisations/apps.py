from __future__ import annotations

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """Organisations, their units, members and invitations."""

    name = "merilo.organisations"
    label = "organisations"

    def ready(self) -> None:
        from merilo.accounts.api import contribute_leads, contribute_services
        from merilo.core import navigation, rounds, verbs
        from merilo.organisations import (
            contributions,
            correspondence,
            erasing,
            handing,
            notifying,
            queries,
            role_handing,
            services,
            telling,
        )
        from merilo.organisations.actions import calendars
        from merilo.organisations.messages import NOTIFICATIONS, VERBS

        verbs.contribute(VERBS)
        telling.contribute_codes(telling.own_codes)
        contribute_services(services.Source())
        contribute_leads(queries.coordinates)
        handing.contribute_kind(role_handing.KIND)
        navigation.contribute_menu(contributions.menu)
        navigation.contribute_work(contributions.work)
        for code, sentence in NOTIFICATIONS.items():
            notifying.contribute_notification(notifying.Kind(code, sentence))
        erasing.contribute_eraser(notifying.forget)
        erasing.contribute_eraser(calendars.forget)
        rounds.contribute_round(correspondence.work)
