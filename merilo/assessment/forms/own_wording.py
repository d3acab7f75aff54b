"""The form in which an organisation words explanation and examples for its own people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from merilo.assessment.rules.own_wording import Texts
from merilo.web import forms
from merilo.web.written import TextField

LONGEST_EXPLANATION = 4000
LONGEST_EXAMPLE = 600
MOST_EXAMPLES = 40


class OwnWordingForm(forms.Form):
    """Plain texts; one left empty is the model's own again."""

    mark_required = False
    explanation = TextField(label=_("Explanation"), most=LONGEST_EXPLANATION, rows=10, required=False)
    examples = forms.LinesField(
        label=_("Examples"),
        noun=_("Example"),
        most=LONGEST_EXAMPLE,
        most_lines=MOST_EXAMPLES,
        empty=2,
        required=False,
        help_text=_("One example a field; an empty field is left out."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def texts(self) -> Texts:
        """What was typed; each example on one line and once."""
        examples = (" ".join(text.split()) for text in self.cleaned_data["examples"])
        return Texts(self.cleaned_data["explanation"], tuple(dict.fromkeys(examples)))
