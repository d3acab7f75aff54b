"""References: kept in plain values, read back as they were, asked again with the viewer's rights."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from merilo.core import references
from merilo.core.references import Kind, Reference, Snapshot, Standing, reference_in, resolve, resolve_all

SEEN = Snapshot(
    title="How satisfied are you?",
    figure=Decimal("3.84"),
    measure="Mean, from 1 to 5",
    n=187,
    first=date(2025, 10, 1),
    last=date(2025, 10, 31),
    series={2024: Decimal("3.6"), 2025: Decimal("3.84")},
    target=Decimal(4),
    better="higher",
)


@pytest.fixture
def things(monkeypatch) -> dict[str, Snapshot | None]:
    """What a kind called thing has now; whoever is called stranger sees nothing of it."""
    now: dict[str, Snapshot | None] = {}

    def look(viewer: Any, ids: Any) -> dict[str, Snapshot | None]:
        return {} if viewer == "stranger" else {one: now.get(one) for one in ids}

    kind = Kind("thing", "Thing", lambda _viewer: (), lambda _viewer, _place: (), look)
    monkeypatch.setattr(references, "_kinds", {"thing": kind})
    return now


def test_what_was_kept_is_read_back_as_it_was() -> None:
    for snapshot in (SEEN, Snapshot("Only a title")):
        kept = Reference("thing", "7", snapshot)
        assert reference_in(json.loads(json.dumps(kept.plain()))) == kept


@pytest.mark.parametrize(
    "plain",
    [
        None,
        {},
        [],
        "text",
        {"kind": "thing", "id": "7"},
        {"kind": "thing", "id": "7", "snapshot": {"title": "x", "figure": "many"}},
        {"kind": "thing", "id": "7", "snapshot": {"title": "x", "first": "2025-02-30"}},
        {"kind": "thing", "id": "7", "snapshot": {"title": "x", "first": "2025-02-02", "last": "2025-02-01"}},
        {"kind": "thing", "id": "7", "snapshot": {"title": "x", "series": ["2025"]}},
        {"kind": "thing", "id": "7", "snapshot": {"title": "x", "n": "few"}},
    ],
)
def test_what_is_none_of_ours_is_no_reference(plain: Any) -> None:
    assert reference_in(plain) is None


def test_a_thing_is_the_same_changed_gone_or_not_to_be_seen(things) -> None:
    pointed = Reference("thing", "7", SEEN)
    assert resolve(pointed, "reader").standing == Standing.GONE
    things["7"] = Snapshot("Колко сте доволни?", figure=Decimal("3.840"), n=187, series=SEEN.series)
    assert resolve(pointed, "reader").standing == Standing.SAME
    things["7"] = Snapshot(SEEN.title, figure=Decimal("3.84"), n=188, series=SEEN.series)
    assert resolve(pointed, "reader").standing == Standing.CHANGED
    assert resolve(pointed, "reader").now == things["7"]
    assert resolve(pointed, "stranger") == references.Resolved(Standing.UNSEEN)


def test_an_earlier_figure_that_was_corrected_is_a_change_and_a_new_year_is_none(things) -> None:
    pointed = Reference("thing", "7", SEEN)
    for series, standing in (
        ({2023: Decimal(3), **SEEN.series, 2026: Decimal(4)}, Standing.SAME),
        ({2024: Decimal("3.5"), 2025: Decimal("3.84")}, Standing.CHANGED),
    ):
        things["7"] = Snapshot(SEEN.title, figure=SEEN.figure, n=SEEN.n, series=series)
        assert resolve(pointed, "reader").standing == standing


def test_of_a_kind_that_nobody_has_registered_nothing_is_known(things) -> None:
    things["7"] = SEEN
    found = resolve_all([Reference("other", "7", SEEN), Reference("thing", "7", SEEN)], "reader")
    assert [one.standing for one in found] == [Standing.UNSEEN, Standing.SAME]
