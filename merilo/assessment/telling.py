"""Codes and ids of this room, as the record of actions shows them to a reader."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from merilo.assessment.models import BY_LINK, AgreementState, Assessment, EvidenceKind, LineKind
from merilo.assessment.reporting.texts import PARTS, sections
from merilo.assessment.words import language
from merilo.framework.catalogue import Text
from merilo.framework.loading import load_shipped, shipped
from merilo.organisations.api import Viewer

PLACES = {
    "order": _("Order"),
    "centre_agreement": _("Agreement with the resource centre"),
    "report_sending": _("Sending of the report"),
}
OWN_SECTION = "criterion-"  # each criterion has a text of its own in the report
ADAPTED = {"explanation": _("Explanation"), "examples": _("Examples")}
BETTER = {"higher": _("Higher is better"), "lower": _("Lower is better")}


def codes(key: str, code: str) -> str:
    """States, kinds, sections and parts of a report, scoring methods and their values."""
    words: dict[str, Mapping[str, object]] = {
        "state": dict(AgreementState.choices),
        "kind": dict(EvidenceKind.choices) | dict(LineKind.choices),
        "key": {section.key: section.title for section in sections().values()},
        "parts": PARTS,
        "place": PLACES,
        "better": BETTER,
        "changed": ADAPTED,
    }
    if key == "key" and code.startswith(OWN_SECTION):
        return gettext("Criterion %(code)s") % {"code": code.removeprefix(OWN_SECTION)}
    if key in {"method", "values"} and code in _titles():
        return _titles()[code].in_language(language())
    if key == "framework" and code in shipped():
        return load_shipped(code).title.in_language(language())
    return str(words.get(key, {}).get(code, ""))


def names(viewer: Viewer) -> dict[str, str]:
    """Titles of the organisation's self-assessments by id, and what stands for whoever held a link."""
    found = Assessment.objects.filter(organisation=viewer.organisation).order_by("pk")
    titles = {str(pk): title for pk, title in found.values_list("pk", "title")}
    return titles | {BY_LINK: gettext("By the link of a request")}


@cache
def _titles() -> dict[str, Text]:
    """Titles of the scoring methods of the shipped frameworks, and of the values a score is made of."""
    found: dict[str, Text] = {}
    for framework in map(load_shipped, shipped()):
        found |= {method.code: method.title for method in framework.methods}
        found |= {part.code: part.title for scale in framework.scales for part in scale.components}
    return found
