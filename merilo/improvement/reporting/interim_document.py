"""The report of a period as one description, drawn as page, PDF, Word and tables alike.

It is drawn of plain values, of the whole report or of what of it everybody may read: what may not leave is
absent there. Call its parts with the report's language active.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from merilo.core.periods import Period
from merilo.improvement import effect_words
from merilo.improvement.models import MeasureState, Signal
from merilo.improvement.reporting import interim, words
from merilo.improvement.reporting.content import Content
from merilo.improvement.reporting.document import document_words, hidden_words
from merilo.improvement.reporting.interim import Row
from merilo.improvement.reporting.words import DASH
from merilo.improvement.reporting.workbook import Book, Cell
from merilo.improvement.rules.progress import Share
from merilo.web.charts import DOCUMENT, Palette
from merilo.web.documents.model import (
    Block,
    Bullets,
    Column,
    Document,
    Facts,
    Heading,
    Paragraph,
    Table,
    text_blocks,
)
from merilo.web.referring import period_in_words

Cells = tuple[str, ...]
# States of several measures, for which nothing is waited any more.
SETTLED = {
    MeasureState.STOPPED: pgettext_lazy("several measures", "Stopped"),
    MeasureState.DONE: pgettext_lazy("several measures", "Done"),
    MeasureState.DROPPED: pgettext_lazy("several measures", "Dropped"),
}


def title_of(report: Content) -> str:
    """What the report is and of which days."""
    return _("Interim report for %(period)s") % {"period": period_in_words(interim.period_of(report))}


def measure_word() -> str:
    """How tables call a measure; the word alone means something else in other rooms."""
    return str(words.FIELDS["text"])


def group_name(key: str) -> str:
    """What measures are listed under: a signal, or a state without one."""
    return str(Signal(key).label) if key in Signal.values else str(SETTLED[MeasureState(key)])


def document_of(report: Content, *, palette: Palette = DOCUMENT) -> Document:
    """The document in the report's language."""
    with translation.override(report["language"]):
        organisation, plan = report["organisation"]["name"], report["plan"]["title"]
        return Document(
            title=title_of(report),
            subtitle=plan,
            language=report["language"],
            author=organisation,
            words=document_words(),
            blocks=tuple(blocks_of(report)),
            footer=f"{organisation} · {plan} · {period_in_words(interim.period_of(report))}",
            accent=palette.own,
            with_contents=False,
        )


def blocks_of(report: Content, *, with_summary: bool = True) -> Iterator[Block]:
    """The chapters in their order; `with_summary=False` where a page already shows the figures large."""
    if with_summary:
        yield from _summary(report)
    yield from _by_signal(report)
    yield from _happened(report)
    yield from _effects(report)
    yield from _since(report)


def shares_of(report: Content) -> list[tuple[str, Share]]:
    """The two percentages with their names."""
    lines = report["lines"]
    return [
        (_("Measures done"), interim.measures_done(lines)),
        (_("Planned activities carried out"), interim.activities_done(lines)),
    ]


def notes_of(report: Content) -> Iterator[str]:
    """What is not in the figures: measures that were dropped, and those that are not shown."""
    if dropped := interim.measures_done(report["lines"]).dropped:
        yield ngettext(
            "%(count)s dropped measure is not counted in either percentage.",
            "%(count)s dropped measures are not counted in either percentage.",
            dropped,
        ) % {"count": dropped}
    if hidden := report.get("hidden"):
        yield hidden_words(hidden)


def _summary(report: Content) -> Iterator[Block]:
    yield from text_blocks(report.get("foreword", ""))
    yield Heading(1, _("Summary"), anchor="summary")
    rows = [(name, words.share(share)) for name, share in shares_of(report)]
    rows += [(group_name(key), str(len(lines))) for key, lines in interim.grouped(report["lines"]).items()]
    yield Facts(tuple(rows))
    for said in notes_of(report):
        yield Paragraph(said, "meta")


def _by_signal(report: Content) -> Iterator[Block]:
    if not report["lines"]:
        return
    yield Heading(1, _("How the measures stand"), anchor="measures")
    for key, lines in interim.grouped(report["lines"]).items():
        yield Heading(2, group_name(key), anchor=f"group-{key}")
        yield Table(
            "",
            (
                Column(measure_word(), share=6),
                Column(_("Responsible"), share=5),
                Column(_("Term"), share=5),
                Column(_("State"), share=3),
                Column(_("Activities carried out"), numeric=True, share=3),
                Column(_("Done so far"), numeric=True, share=3),
            ),
            tuple(_line(line) for line in lines),
        )


def _named(line: Row) -> str:
    return f"{line['number']}. {line['text']}"


def _who(line: Row) -> str:
    """Who answers: the name inside, the office where everybody reads."""
    owner = line["owner"]
    return owner.get("name") or words.person(owner) if owner else ""


def _state(code: str) -> str:
    return str(MeasureState(code).label)


def _line(line: Row) -> Cells:
    return (
        _named(line),
        _who(line) or DASH,
        words.days(line["first"], line["last"]),
        _state(line["after"]["state"]),
        _carried_out(line),
        words.percent(line["after"]["percent"]),
    )


def _carried_out(line: Row) -> str:
    count = len(line["activities"])
    return _("%(done)s of %(all)s") % {"done": interim.done_in(line), "all": count} if count else DASH


def _happened(report: Content) -> Iterator[Block]:
    moved = [(line, found) for line in report["lines"] if (found := list(happenings(line)))]
    quiet = [line for line in report["lines"] if line["quiet"]]
    if not (moved or quiet):
        return
    yield Heading(1, _("What happened in the period"), anchor="happened")
    for line, found in moved:
        yield Heading(2, _named(line))
        yield Bullets(tuple(found))
    if quiet:
        yield Heading(2, _("Nothing was reported"), anchor="quiet")
        yield Bullets(tuple(_named(line) for line in quiet))


def happenings(line: Row) -> Iterator[str]:
    """What changed of a measure in the period, one sentence each."""
    before, after = line["before"], line["after"]
    if before["state"] != after["state"]:
        yield _("State: %(before)s → %(after)s") % {
            "before": _state(before["state"]).lower(),
            "after": _state(after["state"]).lower(),
        }
    if before["percent"] != after["percent"]:
        yield _("Carried out: %(before)s %% → %(after)s %%") % {
            "before": before["percent"],
            "after": after["percent"],
        }
    for activity in line["carried_out"]:
        day = words.day(activity["on"])
        yield _("Activity carried out on %(day)s: %(text)s") % {"day": day, "text": activity["text"]}
    for said in line.get("reports", ()):
        if said["text"]:
            told = {**said, "day": words.day(said["on"])}
            yield (_("%(day)s, %(who)s: %(text)s") if said.get("who") else _("%(day)s: %(text)s")) % told


def _measured(report: Content) -> list[tuple[Row, Row]]:
    """Each indicator beside the measure it belongs to."""
    return [(line, one) for line in report["lines"] for one in line["indicators"]]


def _effects(report: Content) -> Iterator[Block]:
    if not (rows := _measured(report)):
        return
    yield Heading(1, _("Effect by the indicators"), anchor="effects")
    yield Table(
        _("Values known at the end of the period"),
        (
            Column(_("Indicator"), share=6),
            Column(measure_word(), share=2),
            Column(_("Baseline"), numeric=True, share=3),
            Column(_("Value"), numeric=True, share=3),
            Column(_("When"), share=5),
            Column(_("Target"), numeric=True, share=3),
            Column(_("Reached"), share=3),
        ),
        tuple(_effect(line, one) for line, one in rows),
    )


def _effect(line: Row, one: Row) -> Cells:
    when = _when(one)
    return (
        one["name"],
        f"№\u00a0{line['number']}",
        words.valued(one["baseline"], one["unit"]),
        words.valued(one["value"], one["unit"]),
        period_in_words(when) if when else DASH,
        words.valued(one["target"], one["unit"]),
        _verdict(one),
    )


def _when(one: Row) -> Period | None:
    """The period of the value."""
    if one["value"] is None:
        return None
    return Period(date.fromisoformat(one["first"]), date.fromisoformat(one["last"]))


def _verdict(one: Row) -> str:
    return {True: _("yes"), False: _("not yet"), None: DASH}[one["reached"]]


def _since(report: Content) -> Iterator[Block]:
    """The points of sub-criteria with measures, where a later self-assessment can be compared."""
    for since in report.get("since", ()):
        yield Heading(1, _("What changed since the last self-assessment"), anchor="since")
        yield Table(
            _("Points of sub-criteria with measures: %(before)s and %(after)s") % since,
            (
                Column(_("Sub-criterion"), share=6),
                Column(_("Measures"), share=3),
                Column(_("Before"), numeric=True, share=2),
                Column(_("After"), numeric=True, share=2),
                Column(_("Difference"), numeric=True, share=2),
            ),
            tuple(_touched(row) for row in since["rows"]),
        )
        yield Bullets((*since["means"], effect_words.caution()))


def _touched(row: Row) -> Cells:
    return (
        f"{row['code']} {row['name']}",
        ", ".join(str(number) for number in row["measures"]),
        effect_words.points(_exact(row["before"])),
        effect_words.points(_exact(row["after"])),
        effect_words.difference(_exact(row["difference"])),
    )


# --- tables -----------------------------------------------------------------------------------
def json_of(report: Content) -> str:
    """The report as open data, with the two percentages."""
    with translation.override(report["language"]):
        shares = {
            name: {"done": share.done, "of": share.of, "dropped": share.dropped, "percent": share.percent}
            for name, (_title, share) in zip(("measures", "activities"), shares_of(report), strict=True)
        }
    return json.dumps(report | {"shares": shares}, ensure_ascii=False, indent=1)


def xlsx(report: Content, *, at: datetime) -> bytes:
    """The workbook: the two percentages, measures, what was reported, indicators."""
    with translation.override(report["language"]):
        lines = report["lines"]
        with Book(title_of(report), report["organisation"]["name"], at) as book:
            book.facts(_("Summary"), list(_facts(report)))
            book.table(_("Measures"), _measure_columns(), [_measure_cells(line) for line in lines])
            if any("reports" in line for line in lines):
                book.table(_("Reports"), _report_columns(), list(_report_cells(report)))
            indicators = [_effect_cells(line, one) for line, one in _measured(report)]
            book.table(_("Indicators"), _effect_columns(), indicators)
            if points := [cells for since in report.get("since", ()) for cells in _since_cells(since)]:
                book.table(_("Points"), _since_columns(), points)
        return book.content


def _since_columns() -> list[tuple[str, int]]:
    return [
        (_("Sub-criterion"), 44),
        (_("Measures"), 12),
        (_("Self-assessment before"), 28),
        (_("Before"), 10),
        (_("Self-assessment after"), 28),
        (_("After"), 10),
        (_("Difference"), 12),
    ]


def _since_cells(since: Row) -> Iterator[list[Cell]]:
    for row in since["rows"]:
        yield [
            f"{row['code']} {row['name']}",
            ", ".join(str(number) for number in row["measures"]),
            since["before"],
            _exact(row["before"]),
            since["after"],
            _exact(row["after"]),
            _exact(row["difference"]),
        ]


def _facts(report: Content) -> Iterator[tuple[str, Cell]]:
    yield _("Organisation"), report["organisation"]["name"]
    yield _("Plan"), report["plan"]["title"]
    yield _("From"), date.fromisoformat(report["first"])
    yield _("Until"), date.fromisoformat(report["last"])
    for name, share in shares_of(report):
        yield _("%(name)s, count") % {"name": name}, share.done
        yield _("%(name)s, out of") % {"name": name}, share.of
        yield _("%(name)s, %%") % {"name": name}, share.percent
    yield _("Dropped measures, not counted"), interim.measures_done(report["lines"]).dropped
    if hidden := report.get("hidden"):
        yield _("Measures that are not shown"), hidden
    for key, lines in interim.grouped(report["lines"]).items():
        yield group_name(key), len(lines)
    if foreword := report.get("foreword"):
        yield _("Foreword"), foreword


def _measure_columns() -> list[tuple[str, int]]:
    return [
        (_("No."), 5),
        (measure_word(), 44),
        (_("Responsible"), 28),
        (_("Begins"), 12),
        (_("Ends"), 12),
        (_("State before"), 18),
        (_("State"), 18),
        (_("Signal"), 14),
        (_("Carried out before, %"), 12),
        (_("Carried out, %"), 12),
        (_("Activities carried out"), 12),
        (_("Activities, all"), 12),
        (_("Activities carried out in the period"), 12),
        (_("Reports in the period"), 12),
    ]


def _measure_cells(line: Row) -> list[Cell]:
    return [
        line["number"],
        line["text"],
        _who(line),
        date.fromisoformat(line["first"]),
        date.fromisoformat(line["last"]),
        _state(line["before"]["state"]),
        _state(line["after"]["state"]),
        str(Signal(signal).label) if (signal := line["after"]["signal"]) else "",
        line["before"]["percent"],
        line["after"]["percent"],
        interim.done_in(line),
        len(line["activities"]),
        len(line["carried_out"]),
        len(line["reports"]) if "reports" in line else None,
    ]


def _report_columns() -> list[tuple[str, int]]:
    return [(_("No."), 5), (measure_word(), 44), (_("Day"), 12), (_("Who"), 28), (_("What was reported"), 70)]


def _report_cells(report: Content) -> Iterator[list[Cell]]:
    for line in report["lines"]:
        for one in line.get("reports", ()):
            day = date.fromisoformat(one["on"])
            yield [line["number"], line["text"], day, one.get("who", ""), one["text"]]


def _effect_columns() -> list[tuple[str, int]]:
    return [
        (_("No."), 5),
        (measure_word(), 44),
        (_("Indicator"), 40),
        (_("Unit of measurement"), 14),
        (_("Baseline"), 12),
        (_("Value"), 12),
        (_("From"), 12),
        (_("Until"), 12),
        (_("Target"), 12),
        (_("Reached"), 10),
    ]


def _effect_cells(line: Row, one: Row) -> list[Cell]:
    when = _when(one)
    return [
        line["number"],
        line["text"],
        one["name"],
        one["unit"],
        _exact(one["baseline"]),
        _exact(one["value"]),
        when.first if when else None,
        when.last if when else None,
        _exact(one["target"]),
        _verdict(one),
    ]


def _exact(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
