"""The form by which somebody scores one item of a written case, for practice."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from merilo.assessment.forms.agreement import ScoreFields
from merilo.assessment.rules import scoring
from merilo.framework.catalogue import Scale


class PracticeForm(ScoreFields):
    """Every value of the scale, and why in a line."""

    def __init__(self, *args: Any, scale: Scale, **kwargs: Any) -> None:
        super().__init__(*args, scale=scale, **kwargs)
        del self.fields["version"]
        self.order_fields([*self._value_names(), "justification"])
        self.fields["justification"].label = _("Why, in one line")
        if single := self.fields.get(f"value-{scoring.SINGLE}"):
            single.label = _("Your score")
        for part in scale.components:
            self.fields[f"value-{part.code}"].help_text = part.text.in_language(get_language() or "")

    def clean(self) -> dict[str, Any]:
        """A score of practice is complete."""
        self.require_values()
        return self.cleaned_data
