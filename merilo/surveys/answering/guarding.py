"""Keeping floods away from open surveys without knowing anybody: limits, a computation, a code by mail."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import altcha
from django.db import transaction
from django.utils.translation import gettext as _

from merilo.core import limits, mail, secret
from merilo.core.limits import Rate
from merilo.surveys.answering.travelling import Form
from merilo.surveys.models import Source, Survey

HONEYPOT = "website"  # a field that people do not see and robots fill in

SENDINGS: Rate = {"most": 200, "seconds": 600}  # from one network: a town hall may share one address
CODES: Rate = {"most": 20, "seconds": 3600}  # mails caused by one network
TO_ONE: Rate = {"most": 3, "seconds": 6 * 3600}  # mails to one address
GUESSES: Rate = {"most": 5, "seconds": 12 * 3600}  # of the code of one form
BURSTS = {Source.LINK.value: 60, Source.KIOSK.value: 10}  # in a minute; what comes beyond is marked

ROUNDS = 4_000  # of PBKDF2: some 1 ms on a computer, 10 on an old phone
TRIES = 300  # at most, of which half on the average
CHALLENGE_GOOD_FOR = timedelta(hours=2)


# --- limits -----------------------------------------------------------------------------------------
def counted(form: Form, network: str, at: datetime) -> bool:
    """Count a sending; answers whether it came in a burst. Errors: TooMany.

    Only keyed digests are counted, and rows go soon after their window.
    """
    if form.source not in BURSTS:
        return False
    if whom := _stranger(network):
        limits.hit("survey", whom, **SENDINGS, at=at)
    minute = secret.digest_of("survey.minute", f"{form.survey}:{form.source}")
    return limits.count("survey.minute", minute, seconds=60, at=at) > BURSTS[form.source]


def _stranger(network: str) -> str:
    """What a network is counted under. Behind a proxy that names nobody all come from this machine: none."""
    return "" if network in {"", "127.0.0.1", "::/56"} else secret.digest_of("survey.network", network)


# --- the computation --------------------------------------------------------------------------------
def wants_proof(survey: Survey, form: Form) -> bool:
    """Whether something has to be done before this form may be sent."""
    return survey.challenge and form.source == Source.LINK


def challenge(form: Form, at: datetime) -> str:
    """A computation for this form, as JSON. It belongs to the form's key, so that it opens one sending."""
    made = altcha.create_challenge(
        "PBKDF2/SHA-256",
        ROUNDS,
        counter=TRIES // 3 + secrets.randbelow(TRIES - TRIES // 3),
        expires_at=at + CHALLENGE_GOOD_FOR,
        data={"form": _mark(form)},
        hmac_secret=_hmac("challenge"),
        hmac_key_secret=_hmac("solution"),
    )
    return json.dumps(made.to_dict())


def is_solved(form: Form, payload: str) -> bool:
    """Whether this is the result of the form's computation."""
    if not payload or len(payload) > 5_000:
        return False
    try:
        found = altcha.verify_solution(payload, _hmac("challenge"), hmac_key_secret=_hmac("solution"))
        return found.verified and _told(payload).get("form") == _mark(form)
    except (ValueError, TypeError, KeyError, AttributeError):
        return False


def _told(payload: str) -> dict[str, Any]:
    parameters = json.loads(base64.b64decode(payload))["challenge"]["parameters"]
    return dict(parameters.get("data") or {})


def _mark(form: Form) -> str:
    return secret.digest_of("survey.challenge", form.key)[:32]


def _hmac(what: str) -> str:
    return secret.digest_of("survey.altcha", what)


# --- the code by mail -------------------------------------------------------------------------------
def mails_codes() -> bool:
    """Whether the path beside the computation is there."""
    return mail.has_server()


def mail_code(*, form: Form, address: str, title: str, network: str, at: datetime) -> Form:
    """Send a code to an address, which is kept nowhere but in the mail. Errors: TooMany."""
    if whom := _stranger(network):
        limits.hit("survey.mail", whom, **CODES, at=at)
    limits.hit("survey.address", secret.digest_of("survey.address", address.casefold()), **TO_ONE, at=at)
    code = secret.new_code()
    with transaction.atomic():
        mail.Passing(
            _("Your code for the survey: %(code)s") % {"code": secret.spaced(code)},
            _words_of_mail() % {"code": secret.spaced(code), "title": title},
            to=[address],
        ).send()
    return replace(form, code=_digest(form, code))


def _words_of_mail() -> str:
    return _(
        "Somebody who answers the survey “%(title)s” gave this address to show that they are not a robot.\n\n"
        "The code: %(code)s\n\n"
        "Type it on the page of the survey, which is still open. It works once. The address is not kept with "
        "the answers. If it was not you, nothing needs to be done."
    )


def is_code(*, form: Form, typed: str, at: datetime) -> bool:
    """Whether this is the code that was mailed for the form. Errors: TooMany."""
    limits.hit("survey.code", form.key, **GUESSES, at=at)
    return secrets.compare_digest(_digest(form, secret.typed(typed)), form.code)


def _digest(form: Form, code: str) -> str:
    return secret.digest_of("survey.code", f"{form.key}:{code}")
