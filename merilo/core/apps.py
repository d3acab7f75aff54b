from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    """Audit, files, mail, limits and the registries through which rooms contribute upward."""

    name = "merilo.core"
    label = "core"

    def ready(self) -> None:
        from merilo.core import audit, checks, mail, rounds, verbs  # noqa: F401  registers the system checks

        verbs.contribute({audit.ERASED: _("erased details of the record")} | mail.VERBS)
        rounds.contribute_round(mail.deliver_again)
