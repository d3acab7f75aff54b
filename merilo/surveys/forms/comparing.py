"""What two people typed into the same form, in words beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from merilo.web import forms
from merilo.web.templatetags.words import day

Lines = list[tuple[str, str]]  # the name of a field, its value in words


def differing(sent: forms.Form, stored: forms.Form, names: Mapping[str, str]) -> tuple[Lines, Lines]:
    """Where what was sent is not what is stored by now: as it was sent, and as it is stored.

    Shape: `sent` is cleaned; `stored` is the same form over what is stored, which is its initial value;
    `names` says which fields are compared and what they are called.
    """
    mine, theirs = [], []
    for name, called in names.items():
        field = stored.fields[name]
        typed = _in_words(field, sent.cleaned_data.get(name))
        kept = _in_words(field, stored.get_initial_for_field(field, name))
        if typed != kept:
            mine.append((called, typed))
            theirs.append((called, kept))
    return mine, theirs


def _in_words(field: Any, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return ", ".join(_in_words(field, one) for one in value) or "–"
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal | int):
        return number_format(value)
    return str(dict(getattr(field, "choices", ())).get(value, value or "–"))
