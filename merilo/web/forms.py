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
    IntegerField,
    LinesField,
    MultipleChoiceField,
    Pointed,
    PointsField,
    Scored,
    ScoreField,
    TimeField,
)
from merilo.web.items import Link
from merilo.web.mistakes import error_links, field_target

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
    "field_target",
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
            self.fields["once"] = CharField(
                # Without an id: a page may hold several forms.
                widget=HiddenInput(attrs={"id": False}),
                required=False,
                max_length=64,
            )
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
