"""The note with which a sheet is sent back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from merilo.core.texts import clean_text, cleaner
from merilo.web import forms

LONGEST = 500


class SheetNoteForm(forms.Form):
    """What the holder of a sheet should look at again."""

    mark_required = False
    note = forms.CharField(
        label=_("What should be changed or completed?"),
        help_text=_("The holder of the sheet reads this on “My work”; it stays in the record."),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what should be changed.")},
    )

    clean_note_text = staticmethod(cleaner(clean_text, LONGEST))

    def clean_note(self) -> str:
        return self.clean_note_text(self.cleaned_data["note"])
