from __future__ import annotations

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Running an installation: backup, health, and the operator's room."""

    name = "merilo.ops"
    label = "ops"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_login_failed

        from merilo.core import verbs
        from merilo.ops import watching
        from merilo.ops.messages import VERBS

        user_login_failed.connect(watching.count_failed_sign_in, dispatch_uid="merilo.ops")
        verbs.contribute(VERBS)
