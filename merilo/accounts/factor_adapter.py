"""The second factor's hooks: what an app on the telephone shows, secrets sealed, our words."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.core import secret

PURPOSE = "second-factor"


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    """Hooks of the library for second factors."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This did not fit. Try again with a new code."),
        "cannot_generate_recovery_codes": gettext_lazy("Set up an app or a passkey first."),
    }

    def encrypt(self, text: str) -> str:
        """Nothing that opens an account is readable in the database."""
        return secret.seal(PURPOSE, text)

    def decrypt(self, encrypted_text: str) -> str:
        return secret.unseal(PURPOSE, encrypted_text)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002  the library's name
        """A name for a passkey whose person gave none."""
        return _("Passkey")

    def _get_site_name(self) -> str:
        return str(settings.PRODUCT_NAME)
