"""What the group looks at after the lock: scores without names, remarks, what is agreed.

Every function that reads others' judgements refuses before the lock. Nothing here tells who scored what:
scores are sorted, the components of a fine-tuned score each on their own, reasons by their words, and
remarks come in the order of their random ids.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from merilo.assessment import permissions
from merilo.assessment.catalogue import framework_in, framework_of
from merilo.assessment.models import (
    Agreement,
    AgreementState,
    Assessment,
    Contribution,
    Judgement,
    LineKind,
    Round,
    State,
    Statement,
)
from merilo.assessment.rules import scoring, statistics
from merilo.assessment.rules.comparison import Change, Comparison, Cycle, compare
from merilo.assessment.rules.progress import FEWEST_SCORES
from merilo.assessment.rules.rounds import Tally
from merilo.core import likeness
from merilo.core.errors import Refused
from merilo.framework.catalogue import Framework, Item, Scale, UnknownCode
from merilo.groups.api import Function
from merilo.organisations.api import Viewer


@dataclass(frozen=True)
class Voices:
    """What the sheets say about one item: scores from low to high, and why some could not judge."""

    code: str
    scale: Scale
    scores: tuple[Decimal, ...] = ()
    parts: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    cannot_judge: int = 0
    reasons: tuple[str, ...] = ()

    @cached_property
    def spread(self) -> statistics.Spread | None:
        return statistics.spread(self.scores)

    @cached_property
    def is_close(self) -> bool:
        """Whether the item may be agreed together with other close ones."""
        return statistics.is_close(self.scores, self.cannot_judge, span=self.scale.span)

    @property
    def is_thin(self) -> bool:
        """Fewer than three scores: one person's view could pass for the group's."""
        return len(self.scores) < FEWEST_SCORES

    @property
    def unanimous(self) -> dict[str, int]:
        """The values everybody gave, where all are equal in every component; else nothing."""
        if len(self.scores) < 2 or any(len(set(values)) != 1 for values in self.parts.values()):
            return {}
        return {code: values[0] for code, values in self.parts.items()}

    def as_item(self) -> statistics.ItemScores:
        return statistics.ItemScores(self.code, self.scores, self.cannot_judge, self.scale.span)


def require_readable(viewer: Viewer, assessment: Assessment, *, on: date) -> None:
    """Raise Refused unless the viewer may see all scores now: after the lock, and with a part in it."""
    if permissions.may_see_scores(viewer, assessment, on=on):
        return
    if assessment.state not in permissions.AFTER_LOCK:
        raise Refused(_("Individual scores stay with their authors until the lock."))
    raise Refused(_("Only the group, the coordinator and the sponsor see the scores."))


def voices(viewer: Viewer, assessment: Assessment, *, on: date) -> dict[str, Voices]:
    """What was said about each item, in the framework's order. One query. Errors: Refused before the lock."""
    require_readable(viewer, assessment, on=on)
    return heard(assessment)


def heard(assessment: Assessment) -> dict[str, Voices]:
    """The same of an assessment that was reached by somebody who may see its scores. One query."""
    rows = (
        Judgement.objects.filter(sheet__assessment=assessment)
        .order_by("code")
        .values_list("code", "values", "cannot_judge", "reason")
    )
    found: defaultdict[str, list[tuple[dict[str, int], bool, str]]] = defaultdict(list)
    for code, values, cannot, reason in rows:
        found[code].append((values, cannot, reason))
    framework = framework_of(assessment)
    return {
        item.code: _heard(item.code, framework.scale_for(item.code, assessment.method), found[item.code])
        for item in framework.items
    }


def _heard(code: str, scale: Scale, rows: Iterable[tuple[dict[str, int], bool, str]]) -> Voices:
    given, reasons = [], []
    for values, cannot, reason in rows:
        if cannot:
            reasons.append(reason.strip())
        elif (score := _score(scale, values)) is not None:
            given.append((score, values))
    return Voices(
        code=code,
        scale=scale,
        scores=tuple(sorted(score for score, _values in given)),
        parts={
            part: tuple(sorted(values[part] for _score, values in given))
            for part in scoring.components_of(scale)
        },
        cannot_judge=len(reasons),
        reasons=tuple(sorted(filter(None, reasons))),
    )


def _score(scale: Scale, values: Mapping[str, int]) -> Decimal | None:
    try:
        return scoring.score_or_none(scale, values)
    except scoring.ScoreError:
        return None


@dataclass(frozen=True, slots=True)
class Row:
    """One item on the list: what was said, what the last vote of a meeting found, what is agreed."""

    item: Item
    voices: Voices
    agreement: Agreement
    score: Decimal | None
    tally: Tally | None = None

    @property
    def is_open(self) -> bool:
        return self.agreement.state != AgreementState.AGREED

    @property
    def basis(self) -> tuple[Decimal, ...]:
        """The scores an agreed one is measured against: of the last vote, or else the individual ones."""
        return self.tally.scores if self.tally is not None and self.tally.is_shown else self.voices.scores

    @property
    def is_close(self) -> bool:
        """Close and still to be agreed; a postponed one was put aside to be discussed."""
        return self.agreement.state == AgreementState.OPEN and self.voices.is_close


@dataclass(frozen=True)
class Overview:
    """All items by disagreement and by number."""

    by_disagreement: list[Row]
    by_number: list[Row]

    @cached_property
    def alpha(self) -> Decimal | None:
        """Krippendorff's alpha over all items; None where nothing can be compared."""
        return statistics.krippendorff_alpha([row.voices.scores for row in self.by_number])

    @property
    def to_discuss(self) -> list[Row]:
        return [row for row in self.by_disagreement if row.is_open and not row.is_close]

    @property
    def close(self) -> list[Row]:
        return [row for row in self.by_disagreement if row.is_close]

    @property
    def agreed(self) -> list[Row]:
        return [row for row in self.by_disagreement if not row.is_open]

    @property
    def thin(self) -> list[Row]:
        return [row for row in self.by_number if row.voices.is_thin]

    def count(self, state: str) -> int:
        return sum(row.agreement.state == state for row in self.by_number)

    @property
    def counts(self) -> dict[str, int]:
        """How many items are agreed, open and postponed."""
        return {str(state): self.count(state) for state in AgreementState.values}


def overview(viewer: Viewer, assessment: Assessment, *, on: date) -> Overview:
    """The whole agreement at a glance. Three queries, whatever the number of items. Errors: Refused."""
    require_readable(viewer, assessment, on=on)
    return overview_of(assessment)


def overview_of(assessment: Assessment) -> Overview:
    """The same of an assessment that was reached by somebody who may see its scores. Three queries."""
    said, tallies = heard(assessment), last_tallies(assessment)
    agreements = Agreement.objects.filter(assessment=assessment).select_related("agreed_by")
    stored = {row.code: row for row in agreements}
    rows = {
        item.code: Row(
            item,
            said[item.code],
            stored[item.code],
            agreed_score(assessment, stored[item.code]),
            tallies.get(item.code),
        )
        for item in framework_of(assessment).items
        if item.code in stored
    }
    ordered = statistics.by_disagreement(said[code].as_item() for code in rows)
    return Overview(
        by_disagreement=[rows[item.code] for item in ordered],
        by_number=list(rows.values()),
    )


def row_of(viewer: Viewer, assessment: Assessment, code: str, *, on: date) -> Row:
    """One item of the agreement. Three queries. Errors: Refused."""
    return next(row for row in overview(viewer, assessment, on=on).by_number if row.item.code == code)


def last_tallies(assessment: Assessment) -> dict[str, Tally]:
    """What the last counted vote on each item found, in whichever meeting. One query."""
    rows = Round.objects.filter(meeting__assessment=assessment, tally__isnull=False)
    found = rows.order_by("opened_at", "id").values_list("code", "tally")
    return {code: Tally.from_json(stored or {}) for code, stored in found}


def agreed_score(assessment: Assessment, agreement: Agreement) -> Decimal | None:
    """The agreed score in points; None while open or where the group gave none."""
    if agreement.state != AgreementState.AGREED or not agreement.values:
        return None
    return _score(framework_of(assessment).scale_for(agreement.code, assessment.method), agreement.values)


@dataclass(frozen=True, slots=True)
class Talk:
    """Agreed statements and open remarks of one kind."""

    kind: str
    label: str
    statements: list[Statement]
    open: list[Contribution]
    total: int

    @property
    def plural(self) -> str:
        """The heading of the kind."""
        return {
            LineKind.STRENGTH: _("Strengths"),
            LineKind.AREA: _("Areas for improvement"),
            LineKind.IDEA: _("Ideas"),
        }[LineKind(self.kind)]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Remarks that say nearly the same, and the agreed statement that says it already; a person decides."""

    remarks: list[Contribution]
    statement: Statement | None


def suggestions(talk: Talk) -> list[Suggestion]:
    """What of the open remarks could be put together, or under an agreed statement."""
    statements = {row.pk: row for row in talk.statements}
    remarks = {row.pk: row for row in talk.open}
    texts = {pk: row.text for pk, row in statements.items()} | {pk: row.text for pk, row in remarks.items()}
    found = []
    for group in likeness.groups(texts):
        inside = [remarks[pk] for pk in group if pk in remarks]
        agreed = [statements[pk] for pk in group if pk in statements]
        if len(inside) + bool(agreed) > 1 and inside:
            found.append(Suggestion(inside, agreed[0] if agreed else None))
    return found


def talks(viewer: Viewer, assessment: Assessment, code: str, *, on: date) -> list[Talk]:
    """Strengths, areas and ideas of one item. Three queries, whatever their number. Errors: Refused."""
    require_readable(viewer, assessment, on=on)
    return talks_of(assessment, code)


def talks_of(assessment: Assessment, code: str) -> list[Talk]:
    """The same of an assessment that was reached by somebody who may see its scores. Three queries."""
    remarks = list(_remarks(assessment).filter(code=code))
    statements = list(statements_of(assessment).filter(code=code))
    used = {source.pk for row in statements for source in row.sources.all()}
    return [
        Talk(
            kind=kind,
            label=str(LineKind(kind).label),
            statements=[row for row in statements if row.kind == kind],
            open=[row for row in remarks if row.kind == kind and row.pk not in used],
            total=sum(row.kind == kind for row in remarks),
        )
        for kind in LineKind.values
    ]


def _remarks(assessment: Assessment) -> QuerySet[Contribution]:
    # The sheet a remark came from stays in the table: pages have no use for it.
    return Contribution.objects.filter(assessment=assessment).defer("sheet").order_by("id")


def statements_of(assessment: Assessment) -> QuerySet[Statement]:
    """Agreed statements of an assessment obtained through its viewer, with their sources. Two queries."""
    sources = Prefetch("sources", Contribution.objects.defer("sheet").order_by("id"))
    return Statement.objects.filter(assessment=assessment).prefetch_related(sources)


def statement(viewer: Viewer, assessment: Assessment, code: str, pk: UUID, *, on: date) -> Statement:
    """One agreed statement. Errors: Refused, Statement.DoesNotExist."""
    require_readable(viewer, assessment, on=on)
    return statements_of(assessment).get(code=code, pk=pk)


@dataclass(frozen=True, slots=True)
class LastCycle:
    """What was agreed on an item in the cycle before; `change` is None where nothing can be compared."""

    assessment: Assessment
    score: Decimal | None
    change: Change | None
    is_comparable: bool


def last_cycle(assessment: Assessment, code: str, score: Decimal | None) -> LastCycle | None:
    """The item in the last cycle, set against its score now. Two queries; None without a last cycle."""
    before = _previous(assessment)
    stored = None if before is None else Agreement.objects.filter(assessment=before, code=code).first()
    if before is None or stored is None:
        return None
    try:
        old = agreed_score(before, stored)
    except UnknownCode:
        return None
    then = _cycle(framework_in(before.edition), before.method, code, old)
    now = _cycle(framework_of(assessment), assessment.method, code, score)
    compared = compare(then, now)
    if not isinstance(compared, Comparison):
        return LastCycle(before, old, None, is_comparable=False)
    change = next((row for row in compared.items if row.code == code), None)
    return LastCycle(before, old, change, is_comparable=True)


def _previous(assessment: Assessment) -> Assessment | None:
    if assessment.previous_id is None:
        return None
    found = Assessment.objects.filter(
        pk=assessment.previous_id,
        organisation=assessment.organisation_id,
        state__in=permissions.AFTER_LOCK,
    )
    return found.select_related("edition").first()


def _cycle(framework: Framework, method: str, code: str, score: Decimal | None) -> Cycle:
    return Cycle(framework, method, {code: score}, scope=[code])


@dataclass(frozen=True, slots=True)
class Minute:
    """One item in the minutes."""

    row: Row
    statements: dict[str, list[str]]
    unused: int
    dissents: list[Any]


def minutes(viewer: Viewer, assessment: Assessment, *, on: date) -> tuple[Overview, list[Minute]]:
    """Everything that was said and agreed, by item. Six queries, whatever its size. Errors: Refused."""
    whole = overview(viewer, assessment, on=on)
    texts: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in Statement.objects.filter(assessment=assessment):
        texts[row.code][row.kind].append(row.text)
    unused: defaultdict[str, int] = defaultdict(int)
    free = Contribution.objects.filter(assessment=assessment, statements=None).order_by("code")
    for code in free.values_list("code", flat=True):
        unused[code] += 1
    dissents = _dissents(assessment)
    return whole, [
        Minute(row, dict(texts[row.item.code]), unused[row.item.code], dissents.get(row.agreement.pk, []))
        for row in whole.by_number
    ]


def _dissents(assessment: Assessment) -> dict[UUID, list[Any]]:
    found = Agreement.objects.filter(assessment=assessment, dissents__isnull=False).distinct()
    return {row.pk: list(row.dissents.all()) for row in found.prefetch_related("dissents")}


# --- work to do ---------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Led:
    """An assessment whose agreement the viewer leads, with the items still to be agreed."""

    assessment: Assessment
    left: int
    total: int


def led(viewer: Viewer) -> list[Led]:
    """Assessments before the report in which the viewer leads the agreement. One query."""
    found = Assessment.objects.filter(
        organisation=viewer.organisation, state__in=[State.ASSESSING, State.AGREEING]
    )
    if not viewer.can("assessment.moderate"):
        leading = [Function.CHAIR, Function.FACILITATOR]
        found = found.filter(group__seats__holder=viewer.membership, group__seats__function__in=leading)
    to_do = ~Q(agreements__state=AgreementState.AGREED)
    counted = found.annotate(
        total=Count("agreements", distinct=True), left=Count("agreements", filter=to_do, distinct=True)
    )
    return [Led(row, row.left, row.total) for row in counted.order_by("lock_at", "id")]
