"""Choosing the file of a questionnaire; what is inside is read elsewhere."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from merilo.surveys.interchange.uploads import KINDS
from merilo.web import forms


class DefinitionForm(forms.Form):
    """One file; those of other kinds are refused with the way to turn them into one."""

    once_key = False

    file = forms.FileField(
        label=_("File with the questionnaire"),
        help_text=_("XLSForm (.xlsx), LimeSurvey (.lss) or this platform's own .json, up to 5 MB"),
        most_megabytes=5,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ",".join(KINDS)
