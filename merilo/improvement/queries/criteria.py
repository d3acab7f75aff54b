"""The sub-criteria that a plan speaks of, by their names."""

from __future__ import annotations

from collections.abc import Iterable

from merilo.assessment.api import framework_of
from merilo.framework.catalogue import Framework, UnknownCode
from merilo.framework.loading import load_shipped
from merilo.improvement.models import Plan

USUAL = "caf-2020"


def framework_for(plan: Plan) -> Framework:
    """The framework of the self-assessment a plan starts from, else the usual one. One query."""
    source = plan.sources.select_related("assessment__edition").last()
    return framework_of(source.assessment) if source else load_shipped(USUAL)


def named(framework: Framework, codes: Iterable[str], language: str) -> list[tuple[str, str]]:
    """Codes with the names of their sub-criteria; a code that the framework does not know stays bare."""
    return [(code, _name(framework, code, language)) for code in codes]


def _name(framework: Framework, code: str, language: str) -> str:
    try:
        return framework.item(code).title.in_language(language)
    except UnknownCode:
        return ""


def criterion_of(framework: Framework, code: str) -> str:
    """The criterion that a sub-criterion belongs to; empty where the framework does not know it."""
    try:
        return framework.criterion_of(code).code
    except UnknownCode:
        return ""
