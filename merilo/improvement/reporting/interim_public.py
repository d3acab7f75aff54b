"""What of an interim report everybody may read: the measures that the published plan shows, and no names.

A measure that is withheld, in the published plan or since, is left out and it is said how many; the figures
are counted among those that are shown. Who answers is told by position and unit. What owners reported leaves
only where the organisation wants it, without who said it; points of self-assessments never do.
"""

from __future__ import annotations

from collections.abc import Mapping

from merilo.improvement.reporting.content import Content
from merilo.improvement.reporting.interim import Row
from merilo.improvement.reporting.public import office

OPEN_REPORT = ("format", "language", "on", "first", "last", "organisation", "plan")
OPEN_LINE = ("number", "first", "last", "before", "after", "activities", "carried_out", "quiet", "indicators")


def opened(report: Content, approved: Mapping[str, str], *, with_reports: bool) -> Content:
    """A new content of what may leave; `approved` are the texts of the measures that the plan publishes."""
    shown = [line for line in report["lines"] if line["id"] in approved and not line["withheld"]]
    return {
        **{name: report[name] for name in OPEN_REPORT},
        "hidden": len(report["lines"]) - len(shown),
        "lines": [_line(line, approved[line["id"]], with_reports=with_reports) for line in shown],
    }


def _line(line: Row, text: str, *, with_reports: bool) -> Row:
    told = {name: line[name] for name in OPEN_LINE} | {"text": text, "owner": office(line["owner"])}
    if with_reports:
        told["reports"] = [{"on": one["on"], "text": one["text"]} for one in line["reports"]]
    return told
