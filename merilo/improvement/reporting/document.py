"""A frozen plan as one document: the order of its chapters and tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merilo.improvement.models import MeasureKind
from merilo.improvement.reporting import words
from merilo.improvement.reporting.content import Content
from merilo.improvement.reporting.drawing import calendars
from merilo.improvement.reporting.words import DASH, FIELDS, day, days
from merilo.improvement.rules.priorities import Axis
from merilo.web.charts import DOCUMENT, Palette
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

Row = dict[str, Any]
# What a measure says in its own block beside its tables, where it says it.
FACTS = (
    "codes",
    "areas",
    "objective",
    "goals",
    "owner",
    "deputy",
    "units",
    "period",
    "resources",
    "funding",
    "risks",
    "priority",
    "given_up",
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What identifies a revision on paper: its number, state in words, checksum and approval."""

    number: int
    state: str
    checksum: str
    approval: str = ""


def document_of(content: Content, stamp: Stamp, *, palette: Palette = DOCUMENT) -> Document:
    """The whole document, in the language the revision was made in; of a published content what it holds."""
    with translation.override(content["language"]):
        return Document(
            title=content["plan"]["title"],
            subtitle=subtitle(content),
            language=content["language"],
            author=content["organisation"]["name"],
            words=document_words(),
            blocks=tuple(blocks_of(content, palette=palette)),
            front=tuple(_front(content, stamp)),
            footer=_("%(organisation)s · revision %(number)s · checksum %(checksum)s")
            % {
                "organisation": content["organisation"]["name"],
                "number": stamp.number,
                "checksum": stamp.checksum,
            },
            accent=palette.own,
        )


def document_words() -> Words:
    """The few words a renderer needs."""
    return Words(
        contents=_("Contents"),
        page_of=_("page {page} of {pages}"),
        missing=_("{mark} stands for a character that the typeface lacks; page and Word file show it."),
    )


def subtitle(content: Content) -> str:
    """When the plan is carried out."""
    plan = content["plan"]
    return _("carried out %(days)s") % {"days": days(plan["first"], plan["last"])}


def blocks_of(content: Content, *, with_annex: bool = True, palette: Palette = DOCUMENT) -> Iterator[Block]:
    """The chapters in their order; call it with the content's language active.

    `with_annex=False` on a page, where all measures at one glance would say everything twice.
    """
    yield from _introduction(content)
    yield from _changes(content)
    if "criteria" in content:
        yield from _prioritising(content)
    for kind in MeasureKind:
        yield from _measures(content, kind)
    if "group" in content:
        yield from _organisation(content)
    if with_annex:
        yield from _calendar(content, palette)
        yield from _annex(content)


def _front(content: Content, stamp: Stamp) -> Iterator[tuple[str, str]]:
    yield _("Organisation"), content["organisation"]["name"]
    yield _("Term"), days(content["plan"]["first"], content["plan"]["last"])
    yield _("As of"), day(content["on"])
    yield _("Revision"), f"{stamp.number}, {stamp.state}"
    if stamp.approval:
        yield _("Approved"), stamp.approval
    yield _("Checksum"), stamp.checksum


# --- chapters ---------------------------------------------------------------------------------
def _introduction(content: Content) -> Iterator[Block]:
    yield Heading(1, _("Introduction"), anchor="introduction")
    yield from text_blocks(content["plan"]["purpose"])
    count = len(content["measures"])
    yield Paragraph(
        ngettext("The plan has %(count)s measure.", "The plan has %(count)s measures.", count)
        % {"count": count}
    )
    if hidden := content.get("hidden"):
        yield Paragraph(hidden_words(hidden), "note")
    if content.get("sources"):
        yield Paragraph(_("It starts from:"))
        yield Bullets(tuple(content["sources"]))
    if content.get("factors"):
        yield Paragraph(_("Critical success factors:"))
        yield Bullets(tuple(content["factors"]))


def hidden_words(count: int) -> str:
    """That measures were left out, and how many."""
    return ngettext(
        "%(count)s measure of the plan is not shown here.",
        "%(count)s measures of the plan are not shown here.",
        count,
    ) % {"count": count}


def _changes(content: Content) -> Iterator[Block]:
    if not (amends := content.get("amends")):
        return
    yield Heading(1, _("Changes since revision %(number)s") % {"number": amends["number"]}, anchor="changes")
    yield from change_blocks(amends["changes"])


def change_blocks(changes: list[Row]) -> Iterator[Block]:
    """What an amendment changes, measure by measure."""
    kinds = {
        "added": _("New measure"),
        "removed": _("No longer in the plan"),
        "changed": _("Changed measure"),
    }
    for one in changes:
        yield Heading(2, f"{kinds[one['kind']]}: {one['number']}. {one['text']}")
        if one["fields"]:
            yield Table(
                "",
                (Column(_("What"), share=3), Column(_("Before"), share=6), Column(_("Now"), share=6)),
                tuple((row["title"], row["before"] or DASH, row["after"] or DASH) for row in one["fields"]),
            )


def _prioritising(content: Content) -> Iterator[Block]:
    yield Heading(1, _("Prioritisation"), anchor="priorities")
    gathered = content["gathered"]
    yield Paragraph(
        _(
            "From %(items)s areas for improvement and ideas the group made %(proposals)s proposals "
            "and chose %(measures)s."
        )
        % {**gathered, "measures": len(content["measures"])}
    )
    yield Paragraph(
        _(
            "Each proposal got 1 to 5 points for each criterion; "
            "impact and feasibility are their weighted means."
        )
    )
    names = {Axis.IMPACT: _("Impact"), Axis.FEASIBILITY: _("Feasibility")}
    yield Table(
        _("Criteria"),
        (
            Column(_("Criterion"), share=6),
            Column(_("Axis"), share=3),
            Column(_("Weight"), numeric=True, share=2),
        ),
        tuple((row["name"], names[Axis(row["axis"])], str(row["weight"])) for row in content["criteria"]),
    )


def _measures(content: Content, kind: MeasureKind) -> Iterator[Block]:
    titles = {
        MeasureKind.QUICK_WIN: _("Measures: quick wins"),
        MeasureKind.KEY: _("Measures: key measures"),
        MeasureKind.OTHER: _("Measures: further improvements"),
    }
    rows = [row for row in content["measures"] if row["kind"] == kind]
    if rows:
        yield Heading(1, titles[kind], anchor=f"measures-{kind.value}")
        for row in rows:
            yield from measure_blocks(row)


def measure_blocks(row: Row) -> Iterator[Block]:
    """One measure: its facts, activities and indicators."""
    said = words.told(row)
    yield Heading(2, f"{row['number']}. {row['text']}", anchor=f"measure-{row['number']}")
    yield from text_blocks(said["note"])
    facts = tuple((str(FIELDS[name]), said[name]) for name in FACTS if said[name])
    yield Facts(facts)
    if row["activities"]:
        yield _activities(row["activities"])
    if row["indicators"]:
        yield _indicators(row["indicators"])


def _activities(rows: list[Row]) -> Table:
    has_owners = any(row.get("owner") for row in rows)
    columns = [Column(_("Activity"), share=7), Column(_("Term"), share=5)]
    columns += [Column(_("Responsible"), share=4)] if has_owners else []
    return Table(
        _("Activities"),
        tuple(columns),
        tuple(
            (
                words.lines((row["text"], *words.begins_after(row))),
                days(row["first"], row["last"]),
                *([row["owner"]["name"] if row["owner"] else DASH] if has_owners else []),
            )
            for row in rows
        ),
    )


def _indicators(rows: list[Row]) -> Table:
    return Table(
        _("Indicators"),
        (
            Column(_("Indicator"), share=6),
            Column(_("Baseline"), numeric=True, share=3),
            Column(_("Target"), numeric=True, share=3),
            Column(_("Source of the data"), share=4),
        ),
        tuple(
            (
                row["name"],
                words.valued(row["baseline"], row["unit"]),
                words.valued(row["target"], row["unit"]),
                row["source"] or DASH,
            )
            for row in rows
        ),
    )


def _organisation(content: Content) -> Iterator[Block]:
    yield Heading(1, _("Organisation, monitoring and reporting"), anchor="organisation")
    if order := content["order"]:
        facts = {"number": order["number"], "date": day(order["date"])}
        yield Paragraph(_("The group works by order No. %(number)s of %(date)s.") % facts)
    risk = content["risk"]
    if risk:
        yield Paragraph(
            _(
                "A measure is at risk when less than %(done)s %% of it is carried out after "
                "%(elapsed)s %% of its time, or when one of its activities is late."
            )
            % risk
        )
    if content["group"]:
        yield Table(
            _("Improvement group"),
            (
                Column(_("Name"), share=4),
                Column(_("Function"), share=3),
                Column(_("Position"), share=4),
                Column(_("Unit"), share=4),
            ),
            tuple(
                (row["name"], row["function"], row["position"] or DASH, row["unit"] or DASH)
                for row in content["group"]
            ),
        )
    if content["preparations"]:
        yield Table(
            _("Schedule of the preparation"),
            (Column(_("What"), share=7), Column(_("Responsible"), share=4), Column(_("Until"), share=3)),
            tuple(
                (row["text"], words.person(row["owner"]) or DASH, day(row["due"]))
                for row in content["preparations"]
            ),
        )
    if content["communication"]:
        yield Heading(1, _("Communication"), anchor="communication")
        yield Table(
            _("Communication plan"),
            (
                Column(_("Message"), share=6),
                Column(_("Medium"), share=3),
                Column(_("Audience"), share=3),
                Column(_("Date"), share=3),
            ),
            tuple(
                (row["message"], row["medium"], row["audience"], day(row["date"]))
                for row in content["communication"]
            ),
        )


# --- the calendar, on pages that lie on their side ----------------------------------------------
def _calendar(content: Content, palette: Palette) -> Iterator[Block]:
    """All measures by time, a drawing to a page; the days stand in the tables of the measures, too."""
    for place, drawing in enumerate(calendars(content, palette)):
        yield PageBreak(wide=True)
        if place == 0:
            yield Heading(1, drawing.title, anchor="calendar")
        yield Figure(drawing.wide, _("The days of each measure and activity stand at the measure."))


# --- the annex: all measures at one glance, on pages that lie on their side ---------------------
_OVERVIEW = (
    ("codes", 5),
    ("objective", 5),
    ("owner", 5),
    ("units", 5),
    ("period", 4),
    ("resources", 3),
    ("indicators", 5),
    ("risks", 4),
)


def _aims(row: Row) -> str:
    """The indicators without the days of measuring, which stand at the measure."""
    return words.lines(words.indicator(one | {"days": ()}) for one in row["indicators"])


def _annex(content: Content) -> Iterator[Block]:
    rows = [(row, words.told(row) | {"indicators": _aims(row)}) for row in content["measures"]]
    shown = [(name, share) for name, share in _OVERVIEW if any(said[name] for _row, said in rows)]
    if not rows:
        return
    yield PageBreak(wide=True)
    yield Heading(1, _("Annex. All measures"), anchor="annex")
    columns = [
        Column(str(FIELDS["text"]), share=7),
        *(Column(str(FIELDS[name]), share=share) for name, share in shown),
    ]
    has_state = "state" in content["measures"][0]
    columns += [Column(_("State"), share=3)] if has_state else []
    yield Table(
        _("Measures on %(day)s") % {"day": day(content["on"])},
        tuple(columns),
        tuple(
            (
                f"{row['number']}. {row['text']} ({said['kind'].lower()})",
                *(said[name] or DASH for name, _share in shown),
                *([words.stands(row["state"], row["signal"])] if has_state else []),
            )
            for row, said in rows
        ),
    )
