from __future__ import annotations

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    """Indicators of an organisation and their values."""

    name = "merilo.indicators"
    label = "indicators"

    def ready(self) -> None:
        from merilo.core import navigation, offers, references, verbs
        from merilo.indicators import contributions, pointing, telling
        from merilo.organisations import api as organisations

        navigation.contribute_menu(contributions.menu)
        verbs.contribute(contributions.VERBS)
        organisations.contribute_names(telling.names)
        organisations.contribute_codes(telling.codes)
        references.contribute_kind(pointing.KIND)
        offers.contribute_receiver(pointing.RECEIVER)
