"""Pages of one form over something that others may change too: nothing is overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse

from merilo.improvement.models import Plan
from merilo.improvement.views.base import page
from merilo.organisations.api import Membership, OrgRequest, Stored, Viewer, do, edited_form, members
from merilo.web import forms
from merilo.web.items import Link


@dataclass(frozen=True, slots=True)
class Look:
    """What stands around a form: its title, the way to it, where it leads back to."""

    title: str
    back: str
    crumbs: Sequence[Link] = ()
    submit: str = ""
    lead: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


def edited(
    request: OrgRequest,
    plan: Plan,
    form: forms.Form,
    look: Look,
    effect: Callable[[], str],
    *,
    stored: Stored | None = None,
) -> HttpResponse:
    """The page of the form, or what its effect leads to; see organisations.editing."""
    context: dict[str, Any] = {"plan": plan, "form": form, "look": look, **look.more}

    def show(more: Mapping[str, Any], status: int) -> HttpResponse:
        return page(request, "form", {**context, **more}, form, status=status)

    return edited_form(request, form, effect, show, stored=stored)


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
