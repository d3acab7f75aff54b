"""To an organisation's own sign-in service and back, connecting an account with it and disconnecting."""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from merilo.accounts import actions, proving, queries, services
from merilo.accounts.service_adapter import CONNECT, ServiceProvider, ServiceSignIn, failed
from merilo.accounts.services import Service
from merilo.core import limits, requests
from merilo.core.limits import Rate

TRIED: Rate = {"most": 100, "seconds": 3600}
MARK = "connecting"
BROKEN = (OAuth2Error, RequestException, KeyError, TypeError, ValueError)


def _service(key: str) -> Service:
    service = services.by_key(key)
    if service is None:
        raise Http404
    return service


@never_cache
@require_safe
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Go to the service: to sign in, or to connect where `connect` has just been asked."""
    service = _service(provider_id)
    limits.hit("service", requests.origin(), **TRIED)
    connects = request.user.is_authenticated and request.session.pop(MARK, "") == service.key
    provider: ServiceProvider = ServiceSignIn(request, service.key).get_provider()
    try:
        return provider.send_away(
            request,
            process=CONNECT if connects else AuthProcess.LOGIN,
            onward=get_next_redirect_url(request) or "",
            person=str(request.user.pk) if connects else "",
        )
    except BROKEN:
        return failed(request, service.name)


@never_cache
@require_safe
def answer(request: HttpRequest, provider_id: str) -> HttpResponse:
    """What the service sends back with the person."""
    service = _service(provider_id)
    try:
        view = OAuth2CallbackView.adapter_view(ServiceSignIn(request, service.key))
        return view(request)  # type: ignore[no-any-return]
    except BROKEN:
        return failed(request, service.name)


@login_required
@require_safe
def prove(request: HttpRequest) -> HttpResponse:
    """Ask somebody whom only a service vouches for to prove more, then go on."""
    onward = get_next_redirect_url(request) or "/"
    key = proving.service_alone(request)
    if not key:
        return HttpResponseRedirect(onward)  # an address, never a name
    assert request.user.is_authenticated  # noqa: S101  login_required has asked
    context = {
        "service": services.by_key(key),
        "can_prove": proving.can_prove(request.user),
        "onward": f"?{urlencode({'next': onward})}",
    }
    return render(request, "account/prove.html", context)


@login_required
@require_POST
def connect(request: HttpRequest, key: str) -> HttpResponse:
    """Ask once more who it is, then show the way to the service.

    The way is a link: a form of ours leads nowhere else, by the Content-Security-Policy.
    """
    service = _service(key)
    assert request.user.is_authenticated  # noqa: S101  login_required has asked
    if not services.belongs(service, request.user):
        raise Http404
    raise_if_reauthentication_required(request, app="allauth.socialaccount")
    request.session[MARK] = service.key
    return render(request, "account/service_connect.html", {"service": service})


@login_required
@require_POST
def disconnect(request: HttpRequest, key: str) -> HttpResponse:
    """The service opens this account no more."""
    person = request.user
    assert person.is_authenticated  # noqa: S101  login_required has asked
    raise_if_reauthentication_required(request, app="allauth.socialaccount")
    if not person.has_usable_password() and not queries.has_factor(person):
        messages.error(request, _("Set a password first: “Forgotten password” sends you a link."))
    elif actions.disconnect_service(person=person, key=key, at=timezone.now()):
        messages.success(request, _("Disconnected."))
    return redirect("mfa_index")
