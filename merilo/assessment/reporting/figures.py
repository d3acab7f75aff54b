"""The numbers of a report: agreed scores of this cycle and the last, their means and the change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from merilo.assessment import messages
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Agreement, AgreementState, Assessment, Dissent, Source
from merilo.assessment.rules.comparison import Change, Comparison, Cycle, NotComparable, Reason, compare
from merilo.assessment.rules.scoring import score_or_none
from merilo.assessment.rules.totals import Totals
from merilo.core.numbers import rounded
from merilo.framework.catalogue import Criterion, Framework, Item, UnknownCode

Text = str | None


@dataclass(frozen=True, slots=True)
class Numbers:
    """All numbers of one assessment, exact, with the comparison to its last cycle where there is one."""

    framework: Framework
    agreements: dict[str, Agreement]
    scores: dict[str, Decimal | None]
    totals: Totals
    comparison: Comparison | NotComparable | None
    previous: Assessment | None

    def change_of(self, code: str, *, criterion: bool = False) -> Change | None:
        """The change of one item or criterion, None where cycles cannot be compared."""
        if not isinstance(self.comparison, Comparison):
            return None
        rows = self.comparison.criteria if criterion else self.comparison.items
        return next((change for change in rows if change.code == code), None)


def numbers_of(assessment: Assessment) -> Numbers:
    """Read the agreed scores of the assessment and of its last cycle: five queries, whatever the size."""
    cycle, agreements = _cycle(assessment)
    previous = _previous(assessment)
    comparison = compare(_cycle(previous)[0], cycle) if previous else None
    return Numbers(
        framework=cycle.framework,
        agreements=agreements,
        scores=dict(cycle.scores),
        totals=cycle.totals(),
        comparison=comparison,
        previous=previous,
    )


def _previous(assessment: Assessment) -> Assessment | None:
    if assessment.previous_id is None:
        return None
    return (
        Assessment.objects.select_related("edition")
        .filter(pk=assessment.previous_id, organisation_id=assessment.organisation_id)
        .first()
    )


def _cycle(assessment: Assessment) -> tuple[Cycle, dict[str, Agreement]]:
    framework = framework_of(assessment)
    agreed = Agreement.objects.filter(assessment=assessment, state=AgreementState.AGREED)
    rows = {row.code: row for row in agreed.prefetch_related("dissents")}
    scores = {
        code: score_or_none(framework.scale_for(code, assessment.method), row.values)
        for code, row in rows.items()
    }
    return Cycle(framework, assessment.method, scores), rows


# --- as plain texts for the frozen content -------------------------------------------------------------


def text(value: Decimal | None) -> Text:
    """An exact decimal as text without an exponent."""
    return None if value is None else f"{value.normalize():f}"


def totals_as_text(numbers: Numbers) -> dict[str, Any]:
    """Both overall means by name, and how many items were scored."""
    totals = numbers.totals
    return {
        "mean_of_criteria": text(totals.mean_of_criteria),
        "mean_of_items": text(totals.mean_of_items),
        "scored": totals.scored,
        "all": totals.scored + totals.not_scored,
    }


def panels_as_text(numbers: Numbers, language: str) -> list[dict[str, Any]]:
    """Each panel (enablers, results) with its two means, apart from the others."""
    changes = numbers.comparison.panels if isinstance(numbers.comparison, Comparison) else ()
    before = {change.code: change.before for change in changes}
    return [
        {
            "code": panel.code,
            "title": panel.title.in_language(language),
            "mean": text(numbers.totals.panel(panel.code).mean_of_criteria),
            "mean_of_items": text(numbers.totals.panel(panel.code).mean_of_items),
            "before": text(before.get(panel.code)),
        }
        for panel in numbers.framework.panels
    ]


def criterion_as_text(numbers: Numbers, criterion: Criterion) -> dict[str, Any]:
    """Mean, change and the range of the items of one criterion."""
    change = numbers.change_of(criterion.code, criterion=True)
    given = [score for item in criterion.items if (score := numbers.scores.get(item.code)) is not None]
    return {
        "mean": text(numbers.totals.criterion(criterion.code).mean),
        "before": text(change.before) if change else None,
        "change": text(change.difference) if change else None,
        "lowest": text(min(given, default=None)),
        "highest": text(max(given, default=None)),
    }


def item_as_text(numbers: Numbers, item: Item) -> dict[str, Any]:
    """What was agreed on one item, and how it changed."""
    change = numbers.change_of(item.code)
    agreement = numbers.agreements.get(item.code)
    score = numbers.scores.get(item.code)
    said = agreement.justification if agreement else ""
    return {
        "values": dict(agreement.values) if agreement else {},
        "score": text(score),
        "before": text(change.before) if change else None,
        "change": text(change.difference) if change else None,
        "justification": said if score is not None else "",
        "no_score_reason": "" if score is not None else (said or _("The group gave no score.")),
        "dissents": [_dissent(row) for row in agreement.dissents.all()] if agreement else [],
    }


def _dissent(row: Dissent) -> dict[str, str]:
    return {"text": row.text, "name": row.name}


def previous_as_text(numbers: Numbers, language: str) -> dict[str, Any] | None:
    """The last cycle, whether it can be compared, and why not."""
    if numbers.previous is None:
        return None
    comparison = numbers.comparison
    row: dict[str, Any] = {"title": numbers.previous.title, "comparable": False, "reason": "", "warning": ""}
    row["better"] = 0  # criteria higher than before
    if isinstance(comparison, NotComparable):
        row["reason"] = _reason(comparison, numbers, language)
    elif comparison is not None:
        row["comparable"], row["better"] = True, _better(comparison)
        row["warning"] = " ".join(_warnings(numbers.previous, comparison))
    return row


def _warnings(previous: Assessment, comparison: Comparison) -> Iterator[str]:
    """What a reader of the differences should know. One query more for a cycle entered afterwards."""
    if comparison.changed_edition:
        yield _("The framework's edition changed between the two cycles.")
    if previous.is_entered:
        yield messages.entered_afterwards()
        if previous.entered.source == Source.CAF_2013:
            yield messages.caf_2013()


def _better(comparison: Comparison) -> int:
    """How many criteria are higher; a difference too small to be shown is none."""
    differences = (change.difference for change in comparison.criteria)
    return sum(1 for difference in differences if difference is not None and rounded(difference) > 0)


def _reason(refusal: NotComparable, numbers: Numbers, language: str) -> str:
    if refusal.reason is Reason.OTHER_METHOD:
        return _(
            "The last self-assessment was scored by another method (%(previous)s), this one by %(current)s. "
            "Their scores mean different things and are not set against each other."
        ) % {
            "previous": _method(numbers.framework, refusal.previous, language),
            "current": _method(numbers.framework, refusal.current, language),
        }
    return _(
        "The last self-assessment used another model or scale, so the scores are not set against each other."
    )


def _method(framework: Framework, code: str, language: str) -> str:
    try:
        return framework.method(code).title.in_language(language)
    except UnknownCode:
        return code
