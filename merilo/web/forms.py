"""Forms that render as our fields: one renderer, one field template, own fields for our own questions.

Pages import everything from here, the fields of `django.forms` included.
"""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.forms import (
    BooleanField,
    CharField,
    CheckboxInput,
    CheckboxSelectMultiple,
    EmailField,
    HiddenInput,
    IntegerField,
    PasswordInput,
    RadioSelect,
    Select,
    Textarea,
    TextInput,
    URLField,
    ValidationError,
)
from django.forms.renderers import DjangoTemplates, TemplatesSetting
from django.template import TemplateDoesNotExist
from django.utils.translation import gettext as _

from merilo.web.fields import (
    ChoiceField,
    DateField,
    DecimalField,
    FileField,
    LinesField,
    MultipleChoiceField,
    Pointed,
    PointsField,
    Scored,
    ScoreField,
    TimeField,
)
from merilo.web.items import Link

__all__ = [
    "BooleanField",
    "CharField",
    "CheckboxInput",
    "CheckboxSelectMultiple",
    "ChoiceField",
    "DateField",
    "DecimalField",
    "EmailField",
    "FileField",
    "Form",
    "HiddenInput",
    "IntegerField",
    "LinesField",
    "ModelForm",
    "MultipleChoiceField",
    "PasswordInput",
    "Pointed",
    "PointsField",
    "RadioSelect",
    "Renderer",
    "ScoreField",
    "Scored",
    "Select",
    "TextInput",
    "Textarea",
    "TimeField",
    "URLField",
    "ValidationError",
    "error_links",
]


class Renderer(TemplatesSetting):
    """Our templates for forms and fields; Django's own for plain widgets."""

    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"

    def __init__(self) -> None:
        super().__init__()
        self._plain = DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        """The project's template, or Django's where the project has none."""
        try:
            return super().get_template(template_name)
        except TemplateDoesNotExist:
            return self._plain.get_template(template_name)


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


def _missing(field: forms.Field) -> str:
    """The sentence for a required field left empty."""
    label = {"label": field.label}
    if isinstance(field, forms.BooleanField):
        return _("Confirm: %(label)s") % label
    if isinstance(field, forms.FileField):
        return _("Choose a file: %(label)s") % label
    if isinstance(field, forms.ChoiceField):
        return _("Choose: %(label)s") % label
    return _("Fill in: %(label)s") % label


class _Common(forms.BaseForm):
    """What our forms add: the summary and the one-time key against double sending."""

    once_key = True
    mark_required = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.once_key:
            self.fields["once"] = CharField(widget=HiddenInput, required=False, max_length=64)
            self.initial.setdefault("once", secrets.token_urlsafe(18))

    def full_clean(self) -> None:
        """What is missing is named, so that the summary does not say the same of three fields."""
        for field in self.fields.values():
            if (
                field.required
                and field.error_messages.get("required") == forms.Field.default_error_messages["required"]
            ):
                field.error_messages["required"] = _missing(field)
        super().full_clean()

    @property
    def error_links(self) -> list[Link]:
        """The mistakes for the summary."""
        return error_links(self)

    def add_prefix(self, field_name: str) -> str:
        """The one-time key keeps its name in forms with a prefix."""
        return field_name if field_name == "once" else super().add_prefix(field_name)


class Form(_Common, forms.Form):
    """A form of our own; see `once_key` and `mark_required`."""


class ModelForm(_Common, forms.ModelForm):  # type: ignore[type-arg]
    """A form over a table; actions do the writing, so `save` stays unused."""
