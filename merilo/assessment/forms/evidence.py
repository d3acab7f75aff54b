"""Forms of the shelf: one for each kind of evidence, and what it is used for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merilo.assessment.actions.evidence import Content
from merilo.assessment.models import Evidence, EvidenceKind
from merilo.core import files
from merilo.core.texts import BadText, clean_line, clean_text
from merilo.framework.catalogue import Framework, Item
from merilo.organisations.api import Unit
from merilo.web import forms
from merilo.web.written import TakingIn

FIRST_YEAR = 1990
LONGEST_PAGE = 60
_ENDINGS = [f".{ending}" for ending in files.DOCUMENTS]


class ShelfFields(forms.Form):
    """What is asked of everything that goes on the shelf."""

    today: date
    year = forms.IntegerField(
        label=gettext_lazy("Year it speaks of"),
        required=False,
        min_value=FIRST_YEAR,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"}),
    )
    only_coordinator = forms.ChoiceField(
        label=gettext_lazy("Who sees it?"),
        choices=[
            ("no", gettext_lazy("Everyone in the group")),
            ("yes", gettext_lazy("Only the coordinator and the one who adds it")),
        ],
        initial="no",
    )

    def clean_year(self) -> int | None:
        year: int | None = self.cleaned_data["year"]
        if year is not None and year > self.today.year + 1:
            raise ValidationError(_("Enter a year up to %(year)s.") % {"year": self.today.year + 1})
        return year


class EvidenceForm(ShelfFields):
    """What every kind of evidence has; subclasses add what their kind asks."""

    field_order = ["title", "unit", "year", "only_coordinator", "version"]
    kind = ""
    beside: Sequence[str] = ()  # names of short fields that stand in one row
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300)
    unit = forms.ChoiceField(
        label=gettext_lazy("Which unit does it come from?"), required=False, widget=forms.Select
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def __init__(
        self, *args: Any, units: Iterable[Unit], today: date, evidence: Evidence | None = None, **kwargs: Any
    ) -> None:
        self.units = {str(unit.pk): unit for unit in units}
        self.today, self.evidence = today, evidence
        kwargs.setdefault("initial", self._initial_of(evidence) if evidence else {})
        super().__init__(*args, **kwargs)
        choices = [("", _("Not said")), *((key, unit.name) for key, unit in self.units.items())]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]

    def _initial_of(self, evidence: Evidence) -> dict[str, Any]:
        return {
            "title": evidence.title,
            "unit": str(evidence.unit_id or ""),
            "year": evidence.year,
            "only_coordinator": "yes" if evidence.only_coordinator else "no",
            "version": evidence.version,
            "url": evidence.url,
            "text": evidence.text,
        }

    def clean_title(self) -> str:
        return _clean_line(self.cleaned_data["title"], 300)

    def content(self) -> Content:
        """The checked fields as the action takes them."""
        data = self.cleaned_data
        return Content(
            title=data["title"],
            year=data["year"],
            unit=self.units.get(data["unit"]),
            url=data.get("url", ""),
            text=data.get("text", ""),
            details=self.details(),
            only_coordinator=data["only_coordinator"] == "yes",
            upload=data.get("file"),
        )

    @property
    def last_beside(self) -> str:
        """The field that ends the row of short fields."""
        return self.beside[-1] if self.beside else ""

    def details(self) -> dict[str, Any]:
        """What only this kind has, as plain data."""
        return {}


class TextMixin(forms.Form):
    """A text of several lines, cleaned."""

    def clean_text(self) -> str:
        try:
            return clean_text(self.cleaned_data["text"], 5000)
        except BadText as error:
            raise ValidationError(error.sentence) from error


class WebMixin(forms.Form):
    """An address of the web and of nothing else: it is shown as a link to other people."""

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if url and not url.startswith(("https://", "http://")):
            raise ValidationError(_("Enter an address that begins with https:// or http://."))
        return url


class DocumentForm(TakingIn, TextMixin, EvidenceForm):
    kind = EvidenceKind.DOCUMENT
    file = forms.FileField(label=gettext_lazy("File"), required=False, kinds=_ENDINGS)
    text = forms.CharField(
        label=gettext_lazy("Without a file: where the document is kept"),
        required=False,
        help_text=gettext_lazy("For example: registry of the secretary, file 12/2025."),
    )
    field_order = ["title", "file", "text", "unit", "year", "only_coordinator"]

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        has_file = self.cleaned_data.get("file") or (self.evidence and self.evidence.file_id)
        if not has_file and not self.cleaned_data.get("text") and not self.errors:
            self.add_error("file", _("Choose a file or say where the document is kept."))
        return data


class LinkForm(WebMixin, EvidenceForm):
    kind = EvidenceKind.LINK
    url = forms.URLField(
        label=gettext_lazy("Address"),
        max_length=1000,
        assume_scheme="https",
        help_text=gettext_lazy("Also an address inside the administration's document system."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    field_order = ["title", "url", "unit", "year", "only_coordinator"]


class NoteForm(TextMixin, EvidenceForm):
    kind = EvidenceKind.NOTE
    text = forms.CharField(label=gettext_lazy("What you know and from where"), widget=forms.Textarea)
    field_order = ["title", "text", "unit", "year", "only_coordinator"]


class IndicatorForm(EvidenceForm):
    """A figure with the values of three years, its target and which way is better."""

    kind = EvidenceKind.INDICATOR
    measure = forms.CharField(
        label=gettext_lazy("Measured in"),
        max_length=60,
        help_text=gettext_lazy("For example: %, minutes, number of requests."),
        widget=forms.TextInput(attrs={"class": "short"}),
    )
    better = forms.ChoiceField(
        label=gettext_lazy("Which way is better?"),
        choices=[("higher", gettext_lazy("Higher is better")), ("lower", gettext_lazy("Lower is better"))],
        initial="higher",
    )
    target = forms.DecimalField(label=gettext_lazy("Target for the last year"), required=False)
    source = forms.CharField(label=gettext_lazy("Source of the values"), max_length=200, required=False)
    field_order = ["title", "measure", "better"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = dict(self.evidence.details.get("values", {})) if self.evidence else {}
        last = max((int(year) for year in stored), default=self.today.year - 1)
        self.years = sorted({last - 2, last - 1, last} | {int(year) for year in stored})
        for year in self.years:
            self.fields[f"value_{year}"] = forms.DecimalField(
                label=_("Value for %(year)s") % {"year": year}, required=False
            )
            if str(year) in stored:
                self.initial[f"value_{year}"] = Decimal(stored[str(year)])
        values = [f"value_{year}" for year in self.years]
        self.beside = [*values, "target"]
        self.order_fields(
            ["title", "measure", "better", *values, "target", "source", "unit", "year", "only_coordinator"]
        )

    def _initial_of(self, evidence: Evidence) -> dict[str, Any]:
        details = evidence.details
        return super()._initial_of(evidence) | {
            "measure": details.get("measure", ""),
            "better": details.get("better", "higher"),
            "target": Decimal(details["target"]) if details.get("target") else None,
            "source": details.get("source", ""),
        }

    def clean_measure(self) -> str:
        return _clean_line(self.cleaned_data["measure"], 60)

    def clean_source(self) -> str:
        return _clean_line(self.cleaned_data["source"], 200)

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        if not self.errors and not self._values():
            self.add_error(f"value_{self.years[-1]}", _("Enter the value of at least one year."))
        return data

    def _values(self) -> dict[str, str]:
        typed = {str(year): self.cleaned_data.get(f"value_{year}") for year in self.years}
        return {year: str(value) for year, value in typed.items() if value is not None}

    def details(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "measure": data["measure"],
            "values": self._values(),
            "target": "" if data["target"] is None else str(data["target"]),
            "better": data["better"],
            "source": data["source"],
        }


class SurveyForm(TextMixin, WebMixin, EvidenceForm):
    """The result of a survey made elsewhere, with what one needs to trust it."""

    kind = EvidenceKind.SURVEY
    text = forms.CharField(
        label=gettext_lazy("What came out"),
        widget=forms.Textarea,
        help_text=gettext_lazy("For example: 63 % of the staff know the goals of their unit."),
    )
    wave = forms.CharField(
        label=gettext_lazy("Wave"),
        max_length=60,
        help_text=gettext_lazy("When the survey was made, for example: October 2025."),
    )
    n = forms.IntegerField(
        label=gettext_lazy("Number of answers"),
        min_value=1,
        max_value=10_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short", "autocomplete": "off"}),
    )
    method = forms.CharField(
        label=gettext_lazy("How people were asked"),
        max_length=200,
        help_text=gettext_lazy("For example: online questionnaire to all employees."),
    )
    url = forms.URLField(
        label=gettext_lazy("Address of the full results"),
        required=False,
        max_length=1000,
        assume_scheme="https",
    )
    field_order = ["title", "text", "wave", "n", "method", "url", "unit", "year", "only_coordinator"]

    def _initial_of(self, evidence: Evidence) -> dict[str, Any]:
        details = evidence.details
        return super()._initial_of(evidence) | {key: details.get(key, "") for key in ("wave", "n", "method")}

    def clean_wave(self) -> str:
        return _clean_line(self.cleaned_data["wave"], 60)

    def clean_method(self) -> str:
        return _clean_line(self.cleaned_data["method"], 200)

    def details(self) -> dict[str, Any]:
        return {key: self.cleaned_data[key] for key in ("wave", "n", "method")}


class ReferredForm(TextMixin, EvidenceForm):
    """A result of another room: its figures come from there, the rest is said here."""

    text = forms.CharField(
        label=gettext_lazy("Your remark"),
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("What the figure means for the sub-criterion, if that needs saying."),
    )
    field_order = ["title", "text", "unit", "year", "only_coordinator"]

    def __init__(self, *args: Any, evidence: Evidence, **kwargs: Any) -> None:
        self.kind = evidence.kind
        self._details: dict[str, Any] = evidence.details
        super().__init__(*args, evidence=evidence, **kwargs)

    def details(self) -> dict[str, Any]:
        return self._details


FORMS: dict[str, type[EvidenceForm]] = {
    form.kind: form for form in (DocumentForm, LinkForm, NoteForm, IndicatorForm, SurveyForm)
}


@dataclass(frozen=True, slots=True)
class UseField:
    """One item that the evidence may be used for, with the page; `was` is None where no tick was shown."""

    item: Item
    chosen: bool
    page: str
    was: str | None


class Uses:
    """Which items the evidence is used for: ticks `use` and texts `page-<code>`.

    `shown` is what the page had ticked when it was opened; it comes along as `was-<code>`.
    """

    def __init__(self, framework: Framework, data: QueryDict | None, stored: dict[str, str]) -> None:
        self.error = ""
        codes = [item.code for item in framework.items]
        if data is not None:
            ticked = set(data.getlist("use"))
            stored = {code: data.get(f"page-{code}", "") for code in codes if code in ticked}
            self.shown = {code: data.get(f"was-{code}", "") for code in codes if f"was-{code}" in data}
        else:
            self.shown = dict(stored)
        self.stored = stored
        self.groups = [
            (
                criterion,
                [self._field(item) for item in criterion.items],
            )
            for criterion in framework.criteria
        ]

    def _field(self, item: Item) -> UseField:
        code = item.code
        return UseField(item, code in self.stored, self.stored.get(code, ""), self.shown.get(code))

    def clean(self) -> dict[str, str]:
        """Code -> page; fills `error` and gives nothing when a page cannot be kept."""
        try:
            return {code: clean_line(page, LONGEST_PAGE) for code, page in self.stored.items()}
        except BadText as error:
            self.error = error.sentence
            return {}


def pages_sent(data: QueryDict, shown: Iterable[Evidence]) -> dict[UUID, str]:
    """Evidence id -> page for the ticked ones among those shown; raises BadText."""
    ticked = set(data.getlist("use"))
    chosen = [row.pk for row in shown if str(row.pk) in ticked]
    return {pk: clean_line(data.get(f"page-{pk}", ""), LONGEST_PAGE) for pk in chosen}


def pages_shown(data: QueryDict, rows: Iterable[Evidence]) -> dict[UUID, str]:
    """Evidence id -> page for those that the page had ticked when it was opened."""
    return {row.pk: data.get(f"was-{row.pk}", "") for row in rows if f"was-{row.pk}" in data}


def _clean_line(text: str, most: int) -> str:
    try:
        return clean_line(text, most)
    except BadText as error:
        raise ValidationError(error.sentence) from error
