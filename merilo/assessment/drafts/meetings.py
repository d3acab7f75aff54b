"""Invitation, attendance list and minutes: for one gathering, or to fill in by hand."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from merilo.assessment import words
from merilo.assessment.drafts.facts import Facts, blank
from merilo.assessment.drafts.letters import Letter, signed
from merilo.groups.api import Function
from merilo.web.documents.model import Block, Bullets, Column, Heading, Paragraph, Table
from merilo.web.documents.model import Facts as FactList

EMPTY_LINES = 15  # of an attendance list that is filled in by hand


def titles() -> dict[str, tuple[str, str]]:
    """Title and use of each."""
    return {
        "invitation": (_("Invitation to a meeting"), _("For the members of the group, with an agenda")),
        "attendance": (_("Attendance list"), _("To be signed at a training or a meeting")),
        "minutes": (_("Minutes of a meeting"), _("Participants, agenda, decisions")),
    }


def _topic(facts: Facts) -> str:
    return blank(facts.gathering.title if facts.gathering else "", _("topic"))


def _when(facts: Facts) -> str:
    gathering = facts.gathering
    if gathering is None:
        return "[" + _("date, hour") + "]"
    if gathering.from_date == gathering.until_date:
        return words.day(gathering.from_date)
    return f"{words.day(gathering.from_date)} – {words.day(gathering.until_date)}"


def _where(facts: Facts) -> str:
    return blank(facts.gathering.place if facts.gathering else "", _("place"))


def _place_and_time(facts: Facts) -> FactList:
    rows = [(_("Topic"), _topic(facts)), (_("Date"), _when(facts)), (_("Place"), _where(facts))]
    if facts.gathering and facts.gathering.lecturer:
        rows.append((_("Lecturer"), facts.gathering.lecturer))
    return FactList(tuple(rows))


def _expected(facts: Facts) -> list[tuple[str, str]]:
    """Who took part, or else the group."""
    if facts.people:
        return list(facts.people)
    return [(seat.holder.on_record, seat.holder.position) for seat in facts.seats]


# --- invitation -----------------------------------------------------------------------------------
def invitation(facts: Facts) -> Letter:
    """The invitation to a meeting of the group."""
    return Letter(facts.organisation, _("Invitation to a meeting"), tuple(_invitation(facts)))


def _invitation(facts: Facts) -> Iterator[Block]:
    yield Heading(1, _("Invitation"))
    yield Paragraph(_("To the members of the self-assessment group"), "lead")
    yield Paragraph(_("Dear colleagues,"))
    yield Paragraph(
        _("In connection with Order %(order)s you are invited to a meeting of the self-assessment group.")
        % {"order": facts.order}
    )
    yield _place_and_time(facts)
    yield Heading(2, _("Agenda"))
    yield Bullets(_agenda(facts), ordered=True)
    yield Paragraph(
        _("Please confirm your participation by [date]. Whoever cannot come informs their substitute.")
    )
    yield Paragraph(_("Yours faithfully,"))
    yield Paragraph(blank(facts.coordinator, _("name and position")), "sign")


def _agenda(facts: Facts) -> tuple[str, ...]:
    notes = facts.gathering.notes if facts.gathering else ""
    lines = tuple(line.strip("–- ") for line in notes.splitlines() if line.strip("–- "))
    return lines or (_("[first item]"), _("[second item]"), pgettext("agenda", "Other"))


# --- attendance list --------------------------------------------------------------------------------
def attendance(facts: Facts) -> Letter:
    """The list to be signed."""
    blocks: tuple[Block, ...] = (
        Heading(1, _("Attendance list")),
        _place_and_time(facts),
        _list(facts),
    )
    return Letter(facts.organisation, _("Attendance list"), blocks)


def _list(facts: Facts) -> Table:
    columns = (
        Column(_("No."), share=1),
        Column(pgettext("person", "Name"), share=5),
        Column(_("Position, unit"), share=5),
        Column(_("Signature"), share=4),
    )
    people = _expected(facts) or [("", "")] * EMPTY_LINES
    rows = tuple((str(number), name, place, "") for number, (name, place) in enumerate(people, start=1))
    return Table(_("Participants"), columns, rows)


# --- minutes --------------------------------------------------------------------------------------
def minutes(facts: Facts) -> Letter:
    """The minutes of a meeting of the group."""
    return Letter(facts.organisation, _("Minutes of a meeting"), tuple(_minutes(facts)))


def _minutes(facts: Facts) -> Iterator[Block]:
    yield Heading(1, pgettext("meeting", "Minutes"))
    yield Paragraph(_("No. [number] / %(date)s") % {"date": _held_on(facts)}, "centre")
    yield Paragraph(
        _("of a meeting of the self-assessment group appointed by Order %(order)s") % {"order": facts.order},
        "centre",
    )
    yield _place_and_time(facts)
    yield Heading(2, _("Present"))
    yield Bullets(tuple(name for name, _place in _expected(facts)) or ("[…]",), ordered=True)
    yield Heading(2, _("Agenda"))
    yield Bullets(_agenda(facts), ordered=True)
    yield Heading(2, _("Course of the meeting"))
    yield Paragraph(_("On item 1: [what was said and proposed]"))
    yield Heading(2, _("Decisions"))
    yield Bullets((_("[decision, responsible, deadline]"),), ordered=True)
    yield from signed(_("CHAIR:"), name=_chair(facts))
    yield from signed(_("MINUTES TAKEN BY:"), name="")


def _held_on(facts: Facts) -> str:
    return blank(words.day(facts.gathering.until_date) if facts.gathering else "", _("date"))


def _chair(facts: Facts) -> str:
    return next((seat.holder.name for seat in facts.seats if seat.function == Function.CHAIR), "")
