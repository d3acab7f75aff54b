"""Forms of proposals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.improvement.actions.proposals import ProposalFacts
from merilo.improvement.models import Plan, Proposal
from merilo.improvement.rules.wording import MOST
from merilo.web import forms
from merilo.web.written import LineField, TextField, offer


class ProposalForm(forms.Form):
    """Wording, explanation, theme, and the success factors it serves."""

    text = LineField(label=gettext_lazy("Wording"), most=MOST, widget=forms.Textarea(attrs={"rows": 2}))
    note = TextField(label=gettext_lazy("Explanation"), required=False, most=3_000, rows=3)
    theme = LineField(label=gettext_lazy("Theme"), required=False, most=100)
    factors = forms.MultipleChoiceField(
        label=gettext_lazy("Critical success factors it serves"), required=False
    )

    def __init__(self, data: Any, *, plan: Plan, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["theme"].widget.attrs["list"] = "themes"
        offer(self, "factors", [(str(place), text) for place, text in enumerate(plan.factors)])
        if not plan.factors:
            del self.fields["factors"]

    def facts(self) -> ProposalFacts:
        """What was typed."""
        data = self.cleaned_data
        factors = [int(place) for place in data.get("factors", ())]
        return ProposalFacts(data["text"], data["note"], data["theme"], factors)


def initial_of(proposal: Proposal) -> dict[str, Any]:
    """What the form shows before anything is typed."""
    return {
        "text": proposal.text,
        "note": proposal.note,
        "theme": proposal.theme.name if proposal.theme else "",
        "factors": [str(place) for place in proposal.factors],
    }


class MergeForm(forms.Form):
    """The proposal that comes into this one."""

    other = forms.ChoiceField(label=gettext_lazy("Proposal that comes in"), widget=forms.Select)

    def __init__(self, data: Any, *, others: Sequence[Proposal]) -> None:
        super().__init__(data)
        self.others = {str(one.pk): one for one in others}
        offered = [(key, f"{one.number}. {one.text}") for key, one in self.others.items()]
        offer(self, "other", [("", _("Choose")), *offered])
