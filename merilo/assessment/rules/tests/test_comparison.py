from __future__ import annotations

from decimal import Decimal

from merilo.assessment.rules.comparison import Comparison, Cycle, NotComparable, Reason, compare
from merilo.assessment.rules.tests.caf import CAF, UNLIKE, changed

BEFORE = Cycle(CAF, "classical", {"1.1": Decimal(40), "1.2": Decimal(30), "6.1": Decimal(20)})
AFTER = Cycle(CAF, "classical", {"1.1": Decimal(55), "1.2": None, "6.2": Decimal(50)})


def compared(previous: Cycle, current: Cycle) -> Comparison:
    found = compare(previous, current)
    assert isinstance(found, Comparison)
    return found


def refused(previous: Cycle, current: Cycle) -> NotComparable:
    found = compare(previous, current)
    assert isinstance(found, NotComparable)
    return found


def test_changes_of_items_are_after_minus_before() -> None:
    items = {change.code: change for change in compared(BEFORE, AFTER).items}
    assert len(items) == 28
    assert items["1.1"].difference == 15
    assert (items["1.2"].before, items["1.2"].after, items["1.2"].difference) == (Decimal(30), None, None)
    assert (items["6.2"].before, items["6.2"].difference) == (None, None)


def test_changes_of_criteria_panels_and_both_means() -> None:
    found = compared(BEFORE, AFTER)
    criteria = {change.code: change.difference for change in found.criteria}
    assert (criteria["1"], criteria["6"], criteria["2"]) == (Decimal(20), Decimal(30), None)
    panels = {change.code: change.difference for change in found.panels}
    assert panels == {"enablers": Decimal(20), "results": Decimal(30)}
    assert found.mean_of_criteria.difference == 25
    assert found.mean_of_items.difference == Decimal("22.5")
    assert not found.changed_edition


def test_classical_and_fine_tuned_are_never_set_against_each_other() -> None:
    fine = Cycle(CAF, "fine-tuned", {"1.1": Decimal("41.25")})
    assert refused(BEFORE, fine) == NotComparable(Reason.OTHER_METHOD, "classical", "fine-tuned")


def test_another_framework_is_not_compared() -> None:
    other = Cycle(changed(code="caf-education"), "classical", {})
    assert refused(BEFORE, other) == NotComparable(Reason.OTHER_FRAMEWORK, "caf-2020", "caf-education")


def test_another_version_of_the_framework_is_compared_and_says_so() -> None:
    newer = Cycle(changed(version="1.1"), "classical", AFTER.scores)
    assert compared(BEFORE, newer).changed_edition


def test_a_method_whose_scale_changed_is_not_compared() -> None:
    found = refused(BEFORE, Cycle(UNLIKE, "classical", {}))
    assert found == NotComparable(Reason.OTHER_SCALE, "0–100", "1–4")


def test_components_are_part_of_the_scale() -> None:
    found = compared(Cycle(CAF, "fine-tuned", {}), Cycle(CAF, "fine-tuned", {}))
    assert found.mean_of_items.difference is None


def test_scope_is_kept_on_both_sides() -> None:
    part = Cycle(CAF, "classical", {"1.1": Decimal(55)}, scope=["1.1"])
    assert compared(BEFORE, part).mean_of_items.after == 55
