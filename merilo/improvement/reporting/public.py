"""What of an approved plan everybody may read: what, who by unit and position, until when, how it stands.

Measures that are withheld are left out, and it is said how many. Of people no names leave: who answers is
told by position and unit. Neither leave risks, hours, money, participants, reasons, and the areas it answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import translation

from merilo.improvement.models import Measure, Plan
from merilo.improvement.queries.board import row_of, rule_of
from merilo.improvement.reporting import words
from merilo.improvement.reporting.content import Content
from merilo.improvement.rules import progress
from merilo.improvement.rules.progress import WHOLE, Share
from merilo.improvement.rules.states import MeasureState

Row = dict[str, Any]
OPEN_PLAN = ("title", "first", "last", "purpose")
OPEN_MEASURE = ("number", "text", "kind", "objective", "codes", "units", "first", "last", "indicators")
OPEN_ACTIVITY = ("id", "text", "first", "last")  # contents frozen earlier know no id
OPEN_INDICATOR = ("name", "unit", "source", "baseline", "target")


def filtered(content: Content) -> Content:
    """A new content of what may leave; what may not is absent, not empty. A key that stands nowhere stays."""
    shown = [row for row in content["measures"] if not row["withheld"]]
    return {
        **{name: content[name] for name in ("format", "language", "on")},
        "organisation": {"name": content["organisation"]["name"]},
        "plan": {name: content["plan"][name] for name in OPEN_PLAN},
        "hidden": len(content["measures"]) - len(shown),
        "measures": [_measure(row) for row in shown],
    }


def _measure(row: Row) -> Row:
    return {
        **{name: row[name] for name in OPEN_MEASURE},
        "owner": office(row["owner"]),
        "activities": [
            {name: one[name] for name in OPEN_ACTIVITY if name in one} for one in row["activities"]
        ],
        "indicators": [{name: one[name] for name in OPEN_INDICATOR} for one in row["indicators"]],
    }


def office(person: Row | None) -> Row | None:
    """Who answers as citizens are told: the office, not the person."""
    if person is None or not (person["position"] or person["unit"]):
        return None
    return {"position": person["position"], "unit": person["unit"]}


# --- with how it stands today -----------------------------------------------------------------
def living(content: Content, plan: Plan, *, on: date) -> Content:
    """The published content with how each measure stands on a day, and the two named percentages.

    What has been withheld since is left out too.
    """
    now = {str(row.pk): row for row in Measure.objects.filter(plan=plan).prefetch_related("activities")}
    ids = [row["id"] for row in content["measures"] if not row["withheld"]]
    told = filtered(content)
    pairs = [
        (row, now[key])
        for key, row in zip(ids, told["measures"], strict=True)
        if key in now and not now[key].withheld
    ]
    percents = [_percents(row, measure) for row, measure in pairs]
    measures = [
        row | _standing(measure, plan, on) | _counted(done)
        for (row, measure), done in zip(pairs, percents, strict=True)
    ]
    return told | {
        "on": on.isoformat(),
        "hidden": len(content["measures"]) - len(measures),
        "measures": measures,
        "shares": {
            name: _plain(share)
            for name, share in _shares(
                (MeasureState(measure.state), done)
                for (_row, measure), done in zip(pairs, percents, strict=True)
            ).items()
        },
    }


def _standing(measure: Measure, plan: Plan, on: date) -> Row:
    stands = row_of(measure, on=on, rule=rule_of(plan))
    return {
        "state": measure.state,
        "signal": stands.signal,
        "percent": stands.percent,
    }


def _percents(row: Row, measure: Measure) -> list[int]:
    """How far the activities are that the published plan names; one that is gone since is not carried out.

    Contents frozen before activities had ids there count those of today.
    """
    now = {str(one.pk): one.percent for one in measure.activities.all()}
    if all("id" in one for one in row["activities"]):
        return [now.get(one["id"], 0) for one in row["activities"]]
    return list(now.values())


def _counted(percents: Sequence[int]) -> dict[str, int]:
    return {"carried_out": sum(one >= WHOLE for one in percents), "planned": len(percents)}


def _shares(measures: Iterable[tuple[MeasureState, Sequence[int]]]) -> Mapping[str, Share]:
    percents: dict[MeasureState, list[int]] = {state: [] for state in MeasureState}
    states = []
    for state, done in measures:
        states.append(state)
        percents[state].extend(done)
    return {"measures": progress.measures_done(states), "activities": progress.activities_done(percents)}


def _plain(share: Share) -> dict[str, int | None]:
    return {"done": share.done, "of": share.of, "dropped": share.dropped, "percent": share.percent}


def rows_for_page(content: Content) -> list[Row]:
    """The measures as the public page shows them, in words."""
    with translation.override(content["language"]):
        return [
            {
                **words.told(row),
                "status": status_of(row["state"], row["signal"]),
                "stands": words.stands(row["state"], row["signal"]),
                "percent": row["percent"],
                "percent_words": words.percent(row["percent"]),
                "carried_out": words.carried_out(row["carried_out"], row["planned"]),
                "indicators": [words.indicator(one) for one in row["indicators"]],
            }
            for row in content["measures"]
        ]


_SIGNALS = {"late": "late", "at_risk": "risk", "on_time": "ontime"}
_STATES = {
    "not_started": "idle",
    "under_way": "progress",
    "done": "done",
    "stopped": "waiting",
    "dropped": "idle",
}


def status_of(state: str, signal: str) -> str:
    """The shape that stands for it on a page."""
    return _SIGNALS.get(signal) or _STATES[state]
