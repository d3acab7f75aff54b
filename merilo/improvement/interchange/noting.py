"""What is said beside a row of our own workbook: the plan has it already, its days reach out of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from merilo.improvement.interchange.comparing import Change, Typed, tick
from merilo.improvement.interchange.fields import CODE, FOLLOWS, NAME, TERM
from merilo.improvement.interchange.stored import Stored, Whole
from merilo.improvement.models import Plan
from merilo.improvement.rules.filling import NEW
from merilo.improvement.rules.reading import alike

Term = tuple[date, date]
_Likeness = tuple[str, str, str, str]  # part, id of the measure, what is compared, its words


def twins(rows: Iterable[Typed], now: Whole) -> dict[str, Stored]:
    """What the plan has already of the new rows of a file, by the name of each row.

    Measures are known by their text, within a measure activities by theirs, indicators by code or name.
    """
    there = {like: row for row in reversed(list(now.rows.values())) for like in _of_stored(row)}
    found: dict[str, Stored] = {}
    measures: dict[str, str] = {}  # the number of a new measure -> the id of the one that says the same
    for typed in rows:
        if typed.id:
            continue
        of = typed.of_id or measures.get(typed.of, "")
        twin = next((there[like] for like in _of_typed(typed, of) if like in there), None)
        if twin:
            found[tick(typed)] = twin
            if typed.part == "measure" and typed.key:
                measures[typed.key] = twin.id
    return found


def _of_stored(row: Stored) -> Iterator[_Likeness]:
    if row.part == "indicator":
        measure, indicator = str(row.measure.pk), row.row.indicator
        yield row.part, measure, CODE, indicator.code.casefold()
        yield row.part, measure, NAME, alike(indicator.name)
    else:
        measure = "" if row.part == "measure" else str(row.measure.pk)
        yield row.part, measure, "text", alike(row.values["text"])


def _of_typed(typed: Typed, measure: str) -> Iterator[_Likeness]:
    if typed.part == "measure":
        measure = ""
    elif not measure:
        return
    for name in ("text", CODE, NAME):
        if said := typed.values.get(name, ""):
            yield typed.part, measure, name, said.casefold() if name == CODE else alike(said)


def tied(rows: Iterable[Typed], now: Whole) -> tuple[Typed, ...]:
    """The rows, waiting for activities that the plan has already in place of new ones that say the same."""
    rows = tuple(rows)
    found = twins(rows, now)
    known = {f"{NEW}{one.key}": found[tick(one)].id for one in rows if one.key and tick(one) in found}
    return tuple(_tied(one, known) if one.values.get(FOLLOWS) else one for one in rows)


def _tied(typed: Typed, known: Mapping[str, str]) -> Typed:
    after = sorted({known.get(key, key) for key in typed.values[FOLLOWS].split("\n")})
    return replace(typed, values={**typed.values, FOLLOWS: "\n".join(after)})


def reaching(plan: Plan, found: Sequence[Change], now: Whole) -> dict[str, Term]:
    """The rows whose days would reach out of what they belong to, with the term of that; by their names."""
    terms = {row.id: _days(row.values) for row in now.rows.values() if row.part == "measure"}
    terms |= {_own(one.typed): _days(_then(one, now)) for one in found if one.typed.part == "measure"}
    out: dict[str, Term] = {}
    for one in found:
        if any(field.name in TERM for field in one.fields):
            is_measure = one.typed.part == "measure"
            outer = (plan.first, plan.last) if is_measure else terms.get(_measure_of(one.typed, now))
            days = _days(_then(one, now))
            if outer and days and (days[0] < outer[0] or days[1] > outer[1]):
                out[tick(one.typed)] = outer
    return out


def _own(typed: Typed) -> str:
    return typed.id or f"{NEW}{typed.key}"


def _measure_of(typed: Typed, now: Whole) -> str:
    stored = now.rows.get((typed.part, typed.id))
    return str(stored.measure.pk) if stored else typed.of_id or f"{NEW}{typed.of}"


def _then(change: Change, now: Whole) -> dict[str, str]:
    """What a row would say once all of its fields were taken."""
    stored = now.rows.get((change.typed.part, change.typed.id))
    return {**(stored.values if stored else {}), **{one.name: one.after for one in change.fields}}


def _days(values: Mapping[str, str]) -> Term | None:
    first, last = (values.get(name, "") for name in TERM)
    return (date.fromisoformat(first), date.fromisoformat(last)) if first and last else None
