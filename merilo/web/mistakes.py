"""The mistakes of a form as links, for the summary on top of a page."""

from __future__ import annotations

from django import forms
from django.forms import CheckboxSelectMultiple, RadioSelect
from django.utils.translation import gettext_noop

from merilo.web.items import Link

# Sentences of the library that our catalogues say in better words.
gettext_noop("Null characters are not allowed.")


def error_links(form: forms.BaseForm) -> list[Link]:
    """The mistakes of a form for the summary: the words beside the field, leading to the field."""
    links = [Link(str(error)) for error in form.non_field_errors()]
    for field in form:
        target = "" if field.is_hidden else f"#{field_target(field)}"
        links += [Link(str(error), target) for error in field.errors]
    return links


def field_target(field: forms.BoundField) -> str:
    """The id a link to a field leads to: its own, or that of its first choice."""
    widget = field.field.widget
    if hasattr(widget, "first_id"):
        return str(widget.first_id(field.auto_id, field.value()))
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return f"{field.auto_id}_0"
    return str(field.id_for_label or field.auto_id)
