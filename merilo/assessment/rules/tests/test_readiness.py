from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from merilo.assessment.rules.findings import Finding, blocking
from merilo.assessment.rules.readiness import (
    ItemState,
    agreement_findings,
    report_findings,
    sheet_findings,
)

ENABLER = ItemState("1.1", "enablers", Decimal(60), begun=True, strengths=2, areas=1, evidence=1)
RESULT = ItemState(
    "6.1", "results", Decimal(60), begun=True, strengths=1, areas=1, has_trend=True, has_target=True
)
GROUP = tuple(map(Decimal, (30, 40, 50, 60)))  # quartiles 37.5 and 52.5


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (ENABLER, []),
        (RESULT, []),
        (ItemState("1.1", "enablers"), ["not_scored"]),
        (ItemState("1.1", "enablers", reason="Not our task"), []),
        (ItemState("1.1", "enablers", cannot_judge=True, reason="New here"), []),
        (ItemState("1.1", "enablers", cannot_judge=True, reason=" "), ["cannot_judge_without_reason"]),
        (ItemState("1.1", "enablers", begun=True), ["half_scored"]),
        (replace(ENABLER, score=Decimal("50.25"), evidence=0), ["high_without_evidence"]),
        (replace(ENABLER, score=Decimal(50), evidence=0), []),
        (replace(ENABLER, score=Decimal(3), evidence=0, minimum=1, maximum=4), ["high_without_evidence"]),
        (replace(ENABLER, score=Decimal(2), evidence=0, minimum=1, maximum=4), []),
        (replace(RESULT, evidence=0), []),
        (replace(RESULT, has_trend=False), ["result_without_trend"]),
        (replace(RESULT, has_target=False), ["result_without_target"]),
        (replace(RESULT, has_trend=False, has_target=False), ["result_without_trend_and_target"]),
        (ItemState("6.1", "results", reason="Not measured"), []),
        (replace(ENABLER, strengths=0, areas=0), ["without_strengths_and_areas"]),
        (replace(ENABLER, strengths=0), ["without_strengths"]),
        (replace(ENABLER, areas=0), ["without_areas"]),
    ],
)
def test_what_a_sheet_should_have(item: ItemState, expected: list[str]) -> None:
    assert codes(sheet_findings([item])) == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (replace(ENABLER, score=Decimal(45), scores=GROUP), []),
        (replace(ENABLER, scores=GROUP), ["outside_without_justification"]),
        (replace(ENABLER, scores=GROUP, justification="New portal since"), []),
        (replace(ENABLER, scores=()), ["outside_without_justification"]),
        (ItemState("1.1", "enablers", scores=GROUP), ["not_scored"]),
        (ItemState("1.1", "enablers", scores=GROUP, begun=True), ["half_scored"]),
    ],
)
def test_what_an_agreement_should_have(item: ItemState, expected: list[str]) -> None:
    assert codes(agreement_findings([item])) == expected


def test_findings_name_their_item_and_say_whether_they_block() -> None:
    items = [ItemState("1.2", "enablers", begun=True), ItemState("1.3", "enablers")]
    found = sheet_findings(items)
    assert [(finding.subject, finding.blocks) for finding in found] == [("1.2", True), ("1.3", False)]
    assert blocking(found) == (found[0],)


def test_empty_sections_of_the_report_are_named() -> None:
    found = report_findings({"introduction": "…", "method": " \n"}, ["introduction", "method", "group"])
    assert [(finding.code, finding.subject) for finding in found] == [
        ("section_empty", "method"),
        ("section_empty", "group"),
    ]
