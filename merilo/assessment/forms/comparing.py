"""Choosing the two self-assessments that are set side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from merilo.assessment.models import Assessment
from merilo.assessment.words import titled
from merilo.web import forms
from merilo.web.written import offer


class CyclesForm(forms.Form):
    """Two different cycles; sent with the address, so that a comparison can be kept as a link."""

    once_key = False
    mark_required = False
    before = forms.ChoiceField(label=_("Earlier cycle"), widget=forms.Select)
    after = forms.ChoiceField(label=_("Later cycle"), widget=forms.Select)

    def __init__(self, data: Mapping[str, Any] | None, *, cycles: Sequence[Assessment]) -> None:
        super().__init__(data)
        self.cycles = {str(cycle.pk): cycle for cycle in cycles}
        for name in ("before", "after"):
            offer(self, name, [(key, titled(cycle)) for key, cycle in self.cycles.items()])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("before") and data.get("before") == data.get("after"):
            self.add_error("after", _("Choose two different cycles."))
        return data

    def pair(self) -> tuple[Assessment, Assessment]:
        """The chosen two, the earlier one first."""
        order = list(self.cycles)
        later, earlier = sorted((self.cleaned_data["before"], self.cleaned_data["after"]), key=order.index)
        return self.cycles[earlier], self.cycles[later]
