"""Forms for a cycle that was done elsewhere: its facts, and what was agreed criterion by criterion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from merilo.assessment.actions.entered import MAPPED, CycleFacts
from merilo.assessment.forms.planning import PeriodMixin, plausible
from merilo.assessment.models import EnteredCycle, Source
from merilo.assessment.queries.entered import KINDS, Said
from merilo.assessment.rules.lines import read_lines
from merilo.assessment.rules.scoring import components_of
from merilo.assessment.worksheets.columns import scale_columns, title
from merilo.assessment.worksheets.words import sentence
from merilo.core.cells import Problem, whole
from merilo.core.files import SIGNED
from merilo.core.periods import Period
from merilo.framework.catalogue import Criterion, Framework, Item, Scale
from merilo.web import forms
from merilo.web.written import LineField, TakingIn, TextField, offer

REASON = gettext_lazy("Why is the entry corrected?")


def reason_field() -> forms.CharField:
    """Asked once the entry is finished; stands on the page of the cycle."""
    return TextField(
        label=REASON, most=1000, rows=2, help_text=gettext_lazy("Stands with the entry for everybody inside.")
    )


class CycleForm(TakingIn, PeriodMixin, forms.Form):
    """What is known of the cycle besides its scores."""

    title = LineField(
        label=gettext_lazy("Title"),
        most=150,
        help_text=gettext_lazy("For example: Self-assessment 2019."),
    )
    source = forms.ChoiceField(label=gettext_lazy("By which model was it done?"))
    method = forms.ChoiceField(label=gettext_lazy("Scoring method"))
    period_from = forms.DateField(label=gettext_lazy("Period under review from"))
    period_until = forms.DateField(label=gettext_lazy("Period under review until"))
    number = LineField(
        label=gettext_lazy("Registration number of the signed report"), most=60, required=False
    )
    date = forms.DateField(label=gettext_lazy("Date of the signed report"), required=False)
    file = forms.FileField(
        label=gettext_lazy("Signed report"), required=False, kinds=[f".{ending}" for ending in SIGNED]
    )

    def __init__(
        self, *args: Any, framework: Framework, cycle: EnteredCycle | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        named = [(Source.SAME.value, framework.title.in_language(language))]
        if framework.code == MAPPED:
            named.append((Source.CAF_2013.value, str(Source.CAF_2013.label)))
        offer(self, "source", named)
        offer(self, "method", [(one.code, one.title.in_language(language)) for one in framework.methods])
        if len(named) == 1:
            del self.fields["source"]
        if cycle is not None:
            self._stored(cycle)

    def _stored(self, cycle: EnteredCycle) -> None:
        """The method stays as it is; a finished entry is changed with a reason."""
        self.fields["method"].disabled = True
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
        if cycle.finished_at is not None:
            self.fields["reason"] = reason_field()

    def clean_date(self) -> dt.date | None:
        return plausible(self.cleaned_data["date"])

    def facts(self) -> CycleFacts:
        data = self.cleaned_data
        return CycleFacts(
            title=data["title"],
            method=data["method"],
            period=Period(data["period_from"], data["period_until"]),
            source=data.get("source") or Source.SAME,
            number=data["number"],
            date=data["date"],
            file=data["file"] or None,
        )


class _Points(forms.CharField):
    """A whole number of the scale of an item, or nothing."""

    def __init__(self, *, code: str, scale: Scale, **options: Any) -> None:
        self.code, self.scale = code, scale
        attrs = {"inputmode": "numeric", "class": "short", "autocomplete": "off"}
        super().__init__(required=False, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> int | None:
        typed = str(value or "").strip()
        if not typed:
            return None
        number, low, high = whole(typed), self.scale.minimum, self.scale.maximum
        if number is None or not low <= number <= high:
            words = _("%(part)s: enter a whole number from %(low)s to %(high)s")
            raise ValidationError(words % {"part": f"{self.code}, {self.label}", "low": low, "high": high})
        return number


class _Thoughts(forms.CharField):
    """One thought per line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False, strip=False, widget=forms.Textarea(attrs={"rows": 3, "class": "tall"}), **options
        )

    def clean(self, value: Any) -> tuple[str, ...]:
        found = read_lines(str(value or ""))
        for finding in found.findings:
            if finding.blocks:
                params = {"line": finding.subject, **finding.params}
                raise ValidationError(sentence(Problem(finding.code, "", params=params)))
        return found.lines


class CriterionForm(forms.Form):
    """The agreed scores and statements of one criterion."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        *args: Any,
        framework: Framework,
        criterion: Criterion,
        cycle: EnteredCycle,
        said: Mapping[str, Said],
        **kwargs: Any,
    ) -> None:
        initial = {"version": cycle.version}
        super().__init__(*args, initial=initial, **kwargs)
        self.items = criterion.items
        self.method = cycle.assessment.method
        self.framework = framework
        for item in self.items:
            self._add(item, said[item.code])
        if cycle.finished_at is not None:
            self.fields["reason"] = reason_field()

    def _scale(self, item: Item) -> Scale:
        return self.framework.scale_for(item.code, self.method)

    def _add(self, item: Item, said: Said) -> None:
        scale = self._scale(item)
        for key, name in scale_columns(scale, get_language() or "en"):
            self.fields[_name(item, key)] = _Points(code=item.code, label=name, scale=scale)
            self.initial[_name(item, key)] = said.values.get(key, "")
        for kind in KINDS:
            self.fields[_name(item, kind)] = _Thoughts(label=title(kind.value))
            self.initial[_name(item, kind)] = "\n".join(said.lines[kind.value])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for item in self.items:
            names = [_name(item, part) for part in components_of(self._scale(item))]
            empty = [name for name in names if data.get(name) is None and name not in self.errors]
            if 0 < len(empty) < len(names):
                words = _("The score is half filled in: give all its parts or none.")
                self.add_error(empty[0], f"{item.code}: {words}")
        return data

    def groups(self) -> Iterable[tuple[Item, list[Any], list[Any]]]:
        """Each item with its fields for points and for thoughts."""
        for item in self.items:
            points = [self[_name(item, part)] for part in components_of(self._scale(item))]
            yield item, points, [self[_name(item, kind)] for kind in KINDS]

    def rows(self) -> dict[str, Said]:
        """What was typed for each item."""
        return {item.code: self._said(item) for item in self.items}

    def _said(self, item: Item) -> Said:
        data = self.cleaned_data
        parts = {part: data[_name(item, part)] for part in components_of(self._scale(item))}
        return Said(
            {part: value for part, value in parts.items() if value is not None},
            {kind.value: data[_name(item, kind)] for kind in KINDS},
        )


def _name(item: Item, key: str) -> str:
    return f"i{item.code}-{key}".replace(".", "_")
