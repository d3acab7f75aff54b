"""Choosing a filled-in workbook; what is inside is read elsewhere."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from merilo.web import forms


class WorkbookForm(forms.Form):
    """One .xlsx; workbooks of other kinds are refused with the way to turn them into one."""

    once_key = False

    file = forms.FileField(
        label=_("Filled-in workbook"),
        help_text=_("Excel Workbook (.xlsx), up to 5 MB"),
        most_megabytes=5,
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".xlsx"
