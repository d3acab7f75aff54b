"""Collects what a report says from the data, as plain values: the frozen content of a revision.

Numbers are exact decimals as strings; names and words are in the revision's language. The content
holds everything the documents need, so that they can be drawn again years later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.utils import timezone, translation

from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import (
    Assessment,
    Evidence,
    LineKind,
    ReportSection,
    Statement,
)
from merilo.assessment.reporting import figures
from merilo.assessment.reporting.drafting import drafts_of
from merilo.core.references import reference_in
from merilo.framework.catalogue import Band, Criterion, Framework, Item
from merilo.groups.api import Gathering, Seat
from merilo.web.referring import figure_words, when_words

FORMAT = 1
KEYS = {LineKind.STRENGTH: "strengths", LineKind.AREA: "areas", LineKind.IDEA: "ideas"}


def collect(assessment: Assessment, *, language: str) -> dict[str, Any]:
    """Everything the report says, in the given language. A fixed number of queries, whatever the size."""
    with translation.override(language):
        evidence = _shelf(assessment)
        numbered = {row.pk: number for number, row in enumerate(evidence, start=1)}
        return {
            **_results(assessment, _proofs(evidence, numbered), language),
            "organisation": _organisation(assessment),
            "documents": _documents(assessment),
            "sections": _sections(assessment, language),
            "group": [_seat(seat) for seat in _seats(assessment)],
            "trainings": [_gathering(row) for row in _gatherings(assessment)],
            "evidence": [_evidence(row, numbered[row.pk]) for row in evidence],
        }


def results(assessment: Assessment, *, language: str) -> dict[str, Any]:
    """The part of the content that holds scores, means, change and statements; half the queries."""
    with translation.override(language):
        return _results(assessment, {}, language)


def agreed(content: dict[str, Any]) -> list[Any]:
    """What of a content the group agreed on, with its means and changes: the same for the same agreement."""
    items = [item for criterion in content["criteria"] for item in criterion["items"]]
    agreements = [{key: value for key, value in item.items() if key != "evidence"} for item in items]
    means = [{key: value for key, value in row.items() if key != "items"} for row in content["criteria"]]
    return [content["totals"], means, agreements]


def _results(assessment: Assessment, proofs: dict[str, list[int]], language: str) -> dict[str, Any]:
    framework = framework_of(assessment)
    numbers = figures.numbers_of(assessment)
    return {
        "format": FORMAT,
        "language": language,
        "assessment": _assessment(assessment),
        "framework": _framework(framework, language),
        "scale": _limits(assessment, framework),
        "method": _method(assessment, framework, language),
        "totals": figures.totals_as_text(numbers),
        "panels": figures.panels_as_text(numbers, language),
        "criteria": _criteria(assessment, numbers, proofs, language),
        "previous": figures.previous_as_text(numbers, language),
    }


def _shelf(assessment: Assessment) -> list[Evidence]:
    """The evidence everybody in the group sees, in the order of its first use."""
    found = Evidence.objects.filter(assessment=assessment, only_coordinator=False, removed_at=None)
    return _by_use(list(found.select_related("unit").prefetch_related("uses")), framework_of(assessment))


def _sections(assessment: Assessment, language: str) -> dict[str, str]:
    """What people wrote; where nobody wrote, the draft. An emptied text stays empty."""
    written = ReportSection.objects.filter(report=assessment.pk)
    return {**drafts_of(assessment, language=language), **{row.key: row.text for row in written}}


def _organisation(assessment: Assessment) -> dict[str, str]:
    own = assessment.organisation
    name = own.name_en if translation.get_language() == "en" and own.name_en else own.name
    return {"name": name, "slug": own.slug, "kind": own.get_kind_display()}


def _assessment(assessment: Assessment) -> dict[str, Any]:
    locked, zone = assessment.locked_at, assessment.organisation.zone
    return {
        "id": str(assessment.pk),
        "title": assessment.title,
        "period_from": assessment.period_from.isoformat(),
        "period_until": assessment.period_until.isoformat(),
        "scope": assessment.scope,
        "locked_at": timezone.localdate(locked, zone).isoformat() if locked else None,
    }


def _framework(framework: Framework, language: str) -> dict[str, Any]:
    return {
        "code": framework.code,
        "version": framework.version,
        "edition": framework.edition.in_language(language),
        "title": framework.title.in_language(language),
        "radar": len(framework.criteria) > 3,
    }


def _limits(assessment: Assessment, framework: Framework) -> dict[str, Any]:
    scale = framework.scale_for(framework.items[0].code, assessment.method)
    marks = sorted({band.low for band in scale.bands_of(_first(scale.components))[1:]})
    return {"minimum": scale.minimum, "maximum": scale.maximum, "marks": [mark - 1 for mark in marks]}


def _first(components: Iterable[Any]) -> str | None:
    return next((component.code for component in components), None)


def _method(assessment: Assessment, framework: Framework, language: str) -> dict[str, Any]:
    method = next(method for method in framework.methods if method.code == assessment.method)
    scales = [
        (panel.code, framework.scale_for(_item_of(framework, panel.code), method.code))
        for panel in framework.panels
    ]
    return {
        "code": method.code,
        "title": method.title.in_language(language),
        "description": method.description.in_language(language),
        "components": {
            panel: [
                {"code": part.code, "title": part.title.in_language(language)} for part in scale.components
            ]
            for panel, scale in scales
        },
        "scales": [row for panel, scale in scales for row in _bands(framework, panel, scale, language)],
    }


def _item_of(framework: Framework, panel: str) -> str:
    return next(criterion.items[0].code for criterion in framework.criteria if criterion.panel == panel)


def _bands(framework: Framework, panel: str, scale: Any, language: str) -> list[dict[str, Any]]:
    title = next(row.title.in_language(language) for row in framework.panels if row.code == panel)
    own = [part for part in scale.components if part.bands]
    if not own:
        return [{"title": title, "bands": [_band(band, language) for band in scale.bands]}]
    return [
        {
            "title": f"{title}: {part.title.in_language(language)}",
            "bands": [_band(band, language) for band in part.bands],
        }
        for part in own
    ]


def _band(band: Band, language: str) -> dict[str, Any]:
    words = {"phase": band.phase.in_language(language), "text": band.text.in_language(language)}
    return {"low": band.low, "high": band.high, **words}


def _documents(assessment: Assessment) -> dict[str, Any]:
    named = {"order": assessment.order, "agreement": assessment.centre_agreement}
    return {key: {"number": row.number, "date": row.date.isoformat()} for key, row in named.items() if row}


def _seats(assessment: Assessment) -> list[Seat]:
    return list(Seat.objects.filter(group_id=assessment.group_id).select_related("holder__unit"))


def _seat(seat: Seat) -> dict[str, str]:
    holder = seat.holder
    unit = holder.unit.name if holder.unit else ""
    return {
        "name": holder.on_record,
        "function": seat.get_function_display(),
        "position": holder.position,
        "unit": unit,
    }


def _gatherings(assessment: Assessment) -> list[Gathering]:
    return list(Gathering.objects.filter(group_id=assessment.group_id).prefetch_related("attendances"))


def _gathering(row: Gathering) -> dict[str, Any]:
    return {
        "title": row.title,
        "from": row.from_date.isoformat(),
        "until": row.until_date.isoformat(),
        "lecturer": row.lecturer,
        "participants": len(row.attendances.all()),
    }


def _by_use(evidence: list[Evidence], framework: Framework) -> list[Evidence]:
    order = {item.code: index for index, item in enumerate(framework.items)}
    return sorted(
        evidence,
        key=lambda row: (min((order.get(use.code, 999) for use in row.uses.all()), default=999), row.title),
    )


def _evidence(row: Evidence, number: int) -> dict[str, Any]:
    """What the annex lists; the evidence itself stays on the shelf, which fewer people read than this."""
    return {
        "number": number,
        "title": row.title,
        "kind": row.get_kind_display(),
        "unit": row.unit.name if row.unit else "",
        "year": row.year,
        "uses": [use.code for use in row.uses.all()],
        **_pointed(row),
    }


def _pointed(row: Evidence) -> dict[str, Any]:
    """Of evidence that points at a result of another room what was seen, in words and to be asked again."""
    reference = reference_in(row.details.get("reference"))
    if reference is None:
        return {}
    seen = reference.snapshot
    told = (figure_words(seen), f"n = {seen.n}" if seen.n is not None else "", when_words(seen), seen.method)
    return {"result": ", ".join(one for one in told if one), "reference": reference.plain()}


def _proofs(evidence: list[Evidence], numbered: dict[Any, int]) -> dict[str, list[int]]:
    """Item code -> numbers of the evidence used for it."""
    proofs: defaultdict[str, list[int]] = defaultdict(list)
    for row in evidence:
        for use in row.uses.all():
            proofs[use.code].append(numbered[row.pk])
    return {code: sorted(numbers) for code, numbers in proofs.items()}


def _statements(assessment: Assessment) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """(item code, kind) -> agreed statements with the count of the assessors whose remarks they came from."""
    found: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    assessors = Count("sources__sheet", distinct=True)
    for row in Statement.objects.filter(assessment=assessment).annotate(assessors=assessors):
        found[row.code, row.kind].append({"text": row.text, "assessors": row.assessors})
    return found


def _criteria(
    assessment: Assessment, numbers: figures.Numbers, proofs: dict[str, list[int]], language: str
) -> list[dict[str, Any]]:
    statements = _statements(assessment)

    def item_of(item: Item) -> dict[str, Any]:
        said = {key: statements.get((item.code, kind.value), []) for kind, key in KEYS.items()}
        figure = figures.item_as_text(numbers, item)
        return {**_titled(item, language), **figure, **said, "evidence": proofs.get(item.code, [])}

    return [
        {
            **_named(criterion, language),
            **figures.criterion_as_text(numbers, criterion),
            "items": [item_of(item) for item in criterion.items],
        }
        for criterion in numbers.framework.criteria
    ]


def _named(criterion: Criterion, language: str) -> dict[str, str]:
    texts = {"title": criterion.title.in_language(language), "short": criterion.short.in_language(language)}
    return {"code": criterion.code, "panel": criterion.panel, **texts}


def _titled(item: Item, language: str) -> dict[str, str]:
    return {
        "code": item.code,
        "title": item.title.in_language(language),
        "short": item.short.in_language(language),
    }
