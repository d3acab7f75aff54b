"""What the report page shows: the numbers as they stand now, and the texts with their drafts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merilo.assessment import permissions
from merilo.assessment.models import Assessment
from merilo.assessment.queries import revisions
from merilo.assessment.reporting import content as contents
from merilo.assessment.reporting import drawings
from merilo.assessment.reporting.document import better_than_before, number, signed
from merilo.assessment.reporting.drafting import drafts_of
from merilo.assessment.reporting.texts import DRAFTS, SECTIONS, Section
from merilo.core.errors import Refused
from merilo.framework.catalogue import Framework
from merilo.organisations.api import Viewer
from merilo.web.charts import WEB, Drawing

TOP = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """A large figure: value now, its name, and in words the value before."""

    value: str
    label: str
    before: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """An agreed statement and how many assessors wrote it."""

    code: str
    text: str
    count: int

    @property
    def words(self) -> str:
        """Where it stands and, of several, how many wrote it."""
        if self.count < 2:
            return self.code
        written = ngettext("written by %(count)s assessor", "written by %(count)s assessors", self.count)
        return f"{self.code} · {written % {'count': self.count}}"


@dataclass(frozen=True, slots=True)
class Results:
    """Numbers, drawings and findings of one assessment, ready to show."""

    content: dict[str, Any]
    sentence: str
    figures: tuple[Figure, ...]
    bars: Drawing
    radar: Drawing | None
    rows: tuple[dict[str, str], ...]
    compared: bool
    note: str
    strengths: tuple[Finding, ...]
    areas: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One text of the report: what is written, or the draft to start from."""

    section: Section
    text: str
    version: int
    written: bool

    @property
    def key(self) -> str:
        return self.section.key

    @property
    def is_draft(self) -> bool:
        """Nobody wrote it, but the report has a draft that is used as it stands."""
        return not self.written and self.version == 0 and self.key in DRAFTS


def results_of(viewer: Viewer, assessment: Assessment, *, language: str) -> Results:
    """The results as they stand; refused before the agreement. A fixed number of queries."""
    if not permissions.is_own(viewer, assessment):
        raise Refused
    content = contents.results(assessment, language=language)
    compared = drawings.compared(content)
    previous = content["previous"]
    return Results(
        content=content,
        sentence=_sentence(content, compared=compared),
        figures=figures_of(content),
        bars=drawings.bars(content, WEB),
        radar=drawings.radar(content, WEB) if content["framework"]["radar"] else None,
        rows=tuple(_row(row) for row in content["criteria"]),
        compared=compared,
        note=(previous["reason"] or previous["warning"]) if previous else "",
        strengths=_top(content, "strengths", order=-1),
        areas=_top(content, "areas", order=1),
    )


def _sentence(content: dict[str, Any], *, compared: bool) -> str:
    scored = [row for row in content["criteria"] if row["mean"] is not None]
    if not scored:
        return _("Nothing is scored yet.")
    best = max(scored, key=lambda row: float(row["mean"]))
    worst = min(scored, key=lambda row: float(row["mean"]))
    facts = {
        "best": best["short"],
        "high": number(best["mean"]),
        "worst": worst["short"],
        "low": number(worst["mean"]),
        "count": len(scored),
    }
    if best["mean"] == worst["mean"]:
        words = ngettext(
            "One criterion is scored: %(high)s points.",
            "All %(count)s scored criteria have %(high)s points.",
            len(scored),
        )
    else:
        words = _("Strongest: %(best)s (%(high)s points). Most room to grow: %(worst)s (%(low)s).")
    words %= facts
    if not compared:
        return words
    return f"{words} {better_than_before(content)}"


def figures_of(content: dict[str, Any]) -> tuple[Figure, ...]:
    """The whole result in a line: the mean of each panel, and how many items are agreed."""
    scored = content["totals"]["scored"]
    label = ngettext("sub-criterion agreed", "sub-criteria agreed", scored)
    return (*(_mean(panel) for panel in content["panels"]), Figure(str(scored), label))


def _mean(panel: dict[str, Any]) -> Figure:
    before = panel.get("before")  # absent where the change is not published
    return Figure(
        number(panel["mean"]),
        _("mean: %(panel)s") % {"panel": panel["title"].lower()},
        _("before: %(value)s") % {"value": number(before)} if before else "",
    )


def _row(row: dict[str, Any]) -> dict[str, str]:
    low, high = row["lowest"], row["highest"]
    return {
        "name": f"{row['code']}. {row['title']}",
        "mean": number(row["mean"]),
        "before": number(row["before"]),
        "change": signed(row["change"]),
        "range": "–" if low is None else f"{number(low)}–{number(high)}",
    }


def _top(content: dict[str, Any], key: str, *, order: int) -> tuple[Finding, ...]:
    """What most assessors wrote; of equals those of the highest scores (`order` -1) or the lowest (1)."""
    items = [item for criterion in content["criteria"] for item in criterion["items"]]
    items.sort(key=lambda item: (item["score"] is None, order * Decimal(item["score"] or 0)))
    found = [Finding(item["code"], row["text"], row["assessors"]) for item in items for row in item[key]]
    return tuple(sorted(found, key=lambda finding: -finding.count)[:TOP])


# --- texts --------------------------------------------------------------------------------------------


def section_rows(assessment: Assessment, framework: Framework) -> list[SectionRow]:
    """All texts of the report in order: the fixed ones, then one per criterion."""
    own = [Section(f"criterion-{row.code.lower()}", row.code, "", "findings") for row in framework.criteria]
    written = revisions.sections_of(assessment)
    titles = {f"criterion-{row.code.lower()}": row for row in framework.criteria}
    language = _language()
    described = [*SECTIONS]
    for section in own:
        title = f"{titles[section.key].code}. {titles[section.key].title.in_language(language)}"
        described.append(Section(section.key, title, _("What stands out in this criterion."), "findings"))
    return [_made(section, written.get(section.key)) for section in described]


def section_row(assessment: Assessment, framework: Framework, section: Section) -> SectionRow:
    """One text: what is written, or a draft filled in with the organisation's own data."""
    row = _made(section, revisions.sections_of(assessment).get(section.key))
    if row.written:
        return row
    drafts = drafts_of(assessment, language=_language())
    return SectionRow(section, drafts.get(section.key, ""), row.version, written=False)


def _made(section: Section, row: Any) -> SectionRow:
    if row is None:
        return SectionRow(section, "", 0, written=False)
    return SectionRow(section, row.text, row.version, written=bool(row.text))


def _language() -> str:
    from django.utils.translation import get_language

    return get_language() or "bg"
