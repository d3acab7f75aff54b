"""What still stands in the way of handing in a sheet, closing the agreement or approving the report.

Each check is one function over plain data and gives findings as codes; the sentences stand with the pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from merilo.assessment.rules.findings import Finding
from merilo.assessment.rules.statistics import WHOLE_SCALE, outside_iqr

RESULTS = "results"  # the panel whose scores rest on measured figures


@dataclass(frozen=True, slots=True)
class ItemState:
    """What is known of one item, on one sheet or in the agreement; numbers are counts.

    `score` is None when not scored or not complete; `begun` says that some component has a value.
    `scores` are the individual ones behind an agreed score, empty on a sheet.
    """

    code: str
    panel: str
    score: Decimal | None = None
    begun: bool = False
    cannot_judge: bool = False
    reason: str = ""
    strengths: int = 0
    areas: int = 0
    evidence: int = 0
    has_trend: bool = False
    has_target: bool = False
    scores: tuple[Decimal, ...] = ()
    justification: str = ""
    minimum: int = 0
    maximum: int = WHOLE_SCALE


Check = Callable[[ItemState], Iterator[Finding]]


def not_scored_without_reason(item: ItemState) -> Iterator[Finding]:
    """Neither a score nor a reason why there is none."""
    if item.score is None and not item.begun and not item.cannot_judge and not item.reason.strip():
        yield Finding("not_scored", item.code)


def cannot_judge_without_reason(item: ItemState) -> Iterator[Finding]:
    """“Cannot judge” needs a reason."""
    if item.cannot_judge and not item.reason.strip():
        yield Finding("cannot_judge_without_reason", item.code, blocks=True)


def half_scored(item: ItemState) -> Iterator[Finding]:
    """Some components of a score have a value and others have none."""
    if item.begun and item.score is None and not item.cannot_judge:
        yield Finding("half_scored", item.code, blocks=True)


def high_without_evidence(item: ItemState) -> Iterator[Finding]:
    """An enabler scored above the middle of its scale (50 points of 100) without any evidence."""
    if item.panel != RESULTS and _is_high(item) and not item.evidence:
        yield Finding("high_without_evidence", item.code)


def result_without_figures(item: ItemState) -> Iterator[Finding]:
    """A result scored without a trend, without a target, or without both."""
    if item.panel != RESULTS or item.score is None:
        return
    if not item.has_trend and not item.has_target:
        yield Finding("result_without_trend_and_target", item.code)
    elif not item.has_trend:
        yield Finding("result_without_trend", item.code)
    elif not item.has_target:
        yield Finding("result_without_target", item.code)


def outside_without_justification(item: ItemState) -> Iterator[Finding]:
    """An agreed score outside the middle half of the individual scores needs a justification."""
    if item.score is not None and not item.justification.strip() and outside_iqr(item.score, item.scores):
        yield Finding("outside_without_justification", item.code, blocks=True)


def without_strengths_and_areas(item: ItemState) -> Iterator[Finding]:
    """A scored item with neither a strength nor an area for improvement, or with only one of the two."""
    if item.score is None:
        return
    if not item.strengths and not item.areas:
        yield Finding("without_strengths_and_areas", item.code)
    elif not item.strengths:
        yield Finding("without_strengths", item.code)
    elif not item.areas:
        yield Finding("without_areas", item.code)


SHEET_CHECKS: tuple[Check, ...] = (
    not_scored_without_reason,
    cannot_judge_without_reason,
    half_scored,
    high_without_evidence,
    result_without_figures,
    without_strengths_and_areas,
)
AGREEMENT_CHECKS: tuple[Check, ...] = (
    not_scored_without_reason,
    half_scored,
    outside_without_justification,
    high_without_evidence,
    result_without_figures,
    without_strengths_and_areas,
)


def sheet_findings(items: Iterable[ItemState]) -> list[Finding]:
    """What an assessor should look at before handing in, item by item."""
    return [finding for item in items for check in SHEET_CHECKS for finding in check(item)]


def agreement_findings(items: Iterable[ItemState]) -> list[Finding]:
    """What the group should look at before the report, item by item."""
    return [finding for item in items for check in AGREEMENT_CHECKS for finding in check(item)]


def report_findings(sections: Mapping[str, str], needed: Iterable[str]) -> list[Finding]:
    """Sections of the report (key -> text) that are needed and empty."""
    return [Finding("section_empty", key, blocks=True) for key in needed if not sections.get(key, "").strip()]


def _is_high(item: ItemState) -> bool:
    return item.score is not None and 2 * item.score > item.minimum + item.maximum
