"""A frozen measure in words: every fact as people read it, in the active language.

The same words stand in documents, in tables, and in what an amendment changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from merilo.improvement.models import ItemKind, MeasureKind, MeasureState, Signal
from merilo.improvement.rules import amending
from merilo.improvement.rules.progress import Share
from merilo.web.referring import with_unit

Row = Mapping[str, Any]
DASH = "–"
SAYS_AFTER = 2  # the format of contents that say what activities begin after
# What a plan decides about a measure, in the order of its documents; how it stands is not among them.
FIELDS: dict[str, str | Promise] = {
    "number": gettext_lazy("No."),
    "text": pgettext_lazy("plan", "Measure"),
    "codes": gettext_lazy("Sub-criteria"),
    "areas": gettext_lazy("Area for improvement"),
    "kind": gettext_lazy("Kind"),
    "objective": gettext_lazy("Objective"),
    "goals": gettext_lazy("Goals of the organisation"),
    "note": gettext_lazy("Explanation"),
    "activities": gettext_lazy("Activities"),
    "owner": gettext_lazy("Responsible"),
    "deputy": gettext_lazy("Deputy"),
    "units": gettext_lazy("Participants and units"),
    "period": gettext_lazy("Term"),
    "resources": gettext_lazy("Resources and budget"),
    "funding": gettext_lazy("Source of the money"),
    "indicators": gettext_lazy("Indicators"),
    "risks": gettext_lazy("Risks"),
    "priority": gettext_lazy("Priority"),
    "withheld": gettext_lazy("Public page"),
    "given_up": gettext_lazy("Why it was dropped"),
}


def told(measure: Row) -> dict[str, str]:
    """What the plan decides about a measure, by the names of FIELDS; what is not given is empty.

    Of a measure of which only a part was published, the rest is absent.
    """
    has_period = "first" in measure
    found = {
        "number": str(measure["number"]),
        "text": measure["text"],
        "codes": lines(one["code"] + (f" {one['name']}" if one["name"] else "") for one in measure["codes"]),
        "areas": lines(one["text"] for one in measure.get("items", ()) if one["kind"] == ItemKind.AREA),
        "kind": str(MeasureKind(measure["kind"]).label),
        "objective": measure.get("objective", ""),
        "goals": measure.get("goals", ""),
        "note": measure.get("note", ""),
        "activities": lines(activity(one) for one in measure["activities"]),
        "owner": person(measure.get("owner")),
        "deputy": person(measure.get("deputy")),
        "units": lines([*measure["units"], measure.get("participants", "")]),
        "period": days(measure["first"], measure["last"]) if has_period else "",
        "resources": lines(_resources(measure)),
        "funding": measure.get("funding", ""),
        "indicators": lines(indicator(one) for one in measure["indicators"]),
        "risks": measure.get("risks", ""),
        "priority": _priority(measure),
        "withheld": _("withheld") if measure.get("withheld") else "",
        "given_up": _given_up(measure),
    }
    return {name: found[name] for name in FIELDS}


def lines(texts: Iterable[str]) -> str:
    """Several facts below each other."""
    return "\n".join(text for text in texts if text)


def day(iso: str | None) -> str:
    """A date as written in the active language; a dash where there is none."""
    return formats.date_format(date.fromisoformat(iso), "SHORT_DATE_FORMAT") if iso else DASH


def days(first: str, last: str) -> str:
    """From the first to the last day."""
    return day(first) if first == last else f"{day(first)} – {day(last)}"


def person(row: Row | None) -> str:
    """A name with position and unit; the unit once, where the position names it already."""
    if row is None:
        return ""
    position, unit = row["position"], row["unit"]
    unit = "" if unit.casefold() in position.casefold() else unit
    return ", ".join(part for part in (row.get("name", ""), position, unit) if part)


def activity(row: Row) -> str:
    """What, when, and who of those inside; what it begins after."""
    who = row.get("owner")
    about = "; ".join((days(row["first"], row["last"]), *([who["name"]] if who else ()), *begins_after(row)))
    return f"{row['text']} ({about})"


def begins_after(row: Row) -> list[str]:
    """What an activity waits for; contents frozen earlier, and those for everybody, do not say it."""
    return [_("after “%(after)s”") % {"after": text} for text in named_before(row)]


def named_before(row: Row) -> list[str]:
    """The names of what an activity waits for, with the number of their measure where it is another."""
    return [
        one["text"] if one["measure"] is None else f"{one['measure']}. {one['text']}"
        for one in row.get("after", ())
    ]


def number(value: str | None) -> str:
    """An exact number as people read it in the active language; a dash where there is none."""
    return valued(value, "")


def euro(value: str) -> str:
    """Money, always with its cents."""
    return f"{formats.number_format(Decimal(value), decimal_pos=2, force_grouping=True)}\u00a0€"


def valued(value: str | None, unit: str) -> str:
    """A value of an indicator with its unit; a dash where there is none."""
    return DASH if value is None else with_unit(Decimal(value), unit)


def indicator(row: Row) -> str:
    """An indicator from where to where."""
    said = _("%(name)s: from %(baseline)s to %(target)s") % {
        "name": row["name"],
        "baseline": valued(row["baseline"], row["unit"]),
        "target": valued(row["target"], row["unit"]),
    }
    days = ", ".join(day(one) for one in row.get("days", ()))
    measured = _("measured on %(days)s") % {"days": days}
    return f"{said} ({measured})" if days else said


def _resources(measure: Row) -> Iterable[str]:
    if hours := measure.get("hours"):
        yield ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    if measure.get("euro") is not None:
        yield euro(measure["euro"])


def _priority(measure: Row) -> str:
    if measure.get("impact") is None or measure.get("feasibility") is None:
        return ""
    return _("impact %(impact)s, feasibility %(feasibility)s") % {
        "impact": number(measure["impact"]),
        "feasibility": number(measure["feasibility"]),
    }


def _given_up(measure: Row) -> str:
    if measure.get("state") != MeasureState.DROPPED:
        return ""
    return measure.get("state_reason") or str(MeasureState.DROPPED.label)


# --- how it stands ----------------------------------------------------------------------------
def stands(state: str, signal: str) -> str:
    """State and signal in one line."""
    words = str(MeasureState(state).label)
    return f"{words}, {str(Signal(signal).label).lower()}" if signal else words


def percent(value: int) -> str:
    """Whole percent with its sign."""
    return _("%(percent)s %%") % {"percent": value}


def share(found: Share) -> str:
    """So many of so many, in percent; a sentence where there is nothing to count."""
    if found.percent is None:
        return _("nothing to count")
    facts = {"done": found.done, "of": found.of, "percent": found.percent}
    return _("%(done)s of %(of)s (%(percent)s %%)") % facts


def carried_out(done: int, of: int) -> str:
    """How many of a measure's activities are carried out; empty where it has none."""
    if not of:
        return ""
    return ngettext("%(done)s of %(of)s activity", "%(done)s of %(of)s activities", of) % {
        "done": done,
        "of": of,
    }


# --- what an amendment changes ----------------------------------------------------------------
def changes(before: Row, after: Row) -> list[dict[str, Any]]:
    """What the measures of one content say otherwise than those of another, as plain values in words.

    What the older one could not say is not called a change.
    """
    if before["format"] < SAYS_AFTER:
        after = _without_ties(after)
    old, new = ({one["id"]: one for one in content["measures"]} for content in (before, after))
    found = amending.changes(
        {key: told(one) for key, one in old.items()}, {key: told(one) for key, one in new.items()}
    )
    return [_change(one, new.get(one.key) or old[one.key]) for one in found]


def _without_ties(content: Row) -> Row:
    def bare(measure: Row) -> Row:
        return {**measure, "activities": [{**one, "after": []} for one in measure["activities"]]}

    return {**content, "measures": [bare(measure) for measure in content["measures"]]}


def _change(found: amending.Change[str], measure: Row) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "number": measure["number"],
        "text": measure["text"],
        "fields": [
            {"title": str(FIELDS[one.name]), "before": one.before, "after": one.after} for one in found.fields
        ],
    }
