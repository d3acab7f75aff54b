"""A frozen report as one document: the order of its chapters, tables and drawings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from merilo.assessment.reporting import drawings
from merilo.assessment.reporting.texts import PARTS, sections
from merilo.core.numbers import MINUS, display
from merilo.web.charts import DOCUMENT, WEB, Drawing, Palette
from merilo.web.documents.model import (
    Block,
    Bullets,
    Column,
    Document,
    Facts,
    Figure,
    Heading,
    PageBreak,
    Paragraph,
    Table,
    Words,
    text_blocks,
)

Content = dict[str, Any]
DASH = "–"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What identifies a revision on paper: its number, state in words, and checksum."""

    number: int
    state: str
    checksum: str
    approval: str = ""


def document_of(
    content: Content, stamp: Stamp, *, parts: Collection[str] = tuple(PARTS), palette: Palette = DOCUMENT
) -> Document:
    """The whole document, or the chosen parts of it, in the language the revision was made in."""
    with translation.override(content["language"]):
        return Document(
            title=_("Self-assessment report"),
            subtitle=subtitle(content),
            language=content["language"],
            author=content["organisation"]["name"],
            words=Words(
                contents=_("Contents"),
                page_of=_("page {page} of {pages}"),
                missing=_(
                    "{mark} stands for a character that the typeface lacks; page and Word file show it."
                ),
            ),
            blocks=tuple(blocks_of(content, parts=parts, palette=palette)),
            front=tuple(_front(content, stamp)),
            footer=_("%(organisation)s · revision %(number)s · checksum %(checksum)s")
            % {
                "organisation": content["organisation"]["name"],
                "number": stamp.number,
                "checksum": stamp.checksum,
            },
            accent=palette.own,
        )


def blocks_of(
    content: Content,
    *,
    parts: Collection[str] = tuple(PARTS),
    palette: Palette = WEB,
    with_bars: bool = True,
) -> Iterator[Block]:
    """The chapters in their order; call it with the content's language active.

    `with_bars=False` where a page already draws the criteria as bars above the text.
    """
    chapters = (
        ("introduction", _introduction),
        ("group", _group),
        ("results", partial(_results, palette=palette, with_bars=with_bars)),
        ("findings", _findings),
        ("measures", _measures),
        ("change", _change),
        ("annexes", _annexes),
    )
    for part, chapter in chapters:
        if part in parts:
            yield from chapter(content)


# --- words and numbers ------------------------------------------------------------------------------


def number(value: str | int | Decimal | None) -> str:
    """An exact number as people read it in the active language; a dash where there is none."""
    if value is None:
        return DASH
    return display(Decimal(value), mark=formats.get_format("DECIMAL_SEPARATOR"))


def signed(value: str | None) -> str:
    """A change with its sign; 0 without."""
    if value is None:
        return DASH
    shown = number(value)
    return shown if shown.startswith(MINUS) or shown == "0" else f"+{shown}"


def day(iso: str | None) -> str:
    """A date as written in the active language."""
    return formats.date_format(date.fromisoformat(iso), "SHORT_DATE_FORMAT") if iso else DASH


def period(content: Content) -> str:
    """The period under review: years alone where it is made of whole years."""
    start = date.fromisoformat(content["assessment"]["period_from"])
    end = date.fromisoformat(content["assessment"]["period_until"])
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        if start.year == end.year:
            return pgettext("one year", "%(year)s") % {"year": start.year}
        return pgettext("years", "%(first)s–%(last)s") % {"first": start.year, "last": end.year}
    return f"{day(start.isoformat())} – {day(end.isoformat())}"


def subtitle(content: Content) -> str:
    """The model and the period, in the active language: what stands under the title of the report."""
    subject = {"framework": content["framework"]["edition"], "period": period(content)}
    return _("by the model %(framework)s for the period %(period)s") % subject


def _front(content: Content, stamp: Stamp) -> Iterator[tuple[str, str]]:
    yield _("Organisation"), content["organisation"]["name"]
    yield _("Period under review"), period(content)
    yield _("Scoring method"), content["method"]["title"]
    order = content["documents"].get("order")
    if order:
        yield (
            _("Order"),
            _("No. %(number)s of %(date)s") % {"number": order["number"], "date": day(order["date"])},
        )
    yield _("Revision"), f"{stamp.number}, {stamp.state}"
    if stamp.approval:
        yield _("Approved"), stamp.approval
    yield _("Checksum"), stamp.checksum


# --- chapters ---------------------------------------------------------------------------------------


def _section(content: Content, key: str, *, level: int = 2, heading: str = "") -> Iterator[Block]:
    text = content["sections"].get(key, "")
    if text.strip():
        yield Heading(level, heading or str(sections()[key].title), anchor=key)
        yield from text_blocks(text)


def _introduction(content: Content) -> Iterator[Block]:
    yield Heading(1, _("Introduction, scope and method"), anchor="part-introduction")
    yield from _section(content, "introduction")
    yield from _section(content, "method")
    if content["assessment"]["scope"]:
        yield Heading(2, _("Scope"))
        yield from text_blocks(content["assessment"]["scope"])


def _group(content: Content) -> Iterator[Block]:
    yield Heading(1, _("Self-assessment group"), anchor="part-group")
    yield from _section(content, "group")
    yield Table(
        _("Composition of the group"),
        (
            Column(_("Name"), share=4),
            Column(_("Function"), share=3),
            Column(_("Position"), share=4),
            Column(_("Unit"), share=4),
        ),
        tuple(
            (seat["name"], seat["function"], seat["position"] or DASH, seat["unit"] or DASH)
            for seat in content["group"]
        ),
    )
    if content["trainings"]:
        yield Table(
            _("Trainings and meetings"),
            (
                Column(_("Topic"), share=5),
                Column(_("Dates"), share=3),
                Column(_("Lecturer"), share=4),
                Column(_("Participants"), numeric=True, share=2),
            ),
            tuple(
                (row["title"], _dates(row), row["lecturer"] or DASH, str(row["participants"]))
                for row in content["trainings"]
            ),
        )


def _dates(row: dict[str, Any]) -> str:
    return day(row["from"]) if row["from"] == row["until"] else f"{day(row['from'])} – {day(row['until'])}"


def _results(content: Content, palette: Palette, *, with_bars: bool) -> Iterator[Block]:
    yield PageBreak()
    yield Heading(1, _("Results"), anchor="part-results")
    yield from _section(content, "summary")
    yield from _overall(content)
    if with_bars:
        yield _figure(drawings.bars(content, palette), content, bars_caption(content))
    yield _criteria_table(content)
    for panel in content["panels"]:
        yield from _panel(content, panel)
    if content["framework"]["radar"]:
        yield Heading(2, _("The shape of the results"))
        yield _figure(drawings.radar(content, palette), content, _("The numbers are the criteria."), 62)


def _figure(drawing: Drawing, content: Content, caption: str, width: int = 100) -> Figure:
    alt = f"{drawing.title}: {drawings.in_words(content)}"
    return Figure(drawing.wide, alt, caption, width, narrow=drawing.narrow)


def _overall(content: Content) -> Iterator[Block]:
    totals = content["totals"]
    rows = [
        (_("Mean: %(panel)s") % {"panel": panel["title"].lower()}, number(panel["mean"]))
        for panel in content["panels"]
        if len(content["panels"]) > 1
    ]
    rows.append((_("Mean of the criteria"), number(totals["mean_of_criteria"])))
    rows.append((_("Mean of the sub-criteria"), number(totals["mean_of_items"])))
    rows.append(
        (
            _("Sub-criteria scored"),
            _("%(scored)s of %(all)s") % {"scored": totals["scored"], "all": totals["all"]},
        )
    )
    yield Facts(tuple(rows))
    yield Paragraph(
        _(
            "The two overall means differ because criteria have different numbers of sub-criteria. "
            "What was not scored is left out and never counts as 0. Means are computed from unrounded values."
        ),
        "meta",
    )


def bars_caption(content: Content) -> str:
    """What the two marks of the bars are; empty where only one is drawn."""
    if drawings.compared(content):
        return _("The bar is this self-assessment, the black mark is “%(previous)s”.") % {
            "previous": content["previous"]["title"]
        }
    return ""


def _criteria_table(content: Content) -> Table:
    columns = [Column(_("Criterion"), share=6), Column(_("Points"), numeric=True, share=2)]
    compared = drawings.compared(content)
    if compared:
        columns += [
            Column(_("Before"), numeric=True, share=2),
            Column(_("Difference"), numeric=True, share=2),
        ]
    columns.append(Column(_("Sub-criteria from–to"), numeric=True, share=3))
    return Table(
        _("Results by criterion"),
        tuple(columns),
        tuple(_criterion_row(c, compared=compared) for c in content["criteria"]),
    )


def _criterion_row(criterion: dict[str, Any], *, compared: bool) -> tuple[str, ...]:
    row = [f"{criterion['code']}. {criterion['title']}", number(criterion["mean"])]
    if compared:
        row += [number(criterion["before"]), signed(criterion["change"])]
    low, high = criterion["lowest"], criterion["highest"]
    row.append(DASH if low is None else f"{number(low)}–{number(high)}")
    return tuple(row)


def _panel(content: Content, panel: dict[str, Any]) -> Iterator[Block]:
    compared = drawings.compared(content)
    names = content["method"]["components"].get(panel["code"], [])
    columns = [Column(_("Sub-criterion"), share=9)]
    columns += [Column(name["title"], numeric=True, share=2) for name in names]
    columns.append(Column(_("Points"), numeric=True, share=2))
    if compared:
        columns += [
            Column(_("Before"), numeric=True, share=2),
            Column(_("Difference"), numeric=True, share=2),
        ]
    items = [
        item
        for criterion in content["criteria"]
        if criterion["panel"] == panel["code"]
        for item in criterion["items"]
    ]
    yield Heading(2, panel["title"])
    items = _told_apart(items)
    yield Table(
        _("Results by sub-criterion: %(panel)s") % {"panel": panel["title"].lower()},
        tuple(columns),
        tuple(_item_row(item, names, compared=compared) for item in items),
    )


def _told_apart(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Items whose official titles are the same (6.1, 7.1, 8.1) are shown by their short names."""
    seen = Counter(item["title"] for item in items)
    return [item | {"title": item["short"]} if seen[item["title"]] > 1 else item for item in items]


def _item_row(item: dict[str, Any], names: list[dict[str, str]], *, compared: bool) -> tuple[str, ...]:
    row = [f"{item['code']} {item['title']}", *(number(item["values"].get(name["code"])) for name in names)]
    row.append(number(item["score"]))
    return tuple([*row, number(item["before"]), signed(item["change"])] if compared else row)


def _findings(content: Content) -> Iterator[Block]:
    yield PageBreak()
    for criterion in content["criteria"]:
        yield Heading(
            1, _("Criterion %(code)s. %(title)s") % criterion, anchor=f"criterion-{criterion['code']}"
        )
        yield from text_blocks(content["sections"].get(f"criterion-{criterion['code'].lower()}", ""))
        for item in criterion["items"]:
            yield from _item(item)


def _item(item: dict[str, Any]) -> Iterator[Block]:
    yield Heading(2, f"{item['code']} {item['title']}", anchor=f"item-{item['code']}")
    if "score" in item:  # not among the published parts otherwise
        yield Paragraph(_score_line(item), "meta")
    if item.get("justification"):
        yield Paragraph(item["justification"])
    for key, title in (("strengths", _("Strengths")), ("areas", _("Areas for improvement"))):
        if item[key]:
            yield Heading(3, title)
            yield Bullets(tuple(statement["text"] for statement in item[key]))
    if item.get("evidence"):
        numbers = ", ".join(str(value) for value in item["evidence"])
        yield Paragraph(_("Evidence (numbers from the annex): %(numbers)s") % {"numbers": numbers}, "meta")
    for dissent in item["dissents"]:
        who = f" ({dissent['name']})" if dissent.get("name") else ""
        yield Paragraph(
            _("Differing opinion%(who)s: %(text)s") % {"who": who, "text": dissent["text"]}, "note"
        )


def _score_line(item: dict[str, Any]) -> str:
    if item["score"] is None:
        return _("Not scored. %(reason)s") % {"reason": item["no_score_reason"]}
    if item.get("before") is None:
        return _("Agreed score: %(score)s points") % {"score": number(item["score"])}
    return _("Agreed score: %(score)s points, before %(before)s") % {
        "score": number(item["score"]),
        "before": number(item["before"]),
    }


def _measures(content: Content) -> Iterator[Block]:
    yield PageBreak()
    yield Heading(1, _("Proposed measures"), anchor="part-measures")
    yield from _section(content, "measures")
    rows = [
        (item["code"], statement["text"])
        for criterion in content["criteria"]
        for item in criterion["items"]
        for statement in item["ideas"]
    ]
    if rows:
        caption = ngettext(
            "%(count)s proposal of the group", "%(count)s proposals of the group", len(rows)
        ) % {"count": len(rows)}
        yield Table(caption, (Column(_("No."), share=1), Column(_("Proposal"), share=14)), tuple(rows))
    yield from _section(content, "conclusion")


def better_than_before(content: Content) -> str:
    """How many criteria are higher than in the last cycle, as one sentence."""
    return _("%(better)s of %(all)s criteria are higher than in “%(previous)s”.") % {
        "better": content["previous"]["better"],
        "all": len(content["criteria"]),
        "previous": content["previous"]["title"],
    }


def _change(content: Content) -> Iterator[Block]:
    previous = content["previous"]
    if not previous:
        return
    yield Heading(1, _("Change since the last self-assessment"), anchor="part-change")
    yield from text_blocks(content["sections"].get("change", ""))
    if not previous["comparable"]:
        yield Paragraph(previous["reason"], "note")
        return
    yield Paragraph(better_than_before(content))
    if previous["warning"]:
        yield Paragraph(previous["warning"], "note")


def _annexes(content: Content) -> Iterator[Block]:
    yield PageBreak()
    yield Heading(1, _("Annex 1. Evidence"), anchor="part-annexes")
    yield Table(
        _("List of evidence"),
        (
            Column(_("No."), share=1),
            Column(_("Evidence"), share=9),
            Column(_("Kind"), share=3),
            Column(_("Year"), numeric=True, share=2),
            Column(_("Used for"), share=4),
        ),
        tuple(
            (
                str(row["number"]),
                f"{row['title']}: {row['result']}" if row.get("result") else row["title"],
                row["kind"],
                str(row["year"] or DASH),
                ", ".join(row["uses"]),
            )
            for row in content["evidence"]
        ),
    )
    yield Heading(1, _("Annex 2. Scoring method"), anchor="annex-method")
    yield from text_blocks(content["method"]["description"])
    for scale in content["method"]["scales"]:
        yield Table(
            scale["title"],
            (Column(_("Points"), share=2), Column(_("Level"), share=3), Column(_("Meaning"), share=10)),
            tuple(
                (
                    f"{band['low']}–{band['high']}" if band["low"] != band["high"] else str(band["low"]),
                    band["phase"],
                    band["text"],
                )
                for band in scale["bands"]
            ),
        )
