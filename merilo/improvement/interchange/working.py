"""From ticks on the page of differences to what is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from merilo.core.errors import Conflict
from merilo.improvement.actions.workbook import Added, Edit, Work
from merilo.improvement.interchange.comparing import Change, Typed, tick
from merilo.improvement.interchange.fields import BEGIN, PARTS, plain
from merilo.improvement.interchange.knowing import Names
from merilo.improvement.interchange.noting import twins
from merilo.improvement.interchange.stored import Whole
from merilo.improvement.models import Measure

_FIELDS = {part.key: {one.name: one for one in (*part.fields, *BEGIN)} for part in PARTS}


def work_of(found: Iterable[Change], ticked: Collection[str], shown: Mapping[str, int], now: Whole) -> Work:
    """What was ticked, as an action takes it. `shown` are the versions that the person saw, by row.

    Errors: Conflict where something of it was changed since.
    """
    found = list(found)
    measures = _measures(found, ticked, now)
    edits: list[Edit] = []
    added: dict[str, list[Added]] = {part.key: [] for part in PARTS}
    for change in found:
        typed = change.typed
        if change.is_new:
            if tick(typed) in ticked:
                added[typed.part].append(_added(typed, now, measures))
            continue
        wanted = {one.name: one.after for one in change.fields if tick(typed, one.name) in ticked}
        if wanted:
            if shown.get(tick(typed)) != change.version:
                raise Conflict(_("Something was changed in the meantime."))
            row = now.rows[typed.part, typed.id].row
            edits.append(Edit(row, change.version, _plain(typed.part, wanted, now.names)))
    return Work(edits, added["measure"], added["activity"], added["indicator"])


def _measures(found: Sequence[Change], ticked: Collection[str], now: Whole) -> dict[str, Measure]:
    """Measures by the numbers of new rows that say the same and are not ticked."""
    same = twins((change.typed for change in found), now)
    typed = (one.typed for one in found if one.typed.part == "measure" and tick(one.typed) not in ticked)
    return {one.key: same[tick(one)].measure for one in typed if one.key and tick(one) in same}


def _added(typed: Typed, now: Whole, measures: Mapping[str, Measure]) -> Added:
    """A new row; its measure is known by the number that the file knew it by, or by what it says."""
    key = "" if typed.part == "indicator" else typed.key
    stored = now.rows.get(("measure", typed.of_id))
    of = stored.measure if stored else measures.get(typed.of, typed.of)
    return Added(key, _plain(typed.part, typed.values, now.names), of)


def _plain(part: str, values: Mapping[str, str], names: Names) -> dict[str, Any]:
    return {name: plain(_FIELDS[part][name], value, names) for name, value in values.items()}
