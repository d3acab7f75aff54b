"""No more letters about a survey: one button, or one click in the mail program (RFC 8058)."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from merilo.surveys import letters
from merilo.surveys.actions.inviting import want_no_letters


@never_cache
@csrf_exempt  # mail programs send it by themselves; the mark in the address is what is needed
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, short: str, stop: str) -> HttpResponse:
    """Reading changes nothing; who is gone from the list has nothing to stop."""
    invitation = letters.invitation_to_stop(short, stop)
    if invitation is None:
        raise Http404
    if request.method == "POST":
        want_no_letters(invitation=invitation, at=timezone.now())
    survey = invitation.survey
    language = invitation.language or _read_in(letters.languages_of(survey))
    context = {
        "title": letters.title_in(survey, language),
        "organisation": survey.organisation,
        "stopped": invitation.unwanted or request.method == "POST",
    }
    request.organisation = survey.organisation  # type: ignore[attr-defined]  # whose page it is
    with translation.override(language):
        return render(request, "surveys/stop.html", context)


def _read_in(languages: Sequence[str]) -> str:
    """The reader's own language where the survey has it, else the survey's first."""
    active = translation.get_language() or ""
    return active if active in languages else languages[0]
