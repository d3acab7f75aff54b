"""What the base templates need of a request; everything is worked out only when a template asks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from merilo.core import navigation
from merilo.web.accent import DEFAULT, Accent
from merilo.web.items import Link


def page(request: HttpRequest) -> dict[str, Any]:
    """`page`: who looks, where, at which organisation."""
    return {"page": Page(request)}


class Page:
    """The frame of a page. `request.viewer` may be absent; a public page may set `request.organisation`."""

    # Long marks of the rule under the header: the limits of the model's bands.
    marks = (0, 10, 30, 50, 70, 90, 100)

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._viewer: Any = getattr(request, "viewer", None)

    @cached_property
    def organisation(self) -> Any:
        """The organisation in which the viewer acts, or whose public page this is."""
        return getattr(self._viewer, "organisation", None) or getattr(self._request, "organisation", None)

    @cached_property
    def name(self) -> str:
        """The organisation speaks first; without one the product does."""
        if self.organisation is None:
            return _("Merilo")
        english = getattr(self.organisation, "name_en", "")
        return str(english if english and get_language() == "en" else self.organisation.name)

    @property
    def note(self) -> str:
        """One line below the name, set by a view as `request.page_note`."""
        return str(getattr(self._request, "page_note", ""))

    @cached_property
    def home(self) -> str:
        """The organisation's first page for members, the platform's for everybody else."""
        if self._viewer is not None:
            return _address("site:work", org=self.organisation.slug)
        return "/"

    @cached_property
    def logo(self) -> str:
        """Address of the organisation's picture, or empty."""
        if not getattr(self.organisation, "logo_id", None):
            return ""
        return _address("site:logo", pk=str(self.organisation.logo_id))

    @cached_property
    def accent(self) -> Accent | None:
        """The organisation's four colours, or None for the product's own."""
        stored = getattr(self.organisation, "accent", None)
        if not stored:
            return None
        accent = Accent(**{part: stored[part] for part in ("accent", "deep", "soft", "line")})
        return None if accent == DEFAULT else accent

    @cached_property
    def me(self) -> Link | None:
        """The person signed in."""
        user = getattr(self._request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        return Link(str(user), _address("accounts:me") or "/")

    @cached_property
    def me_note(self) -> str:
        """The person's position in the organisation."""
        membership = getattr(self._viewer, "membership", None)
        return str(getattr(membership, "position", ""))

    @cached_property
    def navigation(self) -> Sequence[navigation.Entry]:
        """The menu of the acting organisation."""
        if self._viewer is None:
            return []
        match = self._request.resolver_match
        section = getattr(self._request, "section", "") or (match.namespace if match else "")
        return navigation.menu(self._request, self._viewer, section)

    @cached_property
    def footer(self) -> list[Link]:
        """Links of the footer, those that exist."""
        named = (
            ("help", _("Help")),
            ("accessibility", _("Accessibility")),
            ("privacy", _("Personal data")),
            ("about", _("About Merilo")),
        )
        return [Link(text, url) for name, text in named if (url := _address(f"site:{name}"))]

    @property
    def other_languages(self) -> list[tuple[str, str]]:
        """The languages one may switch to, each by its own name."""
        return [(code, str(name)) for code, name in settings.LANGUAGES if code != get_language()]

    @cached_property
    def language_url(self) -> str:
        """Where the language is switched."""
        return _address("set_language")

    @property
    def here(self) -> str:
        """The page to come back to; after a form it is the form's own address."""
        return self._request.get_full_path() if self._request.method == "GET" else self._request.path

    @cached_property
    def sign_in_url(self) -> str:
        """Where one signs in."""
        return _address("account_login")

    @cached_property
    def sign_out_url(self) -> str:
        """Where one signs out."""
        return _address("account_logout")


def _address(name: str, **kwargs: Any) -> str:
    """The address of a named page, or empty when this installation has none."""
    try:
        return reverse(name, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""
