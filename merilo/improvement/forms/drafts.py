"""Forms of measures that are offered: offering one, accepting one, declining one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from merilo.core.references import Reference
from merilo.improvement.actions.drafts import Offered
from merilo.improvement.forms.measures import WhatForm
from merilo.improvement.models import Draft
from merilo.web import forms
from merilo.web.written import TextField


class OfferForm(WhatForm):
    """What might be done because of something that was seen."""

    field_order = ("text", "note", "codes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "objective", "goals"):
            del self.fields[name]
        self.fields["note"].label = _("Why")
        self.fields["note"].help_text = _("What you saw, and what would be better afterwards.")

    def offered(self, sources: list[Reference]) -> Offered:
        """What was typed."""
        data = self.cleaned_data
        return Offered(data["text"], data["note"], data["codes"], sources)


class DeclineForm(forms.Form):
    """Why a draft does not become a measure."""

    reason = TextField(
        label=_("Reason"), most=2_000, rows=3, help_text=_("Whoever offered the measure reads it.")
    )


def initial_of(draft: Draft) -> dict[str, Any]:
    """What the form of a measure shows before anything is typed by who accepts it."""
    return {"text": draft.text, "note": draft.note, "codes": ", ".join(draft.codes)}
