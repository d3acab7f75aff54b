"""The form of what everybody may see of a survey."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from merilo.web import forms

Choices = list[tuple[str, str]]


class PublishForm(forms.Form):
    """Questions, breakdowns and open answers that everybody may see."""

    questions = forms.MultipleChoiceField(label=_("Questions"), required=False)
    by = forms.MultipleChoiceField(
        label=_("Broken down by"),
        help_text=_("Only for the chosen questions. Small groups stay hidden as on your own page."),
        required=False,
    )
    texts = forms.MultipleChoiceField(
        label=_("Open answers that were read"),
        help_text=_("Only as they stand after names were taken out, in random order."),
        required=False,
    )
    open_data = forms.BooleanField(label=_("Also as open data (CSV and JSON)"), required=False)

    def __init__(self, *args: Any, questions: Choices, by: Choices, texts: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("questions", questions), ("by", by), ("texts", texts)):
            if choices:
                self.fields[name].choices = choices  # type: ignore[attr-defined]
            else:
                del self.fields[name]
