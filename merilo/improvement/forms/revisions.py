"""Forms of approval."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from merilo.core.files import SIGNED
from merilo.improvement.actions.revisions import LONGEST_NOTE, OnPaper
from merilo.web import forms
from merilo.web.written import LineField, TakingIn, TextField


class SubmitForm(forms.Form):
    """In which language a revision is made."""

    language = forms.ChoiceField(
        label=_("Language of the document"), choices=[("bg", "Български"), ("en", "English")]
    )


class ReturnForm(forms.Form):
    """Why a revision is sent back."""

    note = TextField(label=_("What should be changed"), most=LONGEST_NOTE, rows=4)


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

    def paper(self) -> OnPaper:
        """What was typed."""
        return OnPaper(**{name: self.cleaned_data[name] for name in ("number", "date", "printed", "file")})
