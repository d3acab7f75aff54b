"""Signing in and out, making an account, passwords, one's own profile.

The library's pages with our forms, our limits, and 422 for a refused form.
"""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from merilo.accounts import actions, daily, queries, services
from merilo.accounts.forms import ProfileForm
from merilo.accounts.signing_forms import (
    ChangePasswordForm,
    NewPasswordForm,
    ResetPasswordForm,
    SignInForm,
    SignUpForm,
)
from merilo.accounts.signing_in import may_sign_up
from merilo.core import limits, mail, owner, requests
from merilo.core.limits import Rate

SIGN_UPS: Rate = {"most": 20, "seconds": 3600}
RESETS: Rate = {"most": 20, "seconds": 3600}
CHANGES: Rate = {"most": 10, "seconds": 3600}


class Refusing:
    """A refused form answers 422."""

    def form_invalid(self, form: BaseForm) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if answer.status_code == 200:
            answer.status_code = 422
        return answer


class SignIn(Refusing, allauth.LoginView):  # type: ignore[misc]
    """E-mail and password; the limits stand in the adapter."""

    form_class = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether one may make an account, whether this is the demo, and whether a form waits."""
        sent = self.request.POST or self.request.GET
        onward = sent.get(self.redirect_field_name, "")
        more = {
            "may_sign_up": may_sign_up(),
            "demo": settings.DEMO,
            "services": services.all_services(),
            "onward": f"?{urlencode({self.redirect_field_name: onward})}" if onward else "",
            "has_kept": onward.startswith(owner.KEPT_AT),
        }
        return super().get_context_data(**kwargs) | more  # type: ignore[no-any-return]


class SignUp(Refusing, allauth.SignupView):  # type: ignore[misc]
    """Make an account, where founding is open to anybody."""

    form_class = SignUpForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limits.hit("sign-up", requests.origin(), **SIGN_UPS)
        return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]


class ResetPassword(Refusing, allauth.PasswordResetView):  # type: ignore[misc]
    """Ask for a link by mail; the answer is the same whether the address is known or not."""

    form_class = ResetPasswordForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limits.hit("reset", requests.origin(), **RESETS)
        return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether a mail can be sent at all."""
        return super().get_context_data(**kwargs) | {"sends_mail": mail.has_server()}  # type: ignore[no-any-return]


class NewPassword(Refusing, allauth.PasswordResetFromKeyView):  # type: ignore[misc]
    """Set a new password with the link from the mail."""

    form_class = NewPasswordForm


class ChangePassword(Refusing, allauth.PasswordChangeView):  # type: ignore[misc]
    """Set a new password, knowing the present one."""

    form_class = ChangePasswordForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        limits.hit("change-password", str(request.user.pk), **CHANGES)
        return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name, language, mails and password."""
    person = request.user
    assert person.is_authenticated  # noqa: S101  login_required has asked
    initial = {
        "name": person.name,
        "language": person.language or translation.get_language(),
        "mails": ProfileForm.DAILY if person.daily_mail else ProfileForm.AT_ONCE,
    }
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        actions.change_profile(
            person=person,
            name=form.cleaned_data["name"],
            language=language,
            daily_mail=form.cleaned_data["mails"] == ProfileForm.DAILY,
            at=timezone.now(),
        )
        with translation.override(language):
            messages.success(request, _("Your profile is saved."))
        answer = redirect("accounts:me")
        # What this browser chose before must not outvote what was chosen now.
        answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return answer
    context = {"form": form, "has_factor": queries.has_factor(person)}
    return render(request, "account/profile.html", context, status=422 if form.errors else 200)


@never_cache
@csrf_exempt  # mail programs send it by themselves (RFC 8058); the key in the address is what is needed
@require_http_methods(["GET", "HEAD", "POST"])
def mails_daily(request: HttpRequest, key: str) -> HttpResponse:
    """Have mails about what happens once a day: one button, or one click in the mail program."""
    person = daily.reader_of(key)
    if request.method == "POST":
        if person is None:
            raise Http404
        actions.want_daily(person=person, at=timezone.now())
    return render(request, "account/mails_daily.html", {"person": person})
