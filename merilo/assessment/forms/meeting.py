"""Forms of a meeting: a member's vote, the code that lets a member in."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.assessment.forms.agreement import ScoreFields
from merilo.assessment.rules import scoring
from merilo.core.secret import typed
from merilo.framework.catalogue import Scale
from merilo.web import forms

CANNOT = "cannot"


class CodeForm(forms.Form):
    """The personal code, however its digits were typed."""

    once_key = False
    mark_required = False
    code = forms.CharField(
        label=gettext_lazy("Your code"),
        help_text=gettext_lazy("8 digits, from the mail or from the slip you were given."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "n code"}
        ),
        error_messages={"required": gettext_lazy("Write the 8 digits of your code.")},
    )

    def clean_code(self) -> str:
        """The digits alone."""
        return typed(self.cleaned_data["code"])


class VoteForm(ScoreFields):
    """A member's vote: a number for each component, a tapped value, or that they cannot judge."""

    def __init__(self, *args: Any, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, scale=scale, **kwargs)
        del self.fields["version"], self.fields["justification"]
        single = self.fields.get(f"value-{scoring.SINGLE}")
        if single is not None:
            single.label = _("My score now")

    def clean(self) -> dict[str, Any]:
        """A vote is complete; a tapped value and "cannot judge" stand for all fields."""
        if not self.cannot_judge:
            self.require_values()
        return self.cleaned_data

    @property
    def cannot_judge(self) -> bool:
        return CANNOT in self.data

    def vote(self) -> dict[str, int] | None:
        """The values by component; None: cannot judge."""
        return None if self.cannot_judge else self.values()


def with_tapped(data: Any) -> Any:
    """What was sent, with the value of a tapped button in the place of the typed one."""
    if "quick" not in data:
        return data
    changed = data.copy()
    changed[f"value-{scoring.SINGLE}"] = data["quick"]
    return changed
