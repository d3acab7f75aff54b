"""Means over scores: criteria, panels, the whole; what is not scored is left out and never counts as 0.

CAF 2020 defines neither weights nor an official overall number, so both overall means carry their names:
`mean_of_criteria` (each criterion counts the same) and `mean_of_items` (each sub-criterion does).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from merilo.assessment.rules.scoring import ScoreOutOfRange
from merilo.core.numbers import as_decimal, mean
from merilo.framework.catalogue import Criterion, Framework, UnknownCode

Scores = Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class CriterionTotal:
    """Mean of the scored items of one criterion, in points; None when none is scored."""

    code: str
    panel: str
    mean: Decimal | None
    scored: int
    not_scored: int


@dataclass(frozen=True, slots=True)
class PanelTotal:
    """Both means of one panel (enablers, results), in points; None when nothing is scored."""

    code: str
    mean_of_criteria: Decimal | None
    mean_of_items: Decimal | None
    scored: int
    not_scored: int


@dataclass(frozen=True, slots=True)
class Totals:
    """All means of one assessment, exact; the overall ones are None also where panels have unlike scales."""

    criteria: tuple[CriterionTotal, ...]
    panels: tuple[PanelTotal, ...]
    mean_of_criteria: Decimal | None
    mean_of_items: Decimal | None
    scored: int
    not_scored: int

    def criterion(self, code: str) -> CriterionTotal:
        """The total of one criterion. Errors: UnknownCode."""
        for total in self.criteria:
            if total.code == code:
                return total
        raise UnknownCode(code)

    def panel(self, code: str) -> PanelTotal:
        """The total of one panel. Errors: UnknownCode."""
        for total in self.panels:
            if total.code == code:
                return total
        raise UnknownCode(code)


@dataclass(frozen=True, slots=True)
class _Exact:
    """One criterion before its mean is turned into a decimal, so that means of means stay exact."""

    criterion: Criterion
    items: int
    scores: tuple[Decimal, ...]


def totals(
    framework: Framework, method: str, scores: Scores, *, scope: Collection[str] | None = None
) -> Totals:
    """The means of an assessment's scores, item code -> points or None (or absent) when not scored.

    `scope` are the items the assessment covers, all without it; others must not be scored.
    Errors: UnknownCode for a score or scope outside framework and scope, ScoreOutOfRange.
    """
    covered = _covered(framework, scope)
    _check(framework, method, scores, covered)
    exact = [_exact(criterion, scores, covered) for criterion in framework.criteria]
    comparable = len(_limits(framework, method)) == 1
    return Totals(
        criteria=tuple(_criterion_total(part) for part in exact),
        panels=tuple(
            _panel_total(panel.code, [part for part in exact if part.criterion.panel == panel.code])
            for panel in framework.panels
        ),
        mean_of_criteria=_mean_of_criteria(exact) if comparable else None,
        mean_of_items=_mean_of_items(exact) if comparable else None,
        scored=sum(len(part.scores) for part in exact),
        not_scored=sum(part.items - len(part.scores) for part in exact),
    )


def _covered(framework: Framework, scope: Collection[str] | None) -> frozenset[str]:
    if scope is None:
        return frozenset(item.code for item in framework.items)
    return frozenset(framework.item(code).code for code in scope)


def _check(framework: Framework, method: str, scores: Scores, covered: frozenset[str]) -> None:
    for code, score in scores.items():
        if code not in covered:
            raise UnknownCode(code)
        scale = framework.scale_for(code, method)
        if score is not None and not scale.minimum <= score <= scale.maximum:
            raise ScoreOutOfRange(code, score, scale)


def _exact(criterion: Criterion, scores: Scores, covered: frozenset[str]) -> _Exact:
    codes = [item.code for item in criterion.items if item.code in covered]
    given = (score for code in codes if (score := scores.get(code)) is not None)
    return _Exact(criterion, len(codes), tuple(given))


def _limits(framework: Framework, method: str) -> set[tuple[int, int]]:
    scales = [framework.scale(code) for _, code in framework.method(method).scales]
    return {(scale.minimum, scale.maximum) for scale in scales}


def _criterion_total(part: _Exact) -> CriterionTotal:
    return CriterionTotal(
        code=part.criterion.code,
        panel=part.criterion.panel,
        mean=_decimal(mean(part.scores)),
        scored=len(part.scores),
        not_scored=part.items - len(part.scores),
    )


def _panel_total(code: str, parts: list[_Exact]) -> PanelTotal:
    return PanelTotal(
        code=code,
        mean_of_criteria=_mean_of_criteria(parts),
        mean_of_items=_mean_of_items(parts),
        scored=sum(len(part.scores) for part in parts),
        not_scored=sum(part.items - len(part.scores) for part in parts),
    )


def _mean_of_criteria(parts: Iterable[_Exact]) -> Decimal | None:
    means = (mean(part.scores) for part in parts)
    return _decimal(mean(exact for exact in means if exact is not None))


def _mean_of_items(parts: Iterable[_Exact]) -> Decimal | None:
    return _decimal(mean(score for part in parts for score in part.scores))


def _decimal(exact: Fraction | None) -> Decimal | None:
    return None if exact is None else as_decimal(exact)
