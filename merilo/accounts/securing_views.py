"""Sign-in and security: second factors, recovery codes, open sessions.

The library's pages with our forms, our limits and our words. What is changed here asks for the password, a
code or a passkey once more, unless that was done a few minutes ago.
"""

from __future__ import annotations

import json
from typing import Any

from allauth.account import views as account
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.internal import flows as passkey_flows
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from merilo.accounts import actions, proving, queries, second_factor
from merilo.accounts.middleware import ONWARD
from merilo.accounts.models import Person
from merilo.accounts.securing_forms import (
    AppForm,
    CodeForm,
    ConfirmByCodeForm,
    ConfirmByPasskeyForm,
    ConfirmByPasswordForm,
    PasskeyAnswerForm,
    PasskeyForm,
    PasskeySignInForm,
)
from merilo.accounts.views import CHANGES, Refusing
from merilo.core import limits, requests
from merilo.core.limits import Rate
from merilo.web.qr import qr

PASSKEYS_TRIED: Rate = {"most": 50, "seconds": 3600}
CODES_TRIED: Rate = {"most": 100, "seconds": 3600}


def _person(request: HttpRequest) -> Person:
    assert request.user.is_authenticated  # noqa: S101  login_required has asked
    return request.user


def _as_text(options: Any) -> str:
    """What the script hands to the browser's passkeys."""
    return json.dumps(options, cls=DjangoJSONEncoder)


@login_required
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """How one signs in, what protects it, and where one is signed in."""
    person = _person(request)
    factors = queries.factors_of(person)
    context = {
        "factors": factors,
        "is_held": second_factor.must_have(person) and not factors.is_set_up,
        "connections": queries.connections_of(person),
        "sessions": queries.sessions_of(person, request.session.session_key),
    }
    return render(request, "mfa/index.html", context)


@login_required
@require_POST
def end_session(request: HttpRequest) -> HttpResponse:
    """Sign out in one place."""
    pk = request.POST.get("session", "")
    is_number = pk.isascii() and pk.isdecimal() and len(pk) < 19
    if is_number and actions.end_session(person=_person(request), pk=int(pk), at=timezone.now()):
        messages.success(request, _("You are signed out there."))
    return redirect("mfa_index")


@login_required
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere, here too."""
    actions.end_sessions(person=_person(request), at=timezone.now())
    request.session.flush()
    messages.success(request, _("You are signed out everywhere."))
    return redirect("/")


# --- signing in ------------------------------------------------------------------------------------------
class EnterCode(base.AuthenticateView):  # type: ignore[misc]
    """The second question of signing in: a code or a passkey."""

    form_class = CodeForm
    webauthn_form_class = PasskeyAnswerForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limits.hit("code-network", requests.origin(), **CODES_TRIED)
        return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)
        answer.status_code = 422
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which of both the person has."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["options"] = _as_text(context["js_data"]["request_options"])
        return context | {"factors": queries.factors_of(self.stage.login.user)}


class SignInByPasskey(webauthn.LoginWebAuthnView):  # type: ignore[misc]
    """A passkey instead of the password; it has asked for finger, face or number itself."""

    form_class = PasskeySignInForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limits.hit("passkey", requests.origin(), **PASSKEYS_TRIED)
        return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]

    def form_valid(self, form: BaseForm) -> HttpResponse:
        authenticator = form.cleaned_data["credential"]
        login = Login(user=authenticator.user, redirect_url=get_next_redirect_url(self.request))
        return passkey_flows.perform_passwordless_login(self.request, authenticator, login)  # type: ignore[no-any-return]


# --- the same person still -------------------------------------------------------------------------------
class _Confirming(Refusing):
    """Confirming who one is, a few times an hour."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limits.hit("confirm", str(request.user.pk), **CHANGES)
        return super().post(request, *args, **kwargs)  # type: ignore[misc, no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The other ways, and what a passkey is asked."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        if "js_data" in context:
            context["options"] = _as_text(context["js_data"]["request_options"])
        return context


class ConfirmByPassword(_Confirming, account.ReauthenticateView):  # type: ignore[misc]
    form_class = ConfirmByPasswordForm


class ConfirmByCode(_Confirming, base.ReauthenticateView):  # type: ignore[misc]
    form_class = ConfirmByCodeForm


class ConfirmByPasskey(_Confirming, webauthn.ReauthenticateWebAuthnView):  # type: ignore[misc]
    form_class = ConfirmByPasskeyForm

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        """Ask again on the same page."""
        return self.render_to_response(self.get_context_data(form=form), status=422)  # type: ignore[no-any-return]


# --- setting up and removing -----------------------------------------------------------------------------
class _Recorded(Refusing):
    """What the library does with a second factor, and the row about it, are one transaction."""

    verb: str

    def form_valid(self, form: BaseForm) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            actions.record_factor(verb=self.verb, person=_person(self.request), at=timezone.now())  # type: ignore[attr-defined]
        return answer


class _Adding(_Recorded):
    """Another way in, which nobody sets up whom a sign-in service alone vouches for."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if proving.service_alone(request):
            return redirect(proving.proof_address(request.path))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc, no-any-return]


@method_decorator(never_cache, name="dispatch")
class AddApp(_Adding, totp.ActivateTOTPView):  # type: ignore[misc]
    """An app on the telephone that shows codes."""

    verb = "account.factor_added"
    form_class = AppForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The secret as a picture and as text."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        drawn = qr(context["totp_url"], _("Opens the account in an app for codes"))
        return context | {
            "qr": mark_safe(drawn),
            "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        }


class RemoveApp(_Recorded, totp.DeactivateTOTPView):  # type: ignore[misc]
    """No codes of the app any more."""

    verb = "account.factor_removed"


@method_decorator(never_cache, name="dispatch")
class AddPasskey(_Adding, webauthn.AddWebAuthnView):  # type: ignore[misc]
    """A passkey kept by the telephone, the computer or a key on the ring."""

    verb = "account.factor_added"
    form_class = PasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the browser needs to make one; the refused form, if there is one."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["options"] = _as_text(auth.begin_registration(_person(self.request), passwordless=True))
        return context | kwargs


@method_decorator(login_required, name="dispatch")
class RemovePasskey(_Recorded, webauthn.RemoveWebAuthnView):  # type: ignore[misc]
    """One passkey opens the account no more."""

    verb = "account.factor_removed"
    success_url = reverse_lazy("mfa_index")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not queries.has_passkey(_person(request), kwargs["pk"]):
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]


@method_decorator(never_cache, name="dispatch")
class ShowCodes(codes.ViewRecoveryCodesView):  # type: ignore[misc]
    """The recovery codes, shown once, and the way on; afterwards only how many are left."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The page that was asked for when a second factor was demanded."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"onward": self.request.session.pop(ONWARD, "")}


class MakeCodes(_Recorded, codes.GenerateRecoveryCodesView):  # type: ignore[misc]
    """New recovery codes; the earlier ones are worth nothing then."""

    verb = "account.codes_made"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not queries.has_factor(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]
