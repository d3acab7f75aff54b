"""Forms of the yearly report: one for each part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.surveys.models import Survey
from merilo.surveys.rules import yearly
from merilo.surveys.yearly.words import METHODS, SIGNALS, STATES, TEXTS
from merilo.web import forms
from merilo.web.written import LineField, TextField, offer

SPARE = 3  # empty rows under the measures
MOST_MEASURES = 40


class NewReportForm(forms.Form):
    """For which year."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)


class TextsForm(forms.Form):
    """What is told in running text."""

    def __init__(self, *args: Any, parts: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, initial=parts.get("texts", {}), **kwargs)
        for code in yearly.TEXTS:
            label, help_text = TEXTS[code]
            self.fields[code] = TextField(
                label=label, help_text=help_text, required=False, most=8_000, rows=7
            )

    def value(self) -> dict[str, str]:
        """The texts by their codes."""
        return {code: self.cleaned_data[code] for code in yearly.TEXTS if self.cleaned_data[code]}


class MethodsForm(forms.Form):
    """Which ways of hearing the users were used, when, with how many people."""

    PARTS: ClassVar[dict[str, str | Promise]] = {
        "when": gettext_lazy("When"),
        "sample": gettext_lazy("Whom and how many"),
        "note": gettext_lazy("What came out of it"),
    }

    def __init__(self, *args: Any, parts: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = parts.get("methods", {})
        for code in yearly.METHODS:
            row = kept.get(code, {})
            used = forms.BooleanField(label=str(METHODS[code]), required=False, initial=row.get("used"))
            self.fields[f"{code}_used"] = used
            for key, label in self.PARTS.items():
                field = TextField if key == "note" else LineField
                options: dict[str, Any] = {"most": 2_000, "rows": 2} if key == "note" else {"most": 200}
                self.fields[f"{code}_{key}"] = field(
                    label=label, required=False, initial=row.get(key, ""), **options
                )

    def rows(self) -> list[tuple[Any, list[Any]]]:
        """For each way the field that says it was used, and those that say how."""
        return [
            (self[f"{code}_used"], [self[f"{code}_{key}"] for key in self.PARTS]) for code in yearly.METHODS
        ]

    def value(self) -> dict[str, dict[str, Any]]:
        """What was said of each way; ways of which nothing was said are left out."""
        found = {
            code: {key: self.cleaned_data[f"{code}_{key}"] for key in ("used", *self.PARTS)}
            for code in yearly.METHODS
        }
        return {code: row for code, row in found.items() if any(row.values())}


class SignalsForm(forms.Form):
    """How many complaints, signals, proposals and words of praise came in."""

    def __init__(self, *args: Any, parts: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, initial=parts.get("signals", {}), **kwargs)
        for code in yearly.SIGNALS:
            self.fields[code] = forms.IntegerField(
                label=str(SIGNALS[code]), required=False, min_value=0, max_value=1_000_000
            )
        self.fields["note"] = TextField(label=_("What they were about"), required=False, most=4_000, rows=5)

    def value(self) -> dict[str, Any]:
        """The counts by kind and the text; what was not filled in is left out."""
        said = {key: self.cleaned_data[key] for key in (*yearly.SIGNALS, "note")}
        return {key: value for key, value in said.items() if value not in (None, "")}


class MeasuresForm(forms.Form):
    """What was done and what is planned: rows of a measure, who answers for it, by when, how it stands."""

    def __init__(self, *args: Any, parts: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = parts.get("measures", [])
        sent = sum(1 for name in self.data if name.endswith("_text")) if self.is_bound else 0
        self.count = min(max(len(kept) + SPARE, sent), MOST_MEASURES)
        for number in range(self.count):
            row = kept[number] if number < len(kept) else {}
            self._add(number, row)

    def _add(self, number: int, row: Mapping[str, str]) -> None:
        for key, label, most in (
            ("text", _("What is done"), 500),
            ("who", _("Who answers for it"), 200),
            ("when", _("By when"), 100),
        ):
            field = LineField(label=label, required=False, most=most, initial=row.get(key, ""))
            self.fields[f"m{number}_{key}"] = field
        self.fields[f"m{number}_state"] = forms.ChoiceField(
            label=_("State"),
            required=False,
            choices=[("", "–"), *STATES.items()],
            widget=forms.Select,
            initial=row.get("state", ""),
        )

    def rows(self) -> list[list[Any]]:
        """The fields of each row."""
        return [
            [self[f"m{number}_{key}"] for key in ("text", "who", "when", "state")]
            for number in range(self.count)
        ]

    def clean(self) -> dict[str, Any]:
        """A row about a measure says which."""
        data = super().clean() or self.cleaned_data
        for number in range(self.count):
            others = [data.get(f"m{number}_{key}") for key in ("who", "when", "state")]
            if any(others) and not data.get(f"m{number}_text"):
                self.add_error(f"m{number}_text", _("Say which measure, or empty the row."))
        return data

    def value(self) -> list[dict[str, str]]:
        """The measures in their order; empty rows are left out."""
        rows = [
            {key: self.cleaned_data[f"m{number}_{key}"] for key in ("text", "who", "when", "state")}
            for number in range(self.count)
        ]
        return [row for row in rows if row["text"]]


class SurveysForm(forms.Form):
    """Of which closed surveys the report tells."""

    surveys = forms.MultipleChoiceField(label=gettext_lazy("Surveys"), required=False)

    def __init__(self, *args: Any, closed: Iterable[Survey], chosen: Iterable[Survey], **kwargs: Any) -> None:
        self.closed = {str(survey.pk): survey for survey in closed}
        super().__init__(*args, initial={"surveys": [str(survey.pk) for survey in chosen]}, **kwargs)
        offer(self, "surveys", [(key, survey.named) for key, survey in self.closed.items()])

    def value(self) -> list[Survey]:
        """The chosen surveys."""
        return [self.closed[key] for key in self.cleaned_data["surveys"]]
