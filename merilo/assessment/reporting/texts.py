"""The editable texts of a report: which there are, and the drafts that people start from."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, slots=True)
class Section:
    """One text: its key, title, a hint for the writer, and the part of the report it belongs to."""

    key: str
    title: str | Promise
    hint: str | Promise
    part: str


SECTIONS: tuple[Section, ...] = (
    Section(
        "introduction",
        gettext_lazy("Introduction"),
        gettext_lazy("Why the organisation assesses itself, who decided, and what it expects."),
        "introduction",
    ),
    Section(
        "method",
        gettext_lazy("Scope and method"),
        gettext_lazy("What was assessed and how the group worked."),
        "introduction",
    ),
    Section(
        "group",
        gettext_lazy("Work of the group"),
        gettext_lazy("How the group was composed and trained, and how it met."),
        "group",
    ),
    Section(
        "summary",
        gettext_lazy("Summary of the results"),
        gettext_lazy("Three or four sentences for the hurried reader."),
        "results",
    ),
    Section(
        "measures",
        gettext_lazy("Proposed measures"),
        gettext_lazy("What the group proposes to begin with, and why."),
        "measures",
    ),
    Section(
        "change",
        gettext_lazy("Change since the last self-assessment"),
        gettext_lazy("What became better or worse and what explains it."),
        "change",
    ),
    Section(
        "conclusion",
        gettext_lazy("Conclusion"),
        gettext_lazy("What happens next: approval, sending, improvement plan."),
        "measures",
    ),
)


def sections() -> dict[str, Section]:
    """The fixed sections by key; each criterion adds one of its own (`criterion-<code>`)."""
    return {section.key: section for section in SECTIONS}


def part_of(key: str) -> str:
    """The part a text belongs to; empty for a key that no report has."""
    known = sections()
    if key in known:
        return known[key].part
    return "findings" if key.startswith("criterion-") else ""


# Chosen one by one for publication.
PARTS: dict[str, str | Promise] = {
    "introduction": gettext_lazy("Introduction, scope and method"),
    "group": gettext_lazy("Composition of the group, with names"),
    "results": gettext_lazy("Results by criterion and sub-criterion"),
    "findings": gettext_lazy("Strengths and areas for improvement"),
    "measures": gettext_lazy("Proposed measures and conclusion"),
    "change": gettext_lazy("Change since the last self-assessment"),
    "annexes": gettext_lazy("Annexes: evidence and scoring method"),
}
DEFAULT_PARTS = ("introduction", "results", "findings", "measures", "change")


def draft(key: str, values: dict[str, str]) -> str:
    """The text a section starts with: filled in with the organisation's own data.

    `values`: organisation, framework, period, method, members (a count), order, title.
    """
    return DRAFTS[key]() % values if key in DRAFTS else ""


def _introduction() -> str:
    return _(
        "%(organisation)s carried out a self-assessment by the model %(framework)s for the period "
        "%(period)s. The self-assessment shows how the administration works, what it achieves for citizens "
        "and where it can become better. It rests on the evidence that the employees themselves collected "
        "and discussed.\n\n"
        "This report presents the results and the proposals of the self-assessment group. After its approval "
        "it becomes the basis of the improvement plan."
    )


def _method() -> str:
    return _(
        "The self-assessment covers the whole administration of %(organisation)s. Each assessor first "
        "judged alone the sub-criteria assigned to him or her: strengths, areas for improvement, ideas, "
        "evidence and a score. Then the group discussed the judgements and agreed on one score for "
        "each sub-criterion. The agreed score is not an arithmetic mean but the result of the discussion.\n\n"
        "Scoring method: %(method)s."
    )


def _group() -> str:
    # The order stands in the middle: in Bulgarian its date ends with a full stop of its own.
    return _(
        "On the basis of %(order)s a self-assessment group was formed; %(members)s of its members scored."
    )


def _conclusion() -> str:
    return _(
        "The report is submitted for approval to the head of the administration. After the approval the "
        "employees are acquainted with it, and the proposed measures are ranked by effect and feasibility "
        "in an improvement plan."
    )


DRAFTS = {"introduction": _introduction, "method": _method, "group": _group, "conclusion": _conclusion}
