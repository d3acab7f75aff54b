"""Signing in through an organisation's own service, stricter than the library asks.

The issuer must call itself by the address that is kept here, the identity token must be signed, meant for
this client and carry the nonce of just this attempt; an account is made for the invited only, and none is
ever taken over because of its e-mail address.
"""

from __future__ import annotations

from typing import Any

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from merilo.accounts import actions, discovery, queries, services
from merilo.accounts.models import Person
from merilo.accounts.services import Service
from merilo.core import secret
from merilo.core.errors import MeriloError
from merilo.core.texts import clean_line

CONNECT = "connect"
NAME = 150
SIGNATURES = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
UNREADABLE = (KeyError, TypeError, ValueError, jwt.PyJWTError)


def nonce_of(state: str) -> str:
    """What the identity token has to repeat, bound to the attempt that asked for it."""
    return secret.digest_of("sign-in-nonce", state)


class ServiceSignIn(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth carries no types
    """What the service answers, checked."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """The service's own description; it must be the issuer that is kept here."""
        provider = self.get_provider()
        config = discovery.told_at(provider.server_url)
        issuer = provider.app.settings["server_url"]
        if str(config.get("issuer", "")).rstrip("/") != issuer:
            raise OAuth2Error
        return config

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        """Whom the service names."""
        claims = self._claims(app, kwargs["response"].get("id_token") or "")
        if not constant_time_compare(str(claims.get("nonce", "")), nonce_of(request.GET["state"])):
            raise OAuth2Error
        if "email" not in claims:
            told = self._fetch_user_info(token.token)
            claims |= told if told.get("sub") == claims["sub"] else {}
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def _claims(self, app: SocialApp, token: str) -> dict[str, Any]:
        """What the identity token says, if the issuer signed it for this client just now.

        Keys that do not fit may be old ones, and are fetched once more.
        """
        try:
            claims = self._read(app, token)
        except UNREADABLE:
            try:
                claims = self._read(app, token, anew=True)
            except UNREADABLE as error:
                raise OAuth2Error from error
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error
        return claims

    def _read(self, app: SocialApp, token: str, *, anew: bool = False) -> dict[str, Any]:
        claims: dict[str, Any] = jwt.decode(
            token,
            key=self._key_of(token, anew=anew),
            algorithms=SIGNATURES,
            audience=app.client_id,
            issuer=self.openid_config["issuer"],
            leeway=60,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
        return claims

    def _key_of(self, token: str, *, anew: bool) -> jwt.PyJWK:
        """The issuer's key that the token names; where it names none, the only one there is."""
        told = discovery.told_at(self.openid_config["jwks_uri"], anew=anew)
        named = jwt.get_unverified_header(token).get("kid")
        (key,) = [key for key in jwt.PyJWKSet.from_dict(told).keys if named in {None, key.key_id}]
        return key


class ServiceProvider(OpenIDConnectProvider):  # type: ignore[misc]
    """A service as the library sees it: with PKCE, state and nonce, and nothing kept of what it tells."""

    oauth2_adapter_class = ServiceSignIn

    def send_away(self, request: HttpRequest, *, process: str, onward: str, person: str) -> HttpResponse:
        """Go to the service; `person` is who wants to connect, empty for signing in."""
        state = secret.new_token()
        asked = self.get_auth_params() | {"nonce": nonce_of(state)}
        answer: HttpResponse = self.redirect(
            request, process, onward, {"person": person}, auth_params=asked, state_id=state
        )
        return answer

    def extract_extra_data(self, data: Any) -> dict[str, Any]:
        return {}

    def extract_common_fields(self, data: Any) -> dict[str, Any]:
        """Name and address; the address only where the service says that it was confirmed."""
        told = data["id_token"]
        email = told.get("email") if told.get("email_verified") is True else ""
        return {"name": told.get("name", ""), "email": email}

    def extract_email_addresses(self, data: Any) -> list[Any]:
        return []


class ServiceAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Hooks of the library for services."""

    def list_apps(self, request: Any, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """The service of a key; services are kept by organisations, not in the library's table."""
        found = services.by_key(str(provider))
        return [_app(found)] if found else []

    def get_provider(self, request: HttpRequest, provider: Any, client_id: Any = None) -> ServiceProvider:
        return ServiceProvider(request, app=self.get_app(request, provider=provider))

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        sociallogin.user.email, sociallogin.user.name = data.get("email") or "", str(data.get("name") or "")
        return sociallogin.user

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Accounts are made in `pre_social_login` or not at all."""
        return False

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        raise ImmediateHttpResponse(failed(request, provider.app.name))

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Decide about whom the service has named: connect, let in, make an account, or say why not."""
        service = services.by_key(sociallogin.account.provider)
        assert service is not None  # noqa: S101  the provider was found by this key
        if sociallogin.state.get("process") == CONNECT:
            raise ImmediateHttpResponse(_connected(request, service, sociallogin))
        if not sociallogin.is_existing:
            sociallogin.user = _entered(request, service, sociallogin)
        if not services.belongs(service, sociallogin.user):
            raise ImmediateHttpResponse(_refused(request, service, "left"))


def _app(service: Service) -> SocialApp:
    return SocialApp(
        provider=OpenIDConnectProvider.id,
        provider_id=service.key,
        name=service.name,
        client_id=service.client_id,
        secret=service.secret,
        settings={"server_url": service.issuer, "oauth_pkce_enabled": True},
    )


def _connected(request: HttpRequest, service: Service, sociallogin: Any) -> HttpResponse:
    """Connect the account that asked for it, if it is signed in still and belongs to the organisation."""
    person = request.user
    if not person.is_authenticated or str(person.pk) != sociallogin.state["data"]["person"]:
        return redirect("account_login")
    if not services.belongs(service, person):
        return _refused(request, service, "left")
    subject = sociallogin.account.uid
    if actions.connect_service(person=person, service=service, subject=subject, at=timezone.now()):
        messages.success(request, _("Connected. You can sign in with it now."))
    else:
        messages.error(request, _("Another account here is connected to this one already."))
    return redirect("mfa_index")


def _entered(request: HttpRequest, service: Service, sociallogin: Any) -> Person:
    """The new account of somebody who was invited; raises the page that says why there is none."""
    told = sociallogin.user
    if not told.email:
        raise ImmediateHttpResponse(_refused(request, service, "unconfirmed"))
    if queries.person_by_address(told.email):
        raise ImmediateHttpResponse(_refused(request, service, "taken"))
    try:
        person = actions.enter_by_service(
            service=service,
            subject=sociallogin.account.uid,
            name=_name(told.name),
            email=told.email,
            at=timezone.now(),
        )
    except MeriloError as error:
        raise ImmediateHttpResponse(_refused(request, service, "unknown")) from error
    if person is None:
        raise ImmediateHttpResponse(_refused(request, service, "unknown"))
    return person


def _name(told: str) -> str:
    try:
        return clean_line(told, NAME)
    except MeriloError:
        return ""


def _refused(request: HttpRequest, service: Service, reason: str) -> HttpResponse:
    context = {"service": service, "reason": reason}
    return render(request, "account/service_refused.html", context, status=403)


def failed(request: HttpRequest, name: str) -> HttpResponse:
    """The page when the service did not answer, or not as it must."""
    context = {"service": {"name": name}, "reason": "failed"}
    return render(request, "account/service_refused.html", context, status=400)
