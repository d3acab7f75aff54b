"""The report of a period as one description, drawn as page, PDF, Word and tables alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from merilo.improvement import effect_words
from merilo.improvement.models import Measure, MeasureState, Signal
from merilo.improvement.queries.effect import Since
from merilo.improvement.reporting import words
from merilo.improvement.reporting.document import document_words
from merilo.improvement.reporting.interim import Effect, Interim, Line
from merilo.improvement.reporting.words import DASH
from merilo.improvement.reporting.workbook import Book, Cell
from merilo.improvement.rules.effect import Touched
from merilo.improvement.rules.progress import Share
from merilo.indicators.api import plain
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
)
from merilo.web.referring import period_in_words

Row = tuple[str, ...]


def title_of(report: Interim) -> str:
    """What the report is and of which days."""
    return _("Interim report for %(period)s") % {"period": period_in_words(report.period)}


def measure_word() -> str:
    """How tables call a measure; the word alone means something else in other rooms."""
    return str(words.FIELDS["text"])


def group_name(key: str) -> str:
    """What measures are listed under: a signal, or a state without one."""
    return str(Signal(key).label) if key in Signal.values else str(MeasureState(key).label)


def document_of(report: Interim, *, palette: Palette = DOCUMENT) -> Document:
    """The document in the active language."""
    organisation = report.plan.organisation
    return Document(
        title=title_of(report),
        subtitle=report.plan.title,
        language=get_language() or "bg",
        author=organisation.name,
        words=document_words(),
        blocks=tuple(blocks_of(report)),
        footer=f"{organisation.name} · {report.plan.title} · {period_in_words(report.period)}",
        accent=palette.own,
        with_contents=False,
    )


def blocks_of(report: Interim, *, with_summary: bool = True) -> Iterator[Block]:
    """The chapters in their order; `with_summary=False` where a page already shows the figures large."""
    if with_summary:
        yield from _summary(report)
    yield from _by_signal(report)
    yield from _happened(report)
    yield from _effects(report)
    yield from _since(report)


def shares_of(report: Interim) -> list[tuple[str, Share]]:
    """The two percentages with their names."""
    return [(_("Measures done"), report.measures), (_("Planned activities carried out"), report.activities)]


def dropped_words(share: Share) -> str:
    """That dropped measures are out of the count; empty where there are none."""
    if not share.dropped:
        return ""
    return ngettext(
        "%(count)s dropped measure is not counted in either percentage.",
        "%(count)s dropped measures are not counted in either percentage.",
        share.dropped,
    ) % {"count": share.dropped}


def _summary(report: Interim) -> Iterator[Block]:
    yield Heading(1, _("Summary"), anchor="summary")
    rows = [(name, words.share(share)) for name, share in shares_of(report)]
    rows += [(group_name(key), str(len(lines))) for key, lines in report.grouped().items()]
    yield Facts(tuple(rows))
    if said := dropped_words(report.measures):
        yield Paragraph(said, "meta")


def _by_signal(report: Interim) -> Iterator[Block]:
    if not report.lines:
        return
    yield Heading(1, _("How the measures stand"), anchor="measures")
    for key, lines in report.grouped().items():
        yield Heading(2, group_name(key), anchor=f"group-{key}")
        yield Table(
            "",
            (
                Column(measure_word(), share=7),
                Column(_("Responsible"), share=4),
                Column(_("Term"), share=4),
                Column(_("State"), share=3),
                Column(_("Done so far"), numeric=True, share=2),
            ),
            tuple(_line(line) for line in lines),
        )


def _line(line: Line) -> Row:
    measure = line.measure
    return (
        f"{measure.number}. {measure.text}",
        measure.owner.on_record if measure.owner else DASH,
        words.days(measure.first.isoformat(), measure.last.isoformat()),
        str(MeasureState(line.after.state.value).label),
        words.percent(line.after.percent),
    )


def _happened(report: Interim) -> Iterator[Block]:
    moved = [(line, found) for line in report.lines if (found := list(happenings(line)))]
    quiet = [line for line in report.lines if line.is_quiet]
    if not (moved or quiet):
        return
    yield Heading(1, _("What happened in the period"), anchor="happened")
    for line, found in moved:
        yield Heading(2, f"{line.measure.number}. {line.measure.text}")
        yield Bullets(tuple(found))
    if quiet:
        yield Heading(2, _("Nothing was reported"), anchor="quiet")
        yield Bullets(tuple(f"{line.measure.number}. {line.measure.text}" for line in quiet))


def happenings(line: Line) -> Iterator[str]:
    """What changed of a measure in the period, one sentence each."""
    before, after = line.before, line.after
    if before.state != after.state:
        yield _("State: %(before)s → %(after)s") % {
            "before": str(MeasureState(before.state.value).label).lower(),
            "after": str(MeasureState(after.state.value).label).lower(),
        }
    if before.percent != after.percent:
        yield _("Carried out: %(before)s %% → %(after)s %%") % {
            "before": before.percent,
            "after": after.percent,
        }
    for activity in line.carried_out:
        day = words.day(activity.done_on.isoformat() if activity.done_on else None)
        yield _("Activity carried out on %(day)s: %(text)s") % {"day": day, "text": activity.text}
    for report in line.reports:
        if report.text:
            told = {"day": words.day(report.on.isoformat()), "who": report.who, "text": report.text}
            yield (_("%(day)s, %(who)s: %(text)s") if report.who else _("%(day)s: %(text)s")) % told


def _effects(report: Interim) -> Iterator[Block]:
    if not report.effects:
        return
    yield Heading(1, _("Effect by the indicators"), anchor="effects")
    yield Table(
        _("Values known at the end of the period"),
        (
            Column(_("Indicator"), share=6),
            Column(measure_word(), share=2),
            Column(_("Baseline"), numeric=True, share=3),
            Column(_("Value"), numeric=True, share=3),
            Column(_("When"), share=3),
            Column(_("Target"), numeric=True, share=3),
            Column(_("Reached"), share=2),
        ),
        tuple(_effect(one) for one in report.effects),
    )


def _effect(one: Effect) -> Row:
    unit = one.indicator.unit
    verdicts = {True: _("yes"), False: _("not yet"), None: DASH}
    return (
        one.indicator.name,
        f"№\u00a0{one.measure.number}",
        _valued(one.baseline, unit),
        _valued(one.value.value if one.value else None, unit),
        period_in_words(one.when) if one.when else DASH,
        _valued(one.target, unit),
        verdicts[one.reached],
    )


def _since(report: Interim) -> Iterator[Block]:
    """The points of sub-criteria with measures, where a later self-assessment can be compared."""
    for since in report.since:
        if since.found is None or not since.aimed:
            continue
        before, after = since.found.before.title, since.found.after.title
        yield Heading(1, _("What changed since the last self-assessment"), anchor="since")
        yield Table(
            _("Points of sub-criteria with measures: %(before)s and %(after)s")
            % {"before": before, "after": after},
            (
                Column(_("Sub-criterion"), share=6),
                Column(_("Measures"), share=3),
                Column(_("Before"), numeric=True, share=2),
                Column(_("After"), numeric=True, share=2),
                Column(_("Difference"), numeric=True, share=2),
            ),
            tuple(_touched(since, row) for row in since.aimed),
        )
        yield Bullets((*effect_words.means(since), effect_words.caution()))


def _touched(since: Since, row: Touched[Measure]) -> Row:
    return (
        f"{row.code} {effect_words.name_of(since, row.code)}",
        ", ".join(str(one.number) for one in row.measures),
        effect_words.points(row.before),
        effect_words.points(row.after),
        effect_words.difference(row.difference),
    )


def _valued(value: Decimal | None, unit: str) -> str:
    return DASH if value is None else words.valued(plain(value), unit)


# --- tables -----------------------------------------------------------------------------------
def xlsx(report: Interim, *, at: datetime) -> bytes:
    """The workbook in the active language: the two percentages, measures, what was reported, indicators."""
    with Book(title_of(report), report.plan.organisation.name, at) as book:
        book.facts(_("Summary"), list(_facts(report)))
        book.table(_("Measures"), _measure_columns(), [_measure_cells(line) for line in report.lines])
        book.table(_("Reports"), _report_columns(), list(_report_cells(report)))
        book.table(_("Indicators"), _effect_columns(), [_effect_cells(one) for one in report.effects])
        if points := [cells for since in report.since for cells in _since_cells(since)]:
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


def _since_cells(since: Since) -> Iterator[list[Cell]]:
    if since.found is None:
        return
    for row in since.aimed:
        yield [
            f"{row.code} {effect_words.name_of(since, row.code)}",
            ", ".join(str(one.number) for one in row.measures),
            since.found.before.title,
            row.before,
            since.found.after.title,
            row.after,
            row.difference,
        ]


def _facts(report: Interim) -> Iterator[tuple[str, Cell]]:
    yield _("Plan"), report.plan.title
    yield _("From"), report.period.first
    yield _("Until"), report.period.last
    for name, share in shares_of(report):
        yield _("%(name)s, count") % {"name": name}, share.done
        yield _("%(name)s, out of") % {"name": name}, share.of
        yield _("%(name)s, %%") % {"name": name}, share.percent
    yield _("Dropped measures, not counted"), report.measures.dropped
    for key, lines in report.grouped().items():
        yield group_name(key), len(lines)


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
        (_("Activities carried out in the period"), 12),
        (_("Reports in the period"), 12),
    ]


def _measure_cells(line: Line) -> list[Cell]:
    measure = line.measure
    return [
        measure.number,
        measure.text,
        measure.owner.on_record if measure.owner else "",
        measure.first,
        measure.last,
        str(MeasureState(line.before.state.value).label),
        str(MeasureState(line.after.state.value).label),
        str(Signal(line.after.signal).label) if line.after.signal else "",
        line.before.percent,
        line.after.percent,
        len(line.carried_out),
        len(line.reports),
    ]


def _report_columns() -> list[tuple[str, int]]:
    return [(_("No."), 5), (measure_word(), 44), (_("Day"), 12), (_("Who"), 28), (_("What was reported"), 70)]


def _report_cells(report: Interim) -> Iterator[list[Cell]]:
    for line in report.lines:
        for one in line.reports:
            yield [line.measure.number, line.measure.text, one.on, one.who, one.text]


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


def _effect_cells(one: Effect) -> list[Cell]:
    return [
        one.measure.number,
        one.measure.text,
        one.indicator.name,
        one.indicator.unit,
        _exact(one.baseline),
        _exact(one.value.value if one.value else None),
        one.when.first if one.when else None,
        one.when.last if one.when else None,
        _exact(one.target),
        _effect(one)[-1],
    ]


def _exact(value: Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(plain(value))
