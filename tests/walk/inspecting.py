"""What must be true of every answer's headers and of every page's markup."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.conf import settings
from django.http.response import HttpResponseBase

COOKIES = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}
LOADED = {
    "script": ("src",),
    "img": ("src", "srcset"),
    "link": ("href",),
    "form": ("action",),
    "iframe": ("src",),
    "use": ("href",),
    "source": ("src", "srcset"),
}
NAMED_ALREADY = {"hidden", "submit", "button", "image", "reset"}
OUTSIDE = re.compile(r"^\s*(?:[a-z]+:)?//", re.IGNORECASE)
BARE = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


def header_faults(response: HttpResponseBase, *, private: bool) -> Iterator[str]:
    """Headers that every answer carries (V3, R40)."""
    policy = response.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy:
        yield "no Content-Security-Policy with default-src 'none'"
    if "unsafe-" in policy:
        yield "the Content-Security-Policy allows something unsafe"
    if "sandbox" not in policy and not all(
        rule in policy
        for rule in ("frame-ancestors 'none'", "base-uri 'none'", "object-src 'none'", "form-action 'self'")
    ):
        yield "the Content-Security-Policy leaves something open"
    for header, value in (
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
    ):
        if response.get(header) != value:
            yield f"{header} is {response.get(header)!r}"
    # A page whose address is a secret tells even its own host less.
    if response.get("Referrer-Policy") not in {"same-origin", "strict-origin"}:
        yield f"Referrer-Policy is {response.get('Referrer-Policy')!r}"
    if private and "no-store" not in response.get("Cache-Control", ""):
        yield "a private answer without Cache-Control: no-store"
    yield from cookie_faults(response)


def cookie_faults(response: HttpResponseBase) -> Iterator[str]:
    for name, cookie in response.cookies.items():
        if name not in COOKIES:
            yield f"a cookie nobody needs: {name}"
        # A cookie that is taken away is empty.
        if cookie.value and (not cookie["httponly"] or cookie["samesite"] not in {"Lax", "Strict"}):
            yield f"the cookie {name} is not HttpOnly and SameSite"
        if cookie["domain"]:
            yield f"the cookie {name} is sent to other hosts"


@dataclass
class Field:
    """One field or button of a form, with its value as the browser would send it."""

    tag: str
    attributes: dict[str, str]
    options: list[tuple[str, bool]] = field(default_factory=list)
    text: str = ""

    @property
    def name(self) -> str:
        return self.attributes.get("name", "")

    @property
    def type(self) -> str:
        return self.attributes.get("type", "text" if self.tag == "input" else self.tag)


@dataclass
class Form:
    """One form of a page."""

    attributes: dict[str, str]
    fields: list[Field] = field(default_factory=list)

    @property
    def is_post(self) -> bool:
        return self.attributes.get("method", "get").lower() == "post"


class Page(HTMLParser):
    """A page taken apart: its faults, its forms and its links."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.language, self.title, self.headings = "", "", 0
        self.ids: Counter[str] = Counter()
        self.labels: set[str] = set()
        self.forms: list[Form] = []
        self.by_id: dict[str, Form] = {}
        self.fields: list[tuple[Field, bool]] = []
        self.links: list[str] = []
        self.references: list[str] = []
        self.found: list[str] = []
        self.open: list[str] = []
        self._form: Form | None = None
        self._field: Field | None = None
        self._inside: list[str] = []
        self.feed(text)
        self.close()
        self._give_away_fields()

    # --- reading ----------------------------------------------------------------------------------
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._general(tag, given)
        if tag not in BARE:
            self._inside.append(tag)
        if tag == "html":
            self.language = given.get("lang", "")
        elif tag == "h1":
            self.headings += 1
        elif tag == "label":
            self.labels.add(given.get("for", ""))
        elif tag == "form":
            self._form = Form(given)
            self.forms.append(self._form)
            self.by_id[given.get("id", "")] = self._form
        elif tag in {"input", "select", "textarea", "button"}:
            self._begin_field(tag, given)
        elif tag == "option" and self._field is not None:
            self._field.options.append((given.get("value", ""), "selected" in given))
        elif tag == "a":
            self.links.append(given.get("href", ""))

    def _general(self, tag: str, given: dict[str, str]) -> None:
        if given.get("id"):
            self.ids[given["id"]] += 1
        if "style" in given:
            self.found.append(f"a style attribute on <{tag}>")
        self.found += [f"an event attribute {name} on <{tag}>" for name in given if name.startswith("on")]
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self.found.append("a script inside the page")
        if tag == "style" and not given.get("nonce"):
            self.found.append("a style block without nonce")
        if tag == "img" and "alt" not in given:
            self.found.append("a picture without alternative text")
        for name in LOADED.get(tag, ()):
            if OUTSIDE.match(given.get(name, "")) and given.get("rel") != "canonical":
                self.found.append(f"<{tag}> of another host: {given[name]}")
        for name in ("aria-describedby", "aria-labelledby", "aria-controls"):
            self.references += given.get(name, "").split()

    def _begin_field(self, tag: str, given: dict[str, str]) -> None:
        made = Field(tag, given)
        self.fields.append((made, "label" in self._inside))
        if "form" not in given and self._form is not None:
            self._form.fields.append(made)
        self._field = made if tag in {"select", "textarea"} else None

    def handle_data(self, data: str) -> None:
        if self._inside and self._inside[-1] == "title" and "svg" not in self._inside:
            self.title += data
        if self._field is not None and self._field.tag == "textarea":
            self._field.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass
        if tag == "form":
            self._form = None
        if tag in {"select", "textarea"}:
            self._field = None

    def _give_away_fields(self) -> None:
        """Fields that name their form by id belong to it, wherever they stand."""
        for made, _ in self.fields:
            owner = self.by_id.get(made.attributes.get("form", ""))
            if owner is not None and made.attributes.get("form"):
                owner.fields.append(made)

    # --- judging ----------------------------------------------------------------------------------
    def faults(self) -> Iterator[str]:
        """What is wrong with a whole page."""
        yield from self.found
        if self.language not in {"bg", "en"}:
            yield f"the language of the page is {self.language!r}"
        if not self.title.strip():
            yield "the page has no title"
        if self.headings != 1:
            yield f"{self.headings} main headings"
        yield from (f"the id {name} stands {count} times" for name, count in self.ids.items() if count > 1)
        yield from (f"nothing has the id {name}" for name in set(self.references) if name not in self.ids)
        yield from (
            f"the label's field {name} is missing" for name in self.labels - {""} if name not in self.ids
        )
        yield from self._field_faults()
        for form in self.forms:
            # Where no cookie is read, there is nothing to misuse: the page carries what it needs, sealed.
            tokens = {"csrfmiddlewaretoken", "sealed"}
            if form.is_post and not any(made.name in tokens for made in form.fields):
                yield "a form without a token against forgery"

    def _field_faults(self) -> Iterator[str]:
        for made, is_wrapped in self.fields:
            if made.tag == "button" or made.type in NAMED_ALREADY or is_wrapped:
                continue
            own = made.attributes
            if own.get("id") not in self.labels and not {"aria-label", "aria-labelledby"} & own.keys():
                yield f"the field {made.name} has no label"
