"""Answering a survey: the address on a poster, the personal link, the way through, the tablet at the desk.

Nothing here rests on a cookie: none is read or set (surveys.middleware), and what somebody has answered
travels in the page. So there is nothing that a forged form could misuse, and no token against it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import wraps
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from merilo.core import requests, secret
from merilo.core.errors import MeriloError, TooMany
from merilo.surveys import catalogue, quotas
from merilo.surveys.answering import guarding, pages, rendering, sending, travelling, turning
from merilo.surveys.answering.pages import Page
from merilo.surveys.answering.travelling import Form
from merilo.surveys.models import Entry, Invitation, SavedAnswers, Source, State, Survey, Version
from merilo.surveys.queries import answering, publications
from merilo.surveys.rules.answers import Form as Reader
from merilo.web import pressing
from merilo.web.errors import logger

View = Callable[..., HttpResponseBase]


def _answer(request: HttpRequest, page: Page, status: int = 200) -> HttpResponse:
    nonce = str(request.csp_nonce)  # type: ignore[attr-defined]
    response = pressing.response_of(request, page.parts(nonce), status=status)
    response["Cache-Control"] = "private, no-cache"
    response["Content-Language"] = page.language
    response["Referrer-Policy"] = "strict-origin"
    return response


def _public(view: View) -> View:
    """A page for whoever has the address; unknown addresses get a page of their own."""

    @csrf_exempt
    @wraps(view)
    def asked(request: HttpRequest, short: str, **parts: str) -> HttpResponseBase:
        try:
            return view(request, short, **parts)
        except (Survey.DoesNotExist, Version.DoesNotExist, Invitation.DoesNotExist) as error:
            return _answer(request, _nothing_here(error), 404)

    return asked


def _nothing_here(error: Exception) -> Page:
    language = get_language() or "en"
    if not isinstance(error, Invitation.DoesNotExist):
        words = [_("There is no survey at this address. Please check how it is written.")]
        return pages.message(None, language, _("No survey here"), words)
    words = [
        _(
            "A newer letter has replaced this link, or it was copied in part. "
            "Open the link in the newest letter."
        )
    ]
    return pages.message(None, language, _("This link does not work"), words)


# --- before the first question ----------------------------------------------------------------------
@_public
@require_safe
def start(request: HttpRequest, short: str) -> HttpResponse:
    """The open address of a survey."""
    survey = answering.asked(short)
    if survey.entry == Entry.INVITED and survey.state == State.OPEN:
        return _say(request, survey, _("For invited people"), _("Please use the link in your letter."))
    return _begin(request, survey, Source.LINK)


@_public
@require_safe
def kiosk(request: HttpRequest, short: str) -> HttpResponse:
    """The survey on a tablet at a service desk: begins anew by itself."""
    survey = answering.asked(short)
    if not survey.kiosk or survey.entry != Entry.OPEN:
        return _say(
            request, survey, _("Not on a tablet"), _("This survey is not set up for a tablet."), status=409
        )
    response = _begin(request, survey, Source.KIOSK)
    response["Cache-Control"] = "no-store"
    return response


@_public
@require_safe
def personal(request: HttpRequest, short: str, token: str) -> HttpResponse:
    """A personal link: it answers once, and goes on where somebody stopped in surveys with names."""
    survey = answering.asked(short)
    digest = secret.digest_of("survey", token)
    invitation = answering.invited(survey, digest)
    if invitation.used:
        return _say(
            request, survey, _("Answered already"), _("This invitation has been answered. Thank you.")
        )
    return _begin(request, survey, Source.INVITED, digest, invitation)


def _begin(
    request: HttpRequest, survey: Survey, source: str, token: str = "", invitation: Invitation | None = None
) -> HttpResponse:
    at = timezone.now()
    if not answering.is_open(survey, at):
        return _shut(request, survey, at)
    form = _fresh(request, survey, at, source=source, own=invitation.language if invitation else "")
    saved = answering.saved(invitation) if invitation and not survey.is_anonymous else None
    form = replace(form, token=token)
    if saved:
        form = _resumed(form, survey, saved, request.GET.get("lang", ""))
    with override(rendering.tongue(form.language, form.language)):
        button = _("Go on where you stopped") if saved else _("Begin")
    return _answer(request, pages.start(survey, form, button=button))


def _resumed(form: Form, survey: Survey, saved: SavedAnswers, chosen: str) -> Form:
    """The form with what was put aside, where it was put aside."""
    files = sending.files_again(survey, saved.answers)
    language = form.language if chosen else saved.language
    kept = {name: getattr(saved, name) for name in ("version", "answers", "typed")}
    filled = replace(form, files=files, language=language, **kept)
    return turning.moved(filled, catalogue.form_for(survey.pk, saved.version), saved.screen)


def _fresh(
    request: HttpRequest, survey: Survey, at: datetime, *, source: str = Source.LINK, own: str = ""
) -> Form:
    """A form in the language chosen on the page, that of the letter, or the first the browser asks for."""
    number: int = survey.newest  # type: ignore[attr-defined]
    known = catalogue.form_for(survey.pk, number).paths.definition.languages
    told = (code for code, _weight in parse_accept_lang_header(request.META.get("HTTP_ACCEPT_LANGUAGE", "")))
    wanted = (request.GET.get("lang", ""), own, *(code.partition("-")[0] for code in told))
    language = next((code for code in wanted if code in known), known[0])
    form = travelling.begun(survey, number, language, at, source=str(source))
    return pages.looked_up(form, survey)


def _shut(request: HttpRequest, survey: Survey, at: datetime, status: int = 200) -> HttpResponse:
    """The page of a survey that takes no answers now."""
    if answering.is_to_come(survey, at):
        return _say(request, survey, _("Not open yet"), _("This survey has not begun yet."), status=status)
    words = _("This survey is closed. Thank you to everybody who took part.")
    slug = publications.public_slug_of(survey)
    onward = (reverse("published:survey", args=(slug,)), _("See the results")) if slug else None
    return _say(request, survey, _("The survey is closed"), words, status=status, onward=onward)


def _say(
    request: HttpRequest,
    survey: Survey,
    heading: str,
    *words: str,
    status: int = 200,
    onward: tuple[str, str] | None = None,
) -> HttpResponse:
    page = pages.message(survey, get_language() or "en", heading, words, onward=onward)
    return _answer(request, page, status)


@_public
@require_safe
def notice(request: HttpRequest, short: str) -> HttpResponse:
    """What happens with the answers, in plain words."""
    survey, at = answering.asked(short), timezone.now()
    if survey.state == State.DRAFT:
        return _shut(request, survey, at)
    return _answer(request, pages.notice(survey, _fresh(request, survey, at)))


@_public
@require_safe
def done(request: HttpRequest, short: str) -> HttpResponse:
    """Thanks; the same for everybody, so that it can be read again."""
    survey, at = answering.asked(short), timezone.now()
    if survey.state == State.DRAFT:
        return _shut(request, survey, at)
    source = Source.KIOSK if survey.kiosk and "kiosk" in request.GET else Source.LINK
    return _answer(request, pages.done(survey, _fresh(request, survey, at, source=source)))


# --- the way through --------------------------------------------------------------------------------
@_public
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, short: str) -> HttpResponse:
    """One page after the other: each sends what was typed and shows what follows."""
    if request.method != "POST":
        return redirect("answer:start", short)
    return _with_form(request, short, _turned)


@_public
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, short: str) -> HttpResponse:
    """The answers once more, and sending them."""
    if request.method != "POST":
        return redirect("answer:start", short)
    works = {"send": _sent, "mail": _mailed}
    return _with_form(request, short, works.get(request.POST.get("go", ""), _turned))


@dataclass(frozen=True, slots=True)
class Visit:
    """One page that somebody sent: the form it carried, what reads it, and when."""

    request: HttpRequest
    form: Form
    reader: Reader
    at: datetime

    def shown(
        self, turn: turning.Turn, words: str = "", *, kind: str = "warning", status: int = 200
    ) -> HttpResponse:
        page = pages.turned(turn, self.reader, self.at, note=words, kind=kind)
        response = _answer(self.request, page, status)
        if pages.is_kiosk(self.form):
            response["Cache-Control"] = "no-store"
        return response

    def again(
        self, words: str, *, form: Form | None = None, fault: str = "", status: int = 422
    ) -> HttpResponse:
        """The page that was sent, with everything typed, and what is the matter, with which field if one."""
        form = form or self.form
        if not form.screen:
            form = turning.begin(form, self.reader)
        fields = turning.plain_fields(self.request.POST)
        faults = {fault: words} if fault else {}
        return self.shown(turning.Turn(form, fields, faults), words, status=status)

    def say(self, heading: str, words: str, *, status: int = 200) -> HttpResponse:
        """A page that ends the visit."""
        return _say(self.request, answering.asked(self.form.short), heading, words, status=status)


Work = Callable[[Visit], HttpResponse]


def _with_form(request: HttpRequest, short: str, work: Work) -> HttpResponse:
    """Open what the page carried and go on with it; whatever fails shows the same page with the answers."""
    form, at = travelling.unpacked(request.POST.get("sealed", ""), short), timezone.now()
    if form is None:
        survey = answering.asked(short)
        words = _("This page cannot be used any more. Please begin again.")
        onward = (_home(survey), _("Go on"))
        return _say(request, survey, _("Please begin again"), words, status=400, onward=onward)
    visit = Visit(request, form, catalogue.form_for(UUID(form.survey), form.version), at)
    with override(rendering.tongue(form.language, visit.reader.paths.definition.languages[0])):
        return _over(visit) if form.is_over(at) else _carefully(visit, work)


def _carefully(visit: Visit, work: Work) -> HttpResponse:
    try:
        return work(visit)
    except TooMany as error:
        response = visit.again(error.sentence, status=429)
        response["Retry-After"] = str(error.retry_after)
        return response
    except OperationalError as error:
        logger.error("the database did not answer: %s", type(error).__name__)
        words = _(
            "Not available right now. Nothing you typed is lost: it is on this page. Try again in a minute."
        )
        return visit.again(words, status=503)


def _home(survey: Survey) -> str:
    return "" if survey.entry == Entry.INVITED else reverse("answer:start", args=[survey.short])


def _over(visit: Visit) -> HttpResponse:
    renewed = visit.form.renewed(visit.at)
    if not visit.form.screen:
        return _turned(replace(visit, form=renewed))
    words = _("This page was open for very long. Your answers are still here; please look at them and go on.")
    return visit.again(words, form=renewed)


def _turned(visit: Visit) -> HttpResponse:
    """The page that follows."""
    posted = visit.request.POST
    go, fields, uploads = posted.get("go", "next"), turning.plain_fields(posted), visit.request.FILES
    following = turning.turn(visit.form, visit.reader, go, fields, uploads)
    if go == "save":
        return _put_aside(visit, following.form)
    if visit.reader.paths.definition.quotas and not following.faults:
        answers = turning.way(following.form, visit.reader).answers
        if quota := quotas.full_quota(UUID(visit.form.survey), visit.reader, answers):
            return visit.say(_("Thank you"), quota.text.in_language(visit.form.language))
    return visit.shown(following, status=422 if following.faults else 200)


def _put_aside(visit: Visit, form: Form) -> HttpResponse:
    try:
        sending.put_aside(form=form, reader=visit.reader, at=visit.at)
    except MeriloError as error:
        return visit.say(_("Not saved"), error.sentence, status=error.status)
    words = _("Your answers are kept. The link in your letter leads back to this place.")
    return visit.say(_("Saved for later"), words)


# --- sending ----------------------------------------------------------------------------------------
def _sent(visit: Visit) -> HttpResponse:
    """Send: first what is missing, then the proof that nobody floods us, then everything at once."""
    if missing := turning.unanswered(visit.form, visit.reader):
        return _left_open(visit, turning.Turn(missing))
    proof, trapped = _proof(visit), bool(visit.request.POST.get(guarding.HONEYPOT))
    sender = sending.Sender(requests.origin(), proof, suspicious=trapped)
    try:
        survey = sending.send(form=visit.form, reader=visit.reader, sender=sender, at=visit.at)
    except sending.Unproved:
        # The computation may be wanted only since the form was begun: look at the survey once more.
        code = "code" if visit.form.code else ""
        return visit.again(_what_is_left(visit), form=replace(visit.form, look=""), fault=code)
    except TooMany:
        raise
    except quotas.Full as full:
        return visit.say(_("Thank you"), full.quota.text.in_language(visit.form.language))
    except sending.Closed:
        return _shut(visit.request, answering.asked(visit.form.short), visit.at, status=409)
    except MeriloError as error:
        return visit.say(_("Not sent"), error.sentence, status=error.status)
    return _thanks(survey, visit.form)


def _left_open(visit: Visit, turn: turning.Turn) -> HttpResponse:
    """The question that is in the way of sending: without an answer, or with something that is none."""
    if turning.recalled(turn, visit.reader).faults:
        return visit.shown(turn, _("One answer cannot be taken as it is."), status=422)
    return visit.shown(turn, _("One question still needs an answer."), status=422)


def _thanks(survey: Survey, form: Form) -> HttpResponse:
    more = f"?lang={form.language}" + ("&kiosk" if pages.is_kiosk(form) else "")
    response = redirect(reverse("answer:done", args=[survey.short]) + more)
    response.status_code = 303
    return response


def _proof(visit: Visit) -> sending.Proof:
    """What was brought. Errors: TooMany (guesses of the code)."""
    form, posted = visit.form, visit.request.POST
    if guarding.is_solved(form, posted.get("proof", "")):
        return sending.Proof.DONE
    typed = posted.get("code", "").strip()
    if form.code and typed and guarding.is_code(form=form, typed=typed, at=visit.at):
        return sending.Proof.DONE
    return sending.Proof.NONE if guarding.mails_codes() else sending.Proof.UNABLE


def _what_is_left(visit: Visit) -> str:
    if visit.form.code and visit.request.POST.get("code"):
        return _("This is not the code from the mail. Please look once more.")
    if visit.form.code:
        return _("Type the code that we sent to your e-mail address, then send.")
    return _("The computation is not done. Wait until it is, or take the way by e-mail below.")


def _mailed(visit: Visit) -> HttpResponse:
    """Mail a code to the address that was typed."""
    form, address = visit.form, visit.request.POST.get("address", "").strip()
    try:
        validate_email(address)
    except ValidationError:
        return visit.again(_("Enter an e-mail address such as name@example.org."), fault="address")
    if not guarding.mails_codes() or form.source != Source.LINK:
        return visit.again(_("No mails are sent here."))
    title = visit.reader.paths.definition.title.in_language(form.language)
    coded = guarding.mail_code(
        form=form, address=address, title=title, network=requests.origin(), at=visit.at
    )
    words = _("We have sent a code to the address. Type it below, then send your answers.")
    return visit.shown(turning.Turn(coded), words, kind="done")
