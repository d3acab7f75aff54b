"""The order with its annex, the letter to the resource centre, the notice for the site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from merilo.assessment import words
from merilo.assessment.drafts.facts import Facts, blank, ended
from merilo.groups.api import Seat
from merilo.web.documents.model import Block, Bullets, Column, Heading, Paragraph, Table


@dataclass(frozen=True, slots=True)
class Letter:
    """A draft: who writes, its title, and its parts in order."""

    author: str
    title: str
    blocks: tuple[Block, ...]


def titles() -> dict[str, tuple[str, str]]:
    """Title and use of each."""
    return {
        "order": (_("Order"), _("Begins the self-assessment, names the group and the deadlines")),
        "composition": (_("Composition of the group"), _("Annex to the order, from the seats entered here")),
        "centre-letter": (
            _("Letter to the resource centre"),
            _("Asks for support and for an agreement on cooperation"),
        ),
        "site-notice": (_("Notice for the website"), _("Tells citizens and businesses what has begun")),
    }


# --- order ----------------------------------------------------------------------------------------
def order(facts: Facts) -> Letter:
    """The order that begins the self-assessment."""
    return Letter(facts.organisation, _("Order"), tuple(_order(facts)))


def _order(facts: Facts) -> Iterator[Block]:
    yield Heading(1, _("Order"))
    yield Paragraph(facts.order, "centre")
    yield Paragraph(f"{_basis(facts)} {_purpose(facts)}")
    yield Heading(2, _("I hereby order:"))
    yield Heading(3, _("I. Self-assessment"))
    yield Paragraph(
        _(
            "1. A self-assessment of %(organisation)s is carried out by %(framework)s for "
            "the period %(period)s."
        )
        % {"organisation": facts.organisation, "framework": facts.framework, "period": facts.period}
    )
    yield Paragraph(
        _("2. Scope: %(scope)s.") % {"scope": (facts.scope or _("the whole administration")).rstrip(".")}
    )
    yield Heading(3, _("II. Self-assessment group"))
    yield Paragraph(
        _(
            "1. I appoint a self-assessment group with the members listed in the annex, "
            "which is part of this order."
        )
    )
    yield Paragraph(_("2. The group has these tasks:"))
    yield Bullets(tuple(facts.mandate) or _usual_tasks())
    yield Paragraph(_coordination(facts))
    yield Heading(3, _("III. Deadlines"))
    yield _schedule(facts)
    yield Heading(3, _("IV. Assistance and confidentiality"))
    yield from _duties()
    yield Paragraph(
        _("I assign control over the implementation of this order to %(who)s.")
        % {"who": blank(hint=_("position and name"))}
    )
    yield Paragraph(_("The order is to be brought to the knowledge of the persons named for implementation."))
    yield from signature(facts)


def _basis(facts: Facts) -> str:
    if facts.kind == "municipality":
        return _(
            "On the grounds of Art. 44, para. 2 of the Local Self-Government and Local Administration Act "
            "[check the legal grounds]"
        )
    return _("On the grounds of [legal grounds]")


def _purpose(facts: Facts) -> str:
    if facts.agreement:
        return _(
            "and in connection with Agreement %(agreement)s with the resource centre, in order to improve "
            "the quality of management and of the services for citizens,"
        ) % {"agreement": facts.agreement}
    return _("and in order to improve the quality of management and of the services for citizens,")


def _usual_tasks() -> tuple[str, ...]:
    return (
        _("gathers the evidence for each sub-criterion;"),
        _("each member assesses individually, giving strengths, areas for improvement and a score;"),
        _("agrees on the strengths, the areas for improvement and the score of each sub-criterion;"),
        _("prepares the report of the self-assessment and proposes measures for improvement."),
    )


def _coordination(facts: Facts) -> str:
    return _("3. The work is coordinated by %(coordinator)s.") % {
        "coordinator": blank(facts.coordinator, _("name and position"))
    }


def _schedule(facts: Facts) -> Table:
    columns = (Column(_("Step"), share=5), Column(_("Responsible"), share=4), Column(_("Until"), share=2))
    rows = tuple((name, owner or "–", due or "–") for name, owner, due in facts.steps)
    return Table(_("Schedule of the self-assessment"), columns, rows)


def _duties() -> Iterator[Paragraph]:
    yield Paragraph(
        _(
            "1. The heads of units and all employees assist the group and give it the "
            "documents it asks for on time."
        )
    )
    yield Paragraph(
        _("2. Individual scores are confidential. They are not used for evaluating the employees.")
    )


def signature(facts: Facts) -> Iterator[Paragraph]:
    """The head of the organisation signs."""
    return signed(facts.head_post.upper(), facts.organisation, name=facts.head_name)


def signed(*capacity: str, name: str) -> Iterator[Paragraph]:
    """The place for a signature: in what capacity, line by line, and whose it is."""
    first, *others = capacity
    who = blank(name, _("name"))
    yield Paragraph(first, "sign")
    for line in (*others, "……………………………", f"({who})"):
        yield Paragraph(line, "sign-next")


# --- annex ----------------------------------------------------------------------------------------
def composition(facts: Facts) -> Letter:
    """The composition of the group as annex to the order."""
    blocks: tuple[Block, ...] = (
        Paragraph(_("Annex to Order %(order)s") % {"order": facts.order}, "right"),
        Heading(1, _("Composition of the self-assessment group")),
        Paragraph(
            _("%(title)s, %(framework)s") % {"title": facts.title, "framework": facts.framework}, "centre"
        ),
        _seats(facts),
        *signature(facts),
    )
    return Letter(facts.organisation, _("Composition of the group"), blocks)


def _seats(facts: Facts) -> Table:
    columns = (
        Column(_("No."), share=1),
        Column(pgettext("person", "Name"), share=4),
        Column(_("Position, unit"), share=5),
        Column(_("In the group"), share=3),
        Column(_("Substitute"), share=4),
    )
    rows = tuple(_seat(number, seat) for number, seat in enumerate(facts.seats, start=1))
    return Table(_("Members"), columns, rows or (("1", "[…]", "[…]", "[…]", "[…]"),))


def _seat(number: int, seat: Seat) -> tuple[str, str, str, str, str]:
    unit = seat.holder.unit.name if seat.holder.unit else ""
    place = ", ".join(part for part in (seat.holder.position, unit) if part)
    substitute = seat.substitute.on_record if seat.substitute else "–"
    return str(number), seat.holder.on_record, place or "–", seat.get_function_display(), substitute


# --- letter ---------------------------------------------------------------------------------------
def centre_letter(facts: Facts) -> Letter:
    """The letter that asks the resource centre for support."""
    return Letter(facts.organisation, _("Letter to the resource centre"), tuple(_centre_letter(facts)))


def _centre_letter(facts: Facts) -> Iterator[Block]:
    yield Paragraph(_("Outgoing No. [number] / [date]"))
    yield Paragraph(_("TO"), "to")
    yield Paragraph(blank(hint=_("name of the head")), "to-next")
    yield Paragraph(blank(hint=_("position")), "to-next")
    yield Paragraph(_("the National CAF Resource Centre"), "to-next")
    yield Paragraph(_("at the Institute of Public Administration"), "to-next")
    yield Heading(1, _("Subject: support for a self-assessment by the CAF model"))
    yield Paragraph(_("Dear Sir or Madam,"))
    yield Paragraph(
        _(
            "%(organisation)s has decided to carry out a self-assessment by %(framework)s "
            "for the period %(period)s."
        )
        % {"organisation": facts.organisation, "framework": facts.framework, "period": facts.period}
    )
    yield Paragraph(
        _("We ask for your support and propose that we conclude an agreement on cooperation. We would need:")
    )
    yield Bullets(
        (
            _("training of the self-assessment group;"),
            _("a consultant for questions of method while we work;"),
            _("information about the external feedback after the self-assessment."),
        )
    )
    yield Paragraph(
        _("We expect the report of the self-assessment to be ready by %(date)s and will send it to you.")
        % {"date": blank(facts.report_due, _("date"))}
    )
    yield Paragraph(
        _("Contact person: %(coordinator)s, tel. [telephone], e-mail [address].")
        % {"coordinator": blank(facts.coordinator, _("name and position"))}
    )
    yield Paragraph(_("Yours faithfully,"))
    yield from signature(facts)


# --- notice for the site ------------------------------------------------------------------------------
def site_notice(facts: Facts) -> Letter:
    """The notice that tells citizens what has begun."""
    return Letter(facts.organisation, _("Notice for the website"), tuple(_site_notice(facts)))


def _site_notice(facts: Facts) -> Iterator[Block]:
    yield Heading(1, _("%(organisation)s begins a self-assessment") % {"organisation": facts.organisation})
    yield Paragraph(words.day(facts.today), "centre")
    yield Paragraph(
        _("%(organisation)s begins a self-assessment by %(framework)s. It covers the period %(period)s.")
        % {"organisation": facts.organisation, "framework": facts.framework, "period": facts.period}
    )
    yield Heading(2, _("What a self-assessment is"))
    yield Paragraph(
        _(
            "Employees from different units look together at how the administration works and what comes "
            "of it for citizens. They write down what is done well and what is to be improved, and support "
            "each finding with evidence."
        )
    )
    yield Heading(2, _("Who takes part"))
    yield Paragraph(
        ended(_("A group appointed by Order %(order)s works on the self-assessment") % {"order": facts.order})
    )
    yield Heading(2, _("What comes next"))
    yield Paragraph(
        _("The report will be ready by %(date)s. Its main findings will be published on this website.")
        % {"date": blank(facts.report_due, _("date"))}
    )
    yield Paragraph(
        _("Questions and suggestions: %(coordinator)s, tel. [telephone], e-mail [address].")
        % {"coordinator": blank(facts.coordinator, _("name and position"))}
    )
