"""The form of what is known of the population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from merilo.surveys.actions.weighing import Known
from merilo.web import forms

MOST = 10_000_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to weight by: its code, wording, and answers with their words."""

    code: str
    text: str
    answers: Sequence[tuple[str, str]]


class TotalsForm(forms.Form):
    """How many people of the population would give each answer; left empty, a question is not used."""

    def __init__(self, *args: Any, asked: Sequence[Asked], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        for question in asked:
            for code, words in question.answers:
                self.fields[f"{question.code}-{code}"] = forms.IntegerField(
                    label=f"{question.text} – {words}", min_value=1, max_value=MOST, required=False
                )
            self.fields[f"{question.code}-source"] = forms.CharField(
                label=_("%(question)s – source") % {"question": question.text}, max_length=300, required=False
            )

    def clean(self) -> dict[str, Any]:
        """A question is weighted by with a number for each answer and a source, or not at all."""
        cleaned = super().clean() or {}
        for question in self.asked:
            names = [f"{question.code}-{code}" for code, _words in question.answers]
            names.append(f"{question.code}-source")
            given = [name for name in names if cleaned.get(name)]
            if given and len(given) < len(names):
                for name in set(names) - set(given) - set(self.errors):
                    self.add_error(name, _("Fill in all numbers and the source, or none of them."))
        return cleaned

    def known(self) -> Mapping[str, Known]:
        """The totals by question, of those that were filled in."""
        told = self.cleaned_data
        return {
            question.code: Known(
                {code: told[f"{question.code}-{code}"] for code, _words in question.answers},
                told[f"{question.code}-source"],
            )
            for question in self.asked
            if told.get(f"{question.code}-source")
        }
