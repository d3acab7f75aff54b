"""Drafts of the report's texts, filled in with the organisation's own data."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _

from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment
from merilo.assessment.reporting.document import day, period
from merilo.assessment.reporting.texts import DRAFTS, draft


def drafts_of(assessment: Assessment, *, language: str) -> dict[str, str]:
    """Every draft there is, by section; used as it stands where nobody wrote a text."""
    with translation.override(language):
        values = _values(assessment, language)
        return {key: draft(key, values) for key in DRAFTS}


def _values(assessment: Assessment, language: str) -> dict[str, str]:
    framework = framework_of(assessment)
    own = assessment.organisation
    limits = {"period_from": assessment.period_from, "period_until": assessment.period_until}
    return {
        "organisation": own.name_en if language == "en" and own.name_en else own.name,
        "framework": framework.edition.in_language(language),
        "period": period({"assessment": {name: on.isoformat() for name, on in limits.items()}}),
        "method": framework.method(assessment.method).title.in_language(language),
        "members": str(assessment.sheets.count()),
        "order": _order(assessment),
    }


def _order(assessment: Assessment) -> str:
    if assessment.order is None:
        return _("the order of the head of the administration")
    told = {"number": assessment.order.number, "date": day(assessment.order.date.isoformat())}
    return _("order No. %(number)s of %(date)s") % told
