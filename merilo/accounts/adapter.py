"""How sign-in works here: limits that hold across processes, and who may make an account."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from merilo.core import limits, requests

# Failed sign-ins: per account and per network. A network is looser, a town hall has one address.
PER_ACCOUNT = {"most": 5, "seconds": 15 * 60}
PER_NETWORK = {"most": 20, "seconds": 3600}
MAILS_PER_ADDRESS = {"most": 5, "seconds": 3600}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Hooks of the sign-in library."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Anybody may make an account only where founding an organisation is open to anybody."""
        return bool(settings.FOUNDING == "open")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse before the password is looked at when account or network used up their attempts."""
        limits.refuse_if_full("sign-in", credentials.get("email", ""), **PER_ACCOUNT)
        limits.refuse_if_full("sign-in-network", requests.origin(), **PER_NETWORK)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the failure, and refuse from now on when it was the last one allowed."""
        limits.hit("sign-in-network", requests.origin(), **PER_NETWORK)
        limits.hit("sign-in", credentials.get("email", ""), **PER_ACCOUNT)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> Any:
        limits.forget("sign-in", getattr(user, "email", ""))
        return super().post_login(request, user, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        limits.hit("account-mail", email, **MAILS_PER_ADDRESS)
        super().send_mail(template_prefix, email, context)
