"""The forms of second factors in our words; every guess is counted, and no code opens twice."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django.forms import BaseForm, JSONField
from django.utils.translation import gettext_lazy as _

from merilo.accounts.models import Person
from merilo.accounts.signing_forms import in_our_words
from merilo.core import limits, once, secret
from merilo.core.limits import Rate
from merilo.core.texts import clean_line, cleaner

GUESSES: Rate = {"most": 5, "seconds": 15 * 60}
GUESSES_A_DAY: Rate = {"most": 30, "seconds": 24 * 3600}
KEY_NAME = 60


class _Guessing:
    """A form with a code: guesses are counted before the code is looked at, and no code opens twice."""

    user: Person

    def clean_code(self) -> str:
        for what, rate in (("second-factor", GUESSES), ("second-factor-day", GUESSES_A_DAY)):
            limits.hit(what, str(self.user.pk), **rate)
        code: str = super().clean_code()  # type: ignore[misc]
        if _was_used(self.user, code):
            raise get_adapter().validation_error("incorrect_code")
        for what in ("second-factor", "second-factor-day"):
            limits.forget(what, str(self.user.pk))
        return code


def _was_used(person: Person, code: str) -> bool:
    """Whether the code has opened something already; a code of an app is right for a minute and a half."""
    first = []

    def open_once() -> str:
        first.append(code)
        return ""

    key = secret.digest_of("code", normalize_user_code(code))
    once.run_once(key, owner=person.pk, effect=open_once)
    return not first


def _code_field(form: BaseForm, label: Any, hint: Any) -> None:
    in_our_words(form, code=label)
    form.fields["code"].help_text = hint
    form.fields["code"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


class AppForm(_Guessing, ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an app that has just read the QR code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, _("Code from the app"), _("Six digits that change every half minute."))


class CodeForm(_Guessing, base.AuthenticateForm):  # type: ignore[misc]
    """A code of the app or a recovery code, after the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, _("Code"), _("Six digits from the app, or eight of a recovery code."))


class ConfirmByCodeForm(_Guessing, base.ReauthenticateForm):  # type: ignore[misc]
    """A code, to confirm that it is still the same person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _code_field(self, _("Code"), _("Six digits from the app, or eight of a recovery code."))


class ConfirmByPasswordForm(ReauthenticateForm):  # type: ignore[misc]
    """The password, to confirm that it is still the same person."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_our_words(self, password=_("Password"))
        self.fields["password"].help_text = ""


class _ObjectField(JSONField):
    """What a browser's script sent: an object, whatever stands in it."""

    def clean(self, value: Any) -> Any:
        sent = super().clean(value)
        if not isinstance(sent, dict) or not isinstance(sent.get("response"), dict):
            raise get_adapter().validation_error("incorrect_code")
        return sent


class PasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey with the name under which its person knows it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["passwordless"]
        self.initial.pop("name", None)
        self.fields["credential"] = _ObjectField(widget=self.fields["credential"].widget)
        self.fields["name"].label = _("Name")
        self.fields["name"].help_text = _("For example: my telephone, key on the ring.")
        self.fields["name"].widget.attrs["maxlength"] = KEY_NAME

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        return cleaner(clean_line, KEY_NAME)(name) if name else str(super().clean_name())

    def clean(self) -> Any:
        """A passkey always knows its person by finger, face or number."""
        self.cleaned_data["passwordless"] = True
        try:
            return super().clean()
        except ValueError as error:  # letters that are no letters of a credential
            raise get_adapter().validation_error("incorrect_code") from error


class _AnsweringForm:
    """A form that takes a passkey's answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = self.fields  # type: ignore[attr-defined]
        fields["credential"] = _ObjectField(widget=fields["credential"].widget)


class PasskeyAnswerForm(_AnsweringForm, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey after the password."""


class PasskeySignInForm(_AnsweringForm, webauthn.LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of the password."""


class ConfirmByPasskeyForm(_AnsweringForm, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey, to confirm that it is still the same person."""
