"""Pages of one form over something that others may change too: nothing is overwritten unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from merilo.core.errors import Conflict
from merilo.organisations.acting import act
from merilo.organisations.http import OrgRequest
from merilo.web import forms

Stored = Callable[[], tuple[int, Mapping[str, Any]]]
Show = Callable[[Mapping[str, Any], int], HttpResponse]


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which what was typed differs from what is stored meanwhile."""

    label: str
    mine: str
    theirs: str


def edited_form(
    request: OrgRequest,
    form: forms.Form,
    effect: Callable[[], str],
    show: Show,
    *,
    stored: Stored | None = None,
) -> HttpResponse:
    """The page of the form, or what its effect leads to.

    `show` draws the page from context and status, and makes it 422 where the form was refused. `stored` reads
    version and initial values anew: after a conflict both stand side by side.
    """
    context: dict[str, Any] = {}
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
            told = {"differences": differences(form, values), "conflict": conflict.sentence}
            return show({"version": version, **told}, 409)
    return show(context, 200)


def version_of(request: OrgRequest) -> int:
    """The version that a form was filled in with; 0 for what no form of ours sends."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else 0


def differences(form: forms.Form, values: Mapping[str, Any]) -> list[Difference]:
    """The fields in which a form differs from stored values, in words."""
    found = []
    for bound in form.visible_fields():
        mine = _told(bound.field, form.cleaned_data.get(bound.name))
        theirs = _told(bound.field, values.get(bound.name))
        if mine != theirs:
            found.append(Difference(str(bound.label), mine, theirs))
    return found


def _told(field: Any, value: Any) -> str:
    """A value of a field as a reader understands it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (list, tuple)):
        return ", ".join(_told(field, one) for one in value)
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, Decimal):
        return str(field.prepare_value(value))
    choices = dict(_flat(getattr(field, "choices", ())))
    said = "" if value is None else str(value)
    return str(choices.get(said, said))


def _flat(choices: Any) -> list[tuple[str, Any]]:
    """Choices without their groups."""
    found: list[tuple[str, Any]] = []
    for key, label in choices:
        found += _flat(label) if isinstance(label, (list, tuple)) else [(str(key), label)]
    return found
