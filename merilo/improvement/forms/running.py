"""The form of a check-in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from merilo.improvement.actions.running import Said, StepSaid
from merilo.improvement.models import Activity, Measure, Signal
from merilo.improvement.models import MeasureState as States
from merilo.improvement.queries.board import Row
from merilo.improvement.rules.states import LIVE, MeasureState, needs_reason, targets
from merilo.web import forms
from merilo.web.written import TextField, offer

WHOLE = 100


class PercentField(forms.IntegerField):
    """How far something is, in whole percent."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "numeric", "class": "short", "autocomplete": "off"}
        super().__init__(min_value=0, max_value=WHOLE, widget=forms.TextInput(attrs=attrs), **options)


class CheckInForm(forms.Form):
    """How a measure goes: its state, how far its activities are, the signal, and a text."""

    state = forms.ChoiceField(label=_("State"))
    signal = forms.ChoiceField(
        label=_("How does it lie in time?"),
        required=False,
        help_text=_("The rule says it by itself. Another signal needs a reason."),
    )
    text = TextField(
        label=_("How does it go?"),
        most=5_000,
        rows=4,
        required=False,
        help_text=_("What was done, what comes next, what is in the way."),
    )

    def __init__(self, *args: Any, row: Row, drops: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row, self.measure, self.activities = row, row.measure, list(row.measure.activities.all())
        offer(self, "state", _states(self.measure, drops=drops))
        rule = Signal(row.by_rule).label if row.by_rule else ""
        by_rule = gettext("By the rule: %(signal)s") % {"signal": rule} if rule else gettext("By the rule")
        offer(self, "signal", [("", by_rule), *Signal.choices])
        self._add_percents(self.activities)
        self.order_fields(["state", *self._names(self.activities), "signal", "text"])

    def _add_percents(self, activities: Sequence[Activity]) -> None:
        for one in activities:
            label = gettext("%(activity)s: carried out, %%") % {"activity": one.text}
            self.fields[f"percent_{one.pk}"] = PercentField(label=label, initial=one.percent)
        if not activities:
            self.fields["percent"] = PercentField(label=_("Carried out, %"), initial=self.measure.percent)

    @staticmethod
    def _names(activities: Sequence[Activity]) -> Iterator[str]:
        yield "percent"
        for one in activities:
            yield f"percent_{one.pk}"

    def clean(self) -> dict[str, Any]:
        """A state that fits what was carried out, and a reason where one is needed."""
        data = super().clean() or self.cleaned_data
        state = data.get("state")
        if state == MeasureState.NOT_STARTED and any(self._given()):
            self.add_error("state", _("Something is carried out already: choose “Under way”."))
        before = MeasureState(self.measure.state)
        if state and not data.get("text") and needs_reason(before, MeasureState(state)):
            self.add_error("text", _("Say why: this change of state needs a reason."))
        return data

    def _given(self) -> Iterator[int]:
        for name, value in self.cleaned_data.items():
            if name.startswith("percent") and value is not None:
                yield value

    def said(self) -> Said:
        """What was said."""
        data = self.cleaned_data
        state = MeasureState(data["state"])
        return Said(
            state=state,
            signal=data["signal"] if state in LIVE else "",
            percent=data.get("percent"),
            percents={one.pk: data[f"percent_{one.pk}"] for one in self.activities},
            text=data["text"],
        )


class StepForm(forms.Form):
    """How far one activity is, and a text."""

    percent = PercentField(label=_("Carried out, %"))
    text = TextField(
        label=_("How does it go?"),
        most=5_000,
        rows=4,
        required=False,
        help_text=_("What was done, what comes next, what is in the way."),
    )

    def said(self) -> StepSaid:
        """What was said."""
        return StepSaid(self.cleaned_data["percent"], self.cleaned_data["text"])


def initial_of(measure: Measure) -> dict[str, Any]:
    """What the form of a check-in shows before anything is typed."""
    found: dict[str, Any] = {f"percent_{one.pk}": one.percent for one in measure.activities.all()}
    return found | {"state": measure.state, "signal": measure.signal, "percent": measure.percent}


def _states(measure: Measure, *, drops: bool) -> list[tuple[str, str]]:
    """The state it is in, and those it may go to; only some people drop measures."""
    before = MeasureState(measure.state)
    allowed = [before, *targets(before)]
    if not drops:
        allowed = [one for one in allowed if one is before or MeasureState.DROPPED not in {one, before}]
    return [(one.value, str(States(one.value).label)) for one in MeasureState if one in allowed]
