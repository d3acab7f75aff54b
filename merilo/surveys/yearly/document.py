"""The yearly report as one description, drawn as page, PDF and Word alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merilo.core.numbers import MINUS
from merilo.surveys.models import YearlyReport
from merilo.surveys.rules.yearly import METHODS, SIGNALS, TEXTS, Measured, usual_scale
from merilo.surveys.yearly import words
from merilo.web.charts import DOCUMENT, Palette
from merilo.web.documents.model import (
    Block,
    Column,
    Document,
    Facts,
    Heading,
    Paragraph,
    Table,
    Words,
    text_blocks,
)
from merilo.web.templatetags.words import longday

DASH = "–"


def document_of(
    report: YearlyReport, results: Sequence[Mapping[str, Any]], *, palette: Palette = DOCUMENT
) -> Document:
    """The report in its language (the active one); `results` as `measuring.results_of` gives them."""
    organisation = report.organisation
    return Document(
        title=_("Yearly report on the satisfaction of users, %(year)s") % {"year": report.year},
        subtitle=organisation.name,
        language=report.language,
        author=organisation.name,
        words=Words(
            contents=_("Contents"),
            page_of=_("page {page} of {pages}"),
            missing=_("{mark} stands for a character that the typeface lacks; page and Word file show it."),
        ),
        blocks=tuple(blocks_of(report, results)),
        front=tuple(front_of(report)),
        footer=f"{organisation.name} · {report.year}",
        accent=palette.own,
        with_contents=False,
    )


def front_of(report: YearlyReport) -> Iterator[tuple[str, str]]:
    """On what ground the report is made, and when it was approved."""
    yield _("Period"), str(report.year)
    yield _("Ground"), _("Art. 24 of the Ordinance on administrative services")
    if report.approved_at is not None:
        yield _("Approved on"), longday(report.approved_at)


def blocks_of(report: YearlyReport, results: Sequence[Mapping[str, Any]]) -> Iterator[Block]:
    """The parts in their order."""
    yield from _text(report, TEXTS[0])
    yield from _text(report, TEXTS[1])
    yield Heading(1, _("Ways of hearing users"))
    yield from _methods(report.parts.get("methods", {}))
    if results:
        yield Heading(1, _("Results of the surveys"))
        for told in results:
            yield from _survey(told)
    if any(report.parts.get("signals", {}).values()):
        yield Heading(1, _("Complaints, signals, proposals and praise"))
        yield from _signals(report.parts["signals"])
    yield from _text(report, TEXTS[2])
    if report.parts.get("measures"):
        yield Heading(1, _("Measures"))
        yield _measures(report.parts["measures"])
    yield from _text(report, TEXTS[3])


def _text(report: YearlyReport, code: str) -> Iterator[Block]:
    text = report.parts.get("texts", {}).get(code, "")
    if text:
        yield Heading(1, str(words.TEXTS[code][0]))
        yield from text_blocks(text)


def _methods(rows: Mapping[str, Mapping[str, Any]]) -> Iterator[Block]:
    used = [(code, rows[code]) for code in METHODS if rows.get(code, {}).get("used")]
    if not used:
        yield Paragraph(_("None is recorded."))
        return
    columns = (
        Column(_("Method"), share=3),
        Column(_("When"), share=2),
        Column(_("Whom and how many"), share=3),
    )
    yield Table(
        _("Ways of hearing users"),
        columns,
        tuple(
            (str(words.METHODS[code]), row.get("when") or DASH, row.get("sample") or DASH)
            for code, row in used
        ),
    )
    for code, row in used:
        if row.get("note"):
            yield Heading(2, str(words.METHODS[code]))
            yield from text_blocks(row["note"])


def _survey(told: Mapping[str, Any]) -> Iterator[Block]:
    """One survey: how it was asked, then its results beside those of the wave before."""
    yield Heading(2, told["title"])
    yield Facts(tuple(_facts(told)))
    if not told["results"]:
        yield Paragraph(_("Too few people answered for any figure to be shown."), "note")
        return
    with_earlier = any(row["earlier"] is not None for row in told["results"])
    usual = usual_scale([Measured(**row) for row in told["results"]])
    columns = [Column(_("Question"), share=5), Column(_("Result"), numeric=True, share=2)]
    columns += [Column(_("Before"), numeric=True, share=2)] if with_earlier else []
    columns.append(Column(_("Answers"), numeric=True, share=2))
    yield Table(
        _("Results: %(title)s") % {"title": told["title"]},
        tuple(columns),
        tuple(_row(row, usual, with_earlier=with_earlier) for row in told["results"]),
    )
    if usual:
        told_scale = {"low": _decimal(usual[0], 0), "high": _decimal(usual[1], 0)}
        yield Paragraph(_("Means are on a scale from %(low)s to %(high)s.") % told_scale, "meta")
    yield Paragraph(
        _("Results stand for at least %(floor)s people together; what fewer have said is not shown.")
        % {"floor": told["floor"]},
        "meta",
    )


def _row(row: Mapping[str, Any], usual: Sequence[int], *, with_earlier: bool) -> tuple[str, ...]:
    cells = [_titled(row, usual), figure_in_words(row["figure"], row["unit"])]
    if with_earlier:
        cells.append(DASH if row["earlier"] is None else figure_in_words(row["earlier"], row["unit"]))
    return (*cells, str(row["n"]))


def _titled(row: Mapping[str, Any], usual: Sequence[int]) -> str:
    """What was asked, with the scale where it is not that of the others."""
    scale = tuple(row.get("scale", ()))
    if not scale or scale == tuple(usual):
        return str(row["title"])
    ends = {"title": row["title"], "low": _decimal(scale[0], 0), "high": _decimal(scale[1], 0)}
    return _("%(title)s (from %(low)s to %(high)s)") % ends


def _facts(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    anonymous = told["mode"] == "anonymous"
    yield _("Kind"), _("Anonymous survey") if anonymous else _("Survey with names")
    since, until = date.fromisoformat(told["from"]), date.fromisoformat(told["until"])
    yield _("Asked"), _("from %(since)s to %(until)s") % {"since": longday(since), "until": longday(until)}
    count = told["responses"]
    answers = ngettext("%(count)s person answered", "%(count)s people answered", count)
    answers %= {"count": number_format(count, force_grouping=True)}
    if told["invited"]:
        share = _decimal(100 * count / told["invited"], 1)
        answers = _("%(answers)s of %(invited)s invited (%(share)s %%)") % {
            "answers": answers,
            "invited": told["invited"],
            "share": share,
        }
    yield _("Sample"), answers


def _decimal(value: float, digits: int) -> str:
    """The value rounded half up, in the digits of the page's language."""
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return number_format(exact, digits).replace("-", MINUS)


def figure_in_words(figure: float, unit: str) -> str:
    """A mean with two decimals, a share in per cent, a net promoter score with its sign."""
    if unit == "share":
        return f"{_decimal(figure, 1)} %"
    if unit == "nps":
        return f"{'+' if figure > 0 else ''}{_decimal(figure, 0)}"
    return _decimal(figure, 2)


def _signals(parts: Mapping[str, Any]) -> Iterator[Block]:
    counts = tuple(
        (str(words.SIGNALS[code]), str(parts[code])) for code in SIGNALS if parts.get(code) is not None
    )
    if counts:
        yield Facts(counts)
    if parts.get("note"):
        yield from text_blocks(parts["note"])


def _measures(rows: Sequence[Mapping[str, str]]) -> Table:
    columns = (
        Column(_("What is done"), share=5),
        Column(_("Who answers for it"), share=2),
        Column(_("By when"), share=2),
        Column(_("State"), share=2),
    )
    cells = tuple(
        (
            row["text"],
            row.get("who") or DASH,
            row.get("when") or DASH,
            str(words.STATES[row["state"]]) if row.get("state") else DASH,
        )
        for row in rows
    )
    return Table(_("Measures"), columns, cells)
