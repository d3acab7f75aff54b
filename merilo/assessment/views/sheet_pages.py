"""What the templates of the worksheet show, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from merilo.assessment import permissions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.forms.sheet_fields import line_words
from merilo.assessment.forms.sheets import JudgementForm
from merilo.assessment.messages import sentence
from merilo.assessment.models import Assessment, EvidenceKind, EvidenceUse, Judgement, Sheet
from merilo.assessment.queries import evidence as shelf
from merilo.assessment.queries import own_wording
from merilo.assessment.queries import sheets as queries
from merilo.assessment.queries.referring import resolved
from merilo.assessment.rules import scoring
from merilo.assessment.rules.findings import Finding
from merilo.assessment.rules.readiness import high_without_evidence, result_without_figures
from merilo.core.references import Resolved, reference_in
from merilo.framework.catalogue import Framework, Item, Scale, Text
from merilo.organisations.api import OrgRequest, Viewer, address
from merilo.web.items import Link
from merilo.web.referring import figure_words, standing_words, when_words
from merilo.web.templatetags.words import clock, day, moment, score


def say(text: Text) -> str:
    """A text of the framework in the reader's language."""
    return text.in_language(get_language() or "en")


def number(value: Decimal) -> str:
    """A score as people read it."""
    return score(value)


def crumbs(request: OrgRequest, assessment: Assessment, *more: Link) -> list[Link]:
    """The way to a page of one self-assessment."""
    return [Link(assessment.title, address(request.viewer, "assessment:overview", pk=assessment.pk)), *more]


def status_words() -> dict[str, str]:
    """How far one sub-criterion is."""
    return {"idle": _("Not begun"), "progress": _("In progress"), "done": pgettext("sub-criterion", "Ready")}


def about(minutes: int) -> str:
    """An estimate as people say it: five-minute steps below an hour, half hours above."""
    step = 5 if minutes < 60 else 30
    hours, rest = divmod(-(-minutes // step) * step, 60)
    if not hours:
        return _("about %(minutes)s min left") % {"minutes": rest}
    if rest:
        return _("about %(hours)s h %(minutes)s min left") % {"hours": hours, "minutes": rest}
    return _("about %(hours)s h left") % {"hours": hours}


def locks_on(assessment: Assessment) -> str:
    """Until when one can write."""
    if assessment.lock_at is None:
        return ""
    return _("locks on %(when)s") % {"when": moment(assessment.lock_at)}


@dataclass(frozen=True, slots=True)
class RowPage:
    """One row of the task list in words."""

    text: str
    help: str
    url: str
    status: str
    status_text: str


@dataclass(frozen=True, slots=True)
class PartPage:
    """One criterion with its rows in words."""

    code: str
    title: str
    panel: str
    done: int
    rows: list[RowPage]


def task_list(request: OrgRequest, desk: queries.Desk, show: str) -> dict[str, Any]:
    """Everything the task list shows."""
    assessment = desk.sheet.assessment
    framework = framework_of(assessment)
    url = address(request.viewer, "assessment:my", pk=assessment.pk)
    facts = [_("Ready %(ready)s of %(total)s") % {"ready": desk.ready, "total": desk.total}]
    writable = permissions.may_write_sheet(request.viewer, desk.sheet)
    if writable and desk.ready < desk.total:
        facts.append(about(desk.minutes_left))
    facts += [locks_on(assessment)] if assessment.lock_at else []
    return {
        "assessment": assessment,
        "sheet": desk.sheet,
        "writable": writable,
        "note": queries.note_of(request.viewer, desk.sheet) if writable else "",
        "may_take_back": desk.sheet.handed_in_at and assessment.state == "assessing",
        "desk": desk,
        "crumbs": crumbs(request, assessment),
        "facts": " · ".join(facts),
        "parts": [_part_page(request, desk, part, framework) for part in desk.parts],
        "optional": _rows(request, desk, desk.optional),
        "show": show,
        "shows": _shows(url, show),
    }


def _shows(url: str, show: str) -> list[Link]:
    words = {"mine": _("Mine"), "all": _("All"), "bare": _("Without evidence")}
    return [Link(text, f"{url}?show={key}", current=key == show) for key, text in words.items()]


def _part_page(request: OrgRequest, desk: queries.Desk, part: queries.Part, framework: Framework) -> PartPage:
    criterion = part.criterion
    return PartPage(
        code=criterion.code,
        title=say(criterion.title),
        panel=say(framework.panel(criterion.panel).title),
        done=sum(row.status == "done" for row in part.rows),
        rows=_rows(request, desk, part.rows),
    )


def _rows(request: OrgRequest, desk: queries.Desk, rows: Iterable[queries.Row]) -> list[RowPage]:
    words = status_words()
    return [
        RowPage(
            text=f"{row.item.code} {say(row.item.short)}",
            help=say(row.item.asks),
            url=address(request.viewer, "assessment:judge", pk=desk.sheet.assessment_id, code=row.item.code),
            status=row.status,
            status_text=words[row.status],
        )
        for row in rows
    ]


def place(request: OrgRequest, sheet: Sheet, item: Item) -> dict[str, Any]:
    """Where a page about one item stands: crumbs, titles, neighbours."""
    assessment = sheet.assessment
    framework = framework_of(assessment)
    criterion = framework.criterion_of(item.code)
    mine = address(request.viewer, "assessment:my", pk=assessment.pk)
    before, after = framework.neighbours(item.code)
    return {
        "assessment": assessment,
        "sheet": sheet,
        "item": item,
        "title": say(item.title),
        "panel": say(framework.panel_of(item.code).title),
        "is_result": framework.panel_of(item.code).code == "results",
        "crumbs": [
            Link(_("Sub-criteria to assess"), mine),
            Link(
                _("Criterion %(code)s %(title)s") % {"code": criterion.code, "title": say(criterion.short)},
                f"{mine}#criterion-{criterion.code}",
            ),
        ],
        "previous": _neighbour(request, assessment, before),
        "next": _neighbour(request, assessment, after),
    }


def _neighbour(request: OrgRequest, assessment: Assessment, item: Item | None) -> Link | None:
    if item is None:
        return None
    url = address(request.viewer, "assessment:judge", pk=assessment.pk, code=item.code)
    return Link(f"{item.code} {say(item.short)}", url)


def next_code(sheet: Sheet, code: str) -> str | None:
    """The item after this one among those assigned, in the framework's order."""
    framework = framework_of(sheet.assessment)
    order = [item.code for item in framework.items]
    later = order[order.index(code) + 1 :]
    mine = set(queries.assigned_codes(sheet, framework))
    return next((one for one in later if one in mine), None)


def sub_criterion(
    request: OrgRequest,
    sheet: Sheet,
    form: JudgementForm,
    stored: Judgement | None,
    uses: Sequence[EvidenceUse],
) -> dict[str, Any]:
    """Everything the page of one sub-criterion shows."""
    framework = framework_of(sheet.assessment)
    ready, total = queries.ready_count(sheet, framework)
    support = shelf.support_of((use.evidence.kind, use.evidence.details) for use in uses)
    state = queries.item_state(framework, sheet.assessment.method, form.item.code, stored, support)
    rails = [one for rail in (high_without_evidence, result_without_figures) for one in rail(state)]
    worded = own_wording.wording_of(request.viewer, framework, form.item, get_language() or "en")
    return {
        **place(request, sheet, form.item),
        "form": form,
        "has_errors": bool(form.errors),
        "errors": form.summary,
        "version": stored.version if stored else 0,
        "opened": int(timezone.now().timestamp()),
        "saved_words": saved_words(stored),
        "told": form.told,
        "wording": worded,
        "examples": form.examples(worded),
        "hint": say(form.item.evidence_hint),
        "uses": use_lines(request.viewer, uses),
        "notes": [sentence(one) for one in rails],
        "related": [Link(f"{code} {say(framework.item(code).short)}") for code in form.item.related],
        "done": _("%(ready)s of %(total)s ready") % {"ready": ready, "total": total},
        "has_past": sheet.assessment.previous_id is not None,
        **past(sheet, form.item, stored, form.scale),
    }


def saved_words(stored: Judgement | None) -> str:
    """When the sub-criterion was last saved; the day too unless it was today."""
    if stored is None or not stored.version:
        return ""
    if timezone.localtime(stored.saved_at).date() == timezone.localdate():
        return _("Saved at %(time)s") % {"time": clock(stored.saved_at)}
    return _("Saved on %(day)s") % {"day": day(stored.saved_at)}


def past(sheet: Sheet, item: Item, stored: Judgement | None, scale: Scale) -> dict[str, Any]:
    """Last cycle's agreement, fetched only once the person's own score is set."""
    if sheet.assessment.previous_id is None or not queries.is_answered(stored, scale):
        return {"past": None, "past_hidden": sheet.assessment.previous_id is not None}
    found = queries.past_of(sheet, item.code)
    if found is None:
        return {"past": None, "past_hidden": False}
    same = found.assessment.method == sheet.assessment.method
    agreed = scoring.score_or_none(scale, found.values) if same else None
    shown = None if agreed is None else number(agreed)
    return {"past": found, "past_hidden": False, "past_score": shown, "past_same_method": same}


def use_lines(viewer: Viewer, uses: Iterable[EvidenceUse]) -> list[dict[str, Any]]:
    """The evidence of a sub-criterion as the list beside it shows it."""
    shown = list(uses)
    now = resolved(viewer, (use.evidence for use in shown))
    return [_use_line(use, now.get(use.evidence.pk)) for use in shown]


def _use_line(use: EvidenceUse, now: Resolved | None) -> dict[str, Any]:
    row = use.evidence
    parts = [evidence_meta(row.kind, row.details)]
    parts += [_("p. %(page)s") % {"page": use.page}] if use.page else []
    about_it = [", ".join(parts), row.unit.name if row.unit else "", str(row.year or "")]
    since = standing_words(now) if now else ""
    return {"evidence": row, "meta": " · ".join(part for part in about_it if part), "since": since}


def evidence_meta(kind: str, details: dict[str, Any]) -> str:
    """The kind in words, with the figures that matter for it."""
    word = str(EvidenceKind(kind).label)
    wave = details.get("wave", "")
    if (reference := reference_in(details.get("reference"))) and kind == EvidenceKind.SURVEY:
        seen = reference.snapshot
        word, wave = f"{word}: {figure_words(seen)}", when_words(seen)
    if kind == EvidenceKind.SURVEY and details.get("n"):
        answers = ngettext("%(n)s answer", "%(n)s answers", int(details["n"])) % {"n": details["n"]}
        return f"{word}, {answers}, {wave}"
    if kind == EvidenceKind.INDICATOR and details.get("values"):
        years = sorted(details["values"])
        values = " → ".join(number(Decimal(details["values"][year])) for year in years)
        return f"{word}, {years[0]}–{years[-1]}: {values} {details.get('measure', '')}".rstrip()
    return word


@dataclass(frozen=True, slots=True)
class Card:
    """One sub-criterion on the check page."""

    code: str
    title: str
    url: str
    status: str
    status_text: str
    begun: bool
    score: str
    parts: str
    reason: str
    blocks: list[tuple[str, list[str]]]
    findings: list[str]


def check(
    request: OrgRequest, sheet: Sheet, found: dict[str, Judgement], findings: dict[str, list[Finding]]
) -> dict[str, Any]:
    """Everything the check page shows: a card per criterion, gaps and remarks."""
    framework = framework_of(sheet.assessment)
    mine = set(queries.assigned_codes(sheet, framework))
    shown = mine | {code for code, row in found.items() if queries.is_begun(row)}
    parts = [
        (
            f"{criterion.code}. {say(criterion.title)}",
            [
                _card(request, sheet, item, found.get(item.code), findings.get(item.code, []))
                for item in criterion.items
                if item.code in shown
            ],
        )
        for criterion in framework.criteria
    ]
    ready = sum(row.ready for code, row in found.items() if code in mine)
    return {
        "assessment": sheet.assessment,
        "sheet": sheet,
        "crumbs": [
            Link(
                _("Sub-criteria to assess"),
                address(request.viewer, "assessment:my", pk=sheet.assessment_id),
            )
        ],
        "parts": [(title, cards) for title, cards in parts if cards],
        "writable": permissions.may_write_sheet(request.viewer, sheet),
        "may_take_back": sheet.handed_in_at and sheet.assessment.state == "assessing",
        "ready": ready,
        "total": len(mine),
        "gaps": len(mine) - ready,
        "missing": _missing(framework, mine, found),
        "remarks": sum(len(one) for one in findings.values()),
        "locks_on": locks_on(sheet.assessment),
    }


def _missing(framework: Framework, mine: set[str], found: dict[str, Judgement]) -> list[Link]:
    """The assigned items not marked as ready, with their places on the page."""
    left = mine - {code for code, row in found.items() if row.ready}
    return [
        Link(f"{item.code} {say(item.short)}", f"#answer-{item.code}")
        for item in framework.items
        if item.code in left
    ]


def _card(
    request: OrgRequest, sheet: Sheet, item: Item, found: Judgement | None, findings: list[Finding]
) -> Card:
    scale = framework_of(sheet.assessment).scale_for(item.code, sheet.assessment.method)
    status = queries.status_of(found)
    return Card(
        code=item.code,
        title=say(item.short),
        url=address(request.viewer, "assessment:judge", pk=sheet.assessment_id, code=item.code),
        status=status,
        status_text=status_words()[status],
        begun=queries.is_begun(found),
        score=_score(scale, found),
        parts=_parts(scale, found),
        reason=found.reason if found and found.cannot_judge else "",
        blocks=_blocks(found),
        findings=[sentence(one) for one in findings],
    )


def _score(scale: Scale, found: Judgement | None) -> str:
    if found is None:
        return ""
    if found.cannot_judge:
        return _("Cannot judge")
    exact = scoring.score_or_none(scale, found.values)
    return "" if exact is None else number(exact)


def _parts(scale: Scale, found: Judgement | None) -> str:
    """The components given, in words."""
    values = found.values if found else {}
    given = [part for part in scale.components if part.code in values]
    return " · ".join(f"{say(part.title)} {values[part.code]}" for part in given)


def _blocks(found: Judgement | None) -> list[tuple[str, list[str]]]:
    lines = found.lines if found else {}
    return [
        (words["title"], [row["text"] for row in lines.get(kind, [])]) for kind, words in line_words().items()
    ]
