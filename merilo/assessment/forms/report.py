"""Forms of the report."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from merilo.assessment.reporting.texts import DEFAULT_PARTS, PARTS
from merilo.core.files import SIGNED
from merilo.web import forms
from merilo.web.written import LineField, TakingIn, TextField


class SectionForm(forms.Form):
    """One text of the report."""

    once_key = False
    mark_required = False
    text = forms.CharField(
        label=_("Text"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("A blank line begins a new paragraph; lines that begin with a dash become a list."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class RevisionForm(forms.Form):
    """In which language a revision is made."""

    language = forms.ChoiceField(
        label=_("Language of the document"), choices=[("bg", "Български"), ("en", "English")]
    )


class ReturnForm(forms.Form):
    """Why a revision is sent back."""

    note = TextField(label=_("What should be changed"), most=2000, rows=4)


class ApprovalForm(TakingIn):
    """An approval given on paper."""

    number = LineField(label=_("Registration number"), most=60)
    date = forms.DateField(label=_("Date of the approval"))
    printed = forms.CharField(
        label=_("First eight characters of the checksum on the signed document"),
        max_length=64,
        help_text=_("It stands at the foot of each page and proves that exactly this revision was signed."),
    )
    file = forms.FileField(
        label=_("Signed document"), kinds=[f".{kind}" for kind in SIGNED], most_megabytes=25
    )


class PublishForm(forms.Form):
    """Which parts everybody may read."""

    parts = forms.MultipleChoiceField(
        label=_("Parts that everybody may read"),
        choices=list(PARTS.items()),
        initial=list(DEFAULT_PARTS),
        required=False,
    )
