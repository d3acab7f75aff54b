"""What the templates of the evidence shelf show, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.assessment import permissions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.evidence_words import own_figures, seen_figures, seen_of
from merilo.assessment.forms.evidence import EvidenceForm, Uses
from merilo.assessment.models import Assessment, Evidence, EvidenceKind
from merilo.assessment.queries import evidence as queries
from merilo.assessment.queries import referring, requests
from merilo.assessment.views.sheet_pages import crumbs, evidence_meta, say
from merilo.core.references import Resolved, Standing, kind_of
from merilo.organisations.api import OrgRequest, address
from merilo.web.forms import error_links
from merilo.web.items import Link
from merilo.web.referring import figure_words, standing_words
from merilo.web.tables import Column


def kind_words() -> dict[str, tuple[str, str]]:
    """Each kind: its word and when to take it."""
    return {
        EvidenceKind.DOCUMENT: (
            _("Document"),
            _("A plan, a report, minutes: as a file, or where the paper is kept."),
        ),
        EvidenceKind.LINK: (_("Link"), _("A public page or a place in the document system.")),
        EvidenceKind.NOTE: (_("Note"), _("Something seen or known that no document says.")),
        EvidenceKind.INDICATOR: (
            _("Indicator"),
            _("A figure with the values of three years and its target: what a results score rests on."),
        ),
        EvidenceKind.SURVEY: (
            _("Survey result"),
            _("What people said in a survey made elsewhere: when, how many and how they were asked."),
        ),
    }


def offer_words() -> dict[str, tuple[str, str]]:
    """The kinds that other rooms offer: their words and when to take them."""
    return {
        EvidenceKind.SURVEY: (
            _("Result of a survey"),
            _("A figure of a closed survey made here: question, answers, dates and method come along."),
        ),
        EvidenceKind.INDICATOR: (
            _("Value of an indicator"),
            _("An indicator kept here: its values over the years, target and source come along."),
        ),
    }


def back(request: OrgRequest, assessment: Assessment, code: str) -> str:
    """To the sub-criterion one came from, if one has a sheet; else to the shelf."""
    seat = permissions.seat_of(request.viewer, assessment)
    if code and seat is not None and seat.function in {"chair", "member"}:
        return address(request.viewer, "assessment:judge", pk=assessment.pk, code=code)
    return address(request.viewer, "assessment:evidence", pk=assessment.pk)


def shelf_crumbs(request: OrgRequest, assessment: Assessment) -> list[Link]:
    """The way to a page of the shelf."""
    shelf_url = address(request.viewer, "assessment:evidence", pk=assessment.pk)
    return crumbs(request, assessment, Link(_("Evidence"), shelf_url))


def described(row: Evidence, year: int, resolved: Resolved | None = None) -> dict[str, Any]:
    """One row of the shelf in words; `resolved` is what became of what it points at."""
    meta = evidence_meta(row.kind, row.details)
    return {
        "evidence": row,
        "kind": meta,
        "unit": row.unit.name if row.unit else "",
        "codes": [use.code for use in row.uses.all()],
        "old": queries.is_old(row, year),
        "figure": queries.indicator_of(row.details) if row.kind == EvidenceKind.INDICATOR else None,
        "since": standing_words(resolved) if resolved else "",
    }


def shelf(
    request: OrgRequest, assessment: Assessment, page: Page[Evidence], filters: queries.Filters
) -> dict[str, Any]:
    """Everything the shelf shows."""
    named = {"q": filters.text, "kind": filters.kind, "code": filters.code, "state": filters.state}
    query = urlencode({key: value for key, value in named.items() if value})
    year = timezone.localdate().year
    url = address(request.viewer, "assessment:evidence", pk=assessment.pk)
    asked, answered = requests.counts(request.viewer, assessment)
    now = referring.resolved(request.viewer, page)
    return {
        "assessment": assessment,
        "crumbs": crumbs(request, assessment),
        "may_ask": permissions.may_request(request.viewer, assessment),
        "may_see_requests": permissions.may_see_requests(request.viewer, assessment),
        "asked": asked,
        "answered": answered,
        "page_of": page,
        "rows": [described(row, year, now.get(row.pk)) for row in page],
        "filters": filters,
        "query": query,
        "is_filtered": bool(query),
        "kinds": [(kind, words[0]) for kind, words in kind_words().items()],
        "items": [(item.code, f"{item.code} {say(item.short)}") for item in framework_of(assessment).items],
        "may_change": permissions.may_use_shelf(request.viewer, assessment),
        "has_last_cycle": assessment.previous_id is not None,
        "downloads": [Link(kind.upper(), f"{url}?{query}&format={kind}") for kind in ("csv", "xlsx", "json")],
    }


def columns() -> list[Column]:
    """The columns of the shelf to take away."""
    return [
        Column("title", _("Title")),
        Column("kind", _("Kind")),
        Column("unit", _("Unit")),
        Column("year", _("Year")),
        Column("uses", _("Used for")),
        Column("seen_by", _("Seen by")),
        Column("address", _("Address or file")),
        Column("text", _("Text")),
        Column("figures", _("Figures")),
    ]


def table(rows: Iterable[Evidence]) -> list[list[Any]]:
    """The shelf to take away, one row per thing."""
    return [
        [
            row.title,
            str(EvidenceKind(row.kind).label),
            row.unit.name if row.unit else "",
            row.year,
            "; ".join(f"{use.code} ({use.page})" if use.page else use.code for use in row.uses.all()),
            _("the coordinator") if row.only_coordinator else _("the group"),
            row.file.name if row.file else row.url,
            row.text,
            _figures(row),
        ]
        for row in rows
    ]


def _figures(row: Evidence) -> str:
    """The figures in one cell: years with values, target, source; wave, number of answers, method."""
    details = row.details
    values = [f"{year}: {value}" for year, value in sorted(details.get("values", {}).items())]
    named = ("measure", "target", "source", "wave", "n", "method")
    rest = [str(details[key]) for key in named if details.get(key)]
    seen = seen_of(row)
    return "; ".join(([figure_words(seen)] if seen and not values else []) + values + rest)


def kinds(request: OrgRequest, assessment: Assessment, code: str) -> dict[str, Any]:
    """The choice of a kind."""
    url = address(request.viewer, "assessment:evidence_new", pk=assessment.pk)
    suffix = f"&for={code}" if code else ""
    offered = [
        (title, words, _from(request, assessment, kind, code))
        for kind, (title, words) in offer_words().items()
        if kind_of(kind) is not None
    ]
    return {
        "assessment": assessment,
        "crumbs": shelf_crumbs(request, assessment),
        "code": code,
        "offered": offered,
        "choices": [
            (title, words, f"{url}?kind={kind}{suffix}") for kind, (title, words) in kind_words().items()
        ],
    }


def _from(request: OrgRequest, assessment: Assessment, kind: str, code: str) -> str:
    url = address(request.viewer, "assessment:evidence_from", pk=assessment.pk, kind=kind)
    return f"{url}?for={code}" if code else url


def form(
    request: OrgRequest,
    assessment: Assessment,
    filled: EvidenceForm,
    uses: Uses,
    stored: Evidence | None,
) -> dict[str, Any]:
    """The form of one evidence; `stored` is what somebody else saved meanwhile."""
    title, hint = kind_words()[filled.kind]
    errors = error_links(filled) if filled.is_bound else []
    errors += [Link(uses.error, "#uses")] if uses.error else []
    return {
        "assessment": assessment,
        "crumbs": shelf_crumbs(request, assessment),
        "form": filled,
        **uses_shown(uses),
        "errors": errors,
        "has_errors": bool(errors),
        "kind_title": title,
        "kind_hint": hint,
        "evidence": filled.evidence,
        **(source(request, filled.evidence) if filled.evidence else {}),
        "stored": stored,
        "version": stored.version if stored else filled["version"].value(),
        "stored_facts": _stored_facts(stored) if stored else [],
    }


def _stored_facts(stored: Evidence) -> list[tuple[str, str]]:
    codes = ", ".join(use.code for use in stored.uses.all())
    return facts(stored) + ([(_("Used for"), codes)] if codes else [])


def uses_shown(uses: Uses) -> dict[str, Any]:
    """The sub-criteria to tick, by criterion."""
    return {
        "uses": [
            (f"{criterion.code}. {say(criterion.title)}", [(row, say(row.item.short)) for row in rows])
            for criterion, rows in uses.groups
        ],
        "used": len(uses.stored),
        "uses_error": uses.error,
    }


def facts(row: Evidence) -> list[tuple[str, str]]:
    """One evidence as terms and values to read."""
    seen = seen_of(row)
    found = [
        (_("Title"), row.title),
        (_("Kind"), str(EvidenceKind(row.kind).label)),
        (_("Unit"), row.unit.name if row.unit else ""),
        (_("Year"), str(row.year or "")),
        (_("Text"), row.text),
        (seen.measure or _("Value"), figure_words(seen)) if seen else ("", ""),
        (_("Taken from"), seen.source if seen else ""),
        (_("Address"), row.url),
        (_("File"), row.file.name if row.file else ""),
        *own_figures(row),
        (_("Seen by"), _("the coordinator") if row.only_coordinator else _("the group")),
    ]
    return [(term, text) for term, text in found if text]


def source(request: OrgRequest, row: Evidence) -> dict[str, Any]:
    """What an evidence points at: its facts, where the viewer may read it now, and what became of it."""
    seen, now = seen_of(row), referring.resolved(request.viewer, [row]).get(row.pk)
    if seen is None or now is None:
        return {}
    return {
        "source": [(term, text) for term, text in seen_figures(seen) if text],
        "source_url": now.now.path if now.now else "",
        "since": standing_words(now),
        "is_changed": now.standing == Standing.CHANGED,
    }


def read(request: OrgRequest, assessment: Assessment, row: Evidence) -> dict[str, Any]:
    """One evidence to read."""
    framework = framework_of(assessment)
    return {
        "assessment": assessment,
        "crumbs": shelf_crumbs(request, assessment),
        "evidence": row,
        **source(request, row),
        "facts": facts(row),
        "used_for": [f"{use.code} {say(framework.item(use.code).short)}" for use in row.uses.all()],
    }


def removed(request: OrgRequest, assessment: Assessment, rows: Iterable[Evidence]) -> dict[str, Any]:
    """What can still be put back, and until when."""
    return {
        "assessment": assessment,
        "crumbs": shelf_crumbs(request, assessment),
        "rows": [
            {"evidence": row, "until": row.removed_at + queries.REMOVED_KEPT}
            for row in rows
            if row.removed_at
        ],
    }


def chooser(
    request: OrgRequest, assessment: Assessment, code: str, shown: Sequence[Evidence], error: str
) -> dict[str, Any]:
    """The shelf with a tick and a page per thing, for one sub-criterion."""
    item = framework_of(assessment).item(code)
    sent = request.POST if request.method == "POST" else None
    year, now = timezone.localdate().year, referring.resolved(request.viewer, shown)
    rows = []
    for row in shown:
        page = next((use.page for use in row.uses.all() if use.code == code), None)
        chosen = str(row.pk) in sent.getlist("use") if sent else page is not None
        typed = sent.get(f"page-{row.pk}", "") if sent else page or ""
        was = sent.get(f"was-{row.pk}") if sent else page
        rows.append({**described(row, year, now.get(row.pk)), "chosen": chosen, "page": typed, "was": was})
    return {
        "assessment": assessment,
        "crumbs": shelf_crumbs(request, assessment),
        "item": item,
        "title": say(item.title),
        "short": say(item.short),
        "hint": say(item.evidence_hint),
        "rows": sorted(rows, key=lambda one: not one["chosen"]),
        "error": error,
        "has_errors": bool(error),
        "back": back(request, assessment, code),
        "add_url": address(request.viewer, "assessment:evidence_new", pk=assessment.pk) + f"?for={code}",
    }


def last_cycle(
    request: OrgRequest, assessment: Assessment, rows: Sequence[Evidence], key: str
) -> dict[str, Any]:
    """What could be brought over."""
    year = timezone.localdate().year
    return {
        "assessment": assessment,
        "crumbs": shelf_crumbs(request, assessment),
        "rows": [described(row, year) for row in rows],
        "once": key,
    }
