"""How sign-in works here: limits that hold across processes, who may make an account, and our words."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from merilo.accounts.signing_in import may_sign_up
from merilo.core import limits, mail, requests
from merilo.core.errors import TooMany
from merilo.core.limits import Rate

# Failed sign-ins. An account is closed to the network that fails, so that its person can still come in
# from another one; only very many failures from everywhere close it to all. A network is looser, because
# a town hall has one address.
PER_ACCOUNT_HERE: Rate = {"most": 5, "seconds": 15 * 60}
PER_ACCOUNT: Rate = {"most": 50, "seconds": 3600}
PER_NETWORK: Rate = {"most": 50, "seconds": 3600}
MAILS_PER_ADDRESS: Rate = {"most": 5, "seconds": 3600}
MAILS_PER_NETWORK: Rate = {"most": 100, "seconds": 3600}
CONFIRMED_ADDRESS = "allauth.account.stages.EmailVerificationStage"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Hooks of the sign-in library."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is suspended."),
        "email_password_mismatch": _("E-mail address or password is not right. Check both and try again."),
        "enter_current_password": _("This is not your present password."),
        "invalid_password_reset": _("This link is not valid any more. Ask for a new one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether anybody may make an account unasked."""
        return may_sign_up()

    def get_login_stages(self) -> list[str]:
        """What signing in asks beside the password: a confirmed address, where a mail can confirm it."""
        stages: list[str] = super().get_login_stages()
        return [stage for stage in stages if stage != CONFIRMED_ADDRESS or mail.has_server()]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse before the password is looked at when account or network used up their attempts."""
        for what, whom, limit in _attempts(credentials):
            limits.refuse_if_full(what, whom, most=limit["most"])

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the failure for the account and the network."""
        for what, whom, limit in _attempts(credentials):
            limits.hit(what, whom, **limit)

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> Any:
        """Forget this network's failures with the account; those from elsewhere stay counted."""
        limits.forget("sign-in-here", _here(getattr(user, "email", "")))
        return super().post_login(request, user, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a mail, a few an hour to one address, known here or not, and some for one network."""
        limits.hit("account-mail", email, **MAILS_PER_ADDRESS)
        limits.hit("account-mail-network", requests.origin(), **MAILS_PER_NETWORK)
        super().send_mail(template_prefix, email, context)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Tell somebody what was done with the account; what was done stays done without the mail."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except TooMany:
            return

    def get_client_ip(self, request: HttpRequest) -> str:
        """The neighbourhood of the request's network, which may be unknown; it is kept with sessions."""
        return requests.neighbourhood(requests.origin())


def _attempts(credentials: dict[str, Any]) -> list[tuple[str, str, Rate]]:
    address = str(credentials.get("email", "")).strip()
    return [
        ("sign-in-here", _here(address), PER_ACCOUNT_HERE),
        ("sign-in", address, PER_ACCOUNT),
        ("sign-in-network", requests.origin(), PER_NETWORK),
    ]


def _here(address: str) -> str:
    return f"{address} {requests.origin()}"
