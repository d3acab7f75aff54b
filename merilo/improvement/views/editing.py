"""Pages of one form over something that others may change too: nothing is overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict
from merilo.improvement import words
from merilo.improvement.models import Plan
from merilo.improvement.views.base import page
from merilo.organisations.api import Membership, OrgRequest, Viewer, act, do, members
from merilo.web import forms
from merilo.web.items import Link

Stored = Callable[[], tuple[int, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Look:
    """What stands around a form: its title, the way to it, where it leads back to."""

    title: str
    back: str
    crumbs: Sequence[Link] = ()
    submit: str = ""
    lead: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which what was typed differs from what is stored meanwhile."""

    label: str
    mine: str
    theirs: str


def version_of(request: OrgRequest) -> int:
    """The version that the person saw."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0


def edited(
    request: OrgRequest,
    plan: Plan,
    form: forms.Form,
    look: Look,
    effect: Callable[[], str],
    *,
    stored: Stored | None = None,
) -> HttpResponse:
    """The page of the form, or what its effect leads to.

    `stored` reads version and initial values anew: after a conflict both stand side by side.
    """
    context: dict[str, Any] = {"plan": plan, "form": form, "look": look, **look.more}
    if stored is not None:
        context["version"] = version_of(request) if request.method == "POST" else stored()[0]
    if request.method == "POST" and form.is_valid():
        try:
            if done := act(request, form, effect):
                return done
        except Conflict as conflict:
            if stored is None:
                raise
            version, values = stored()
            now = {
                "version": version,
                "differences": differences(form, values),
                "conflict": conflict.sentence,
            }
            return page(request, "form", {**context, **now}, status=409)
    return page(request, "form", context, form)


def differences(form: forms.Form, values: Mapping[str, Any]) -> list[Difference]:
    """The fields in which a form differs from stored values, in words."""
    found = []
    for bound in form.visible_fields():
        mine = _told(bound.field, form.cleaned_data.get(bound.name))
        theirs = _told(bound.field, values.get(bound.name))
        if mine != theirs:
            found.append(Difference(str(bound.label), mine, theirs))
    return found


def _told(field_: Any, value: Any) -> str:
    """A value of a field as a reader understands it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (list, tuple)):
        return ", ".join(_told(field_, one) for one in value)
    if isinstance(value, date):
        return words.day(value)
    if isinstance(value, Decimal):
        return str(field_.prepare_value(value))
    choices = dict(_flat(getattr(field_, "choices", ())))
    return str(choices.get(str(value), "" if value is None else value))


def _flat(choices: Any) -> list[tuple[str, Any]]:
    """Choices without their groups."""
    found: list[tuple[str, Any]] = []
    for key, label in choices:
        found += _flat(label) if isinstance(label, (list, tuple)) else [(str(key), label)]
    return found


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked before something goes: title, what will happen, the word on the button, the way back."""

    title: str
    text: str
    submit: str
    back: str
    crumbs: Sequence[Link] = ()


def confirmed(request: OrgRequest, plan: Plan, question: Question, effect: Callable[[], str]) -> HttpResponse:
    """Ask first; on yes run the effect."""
    if request.method == "POST":
        return do(request, effect)
    return page(request, "confirm", {"plan": plan, "question": question})


def people_for(viewer: Viewer, *named: Membership | None) -> list[Membership]:
    """Who may answer for something: present members without guests, and who is named already."""
    present = list(members(viewer).filter(valid_until=None).order_by("name", "pk"))
    return present + [one for one in named if one is not None and one not in present]
