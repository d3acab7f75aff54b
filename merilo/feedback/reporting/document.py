"""A report of external feedback as one document: drawn as page, PDF and Word alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from merilo.feedback import words
from merilo.feedback.models import Feedback
from merilo.feedback.reporting.content import Content, points_of
from merilo.feedback.rules.scheme import Item, Pillar, Scheme
from merilo.feedback.rules.scoring import all_points, verdicts
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
    Words,
    text_blocks,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What is read with a frozen report: the scheme, the content, its checksum, the evaluators' names."""

    scheme: Scheme
    content: Content
    checksum: str
    names: tuple[str, ...]
    feedback: Feedback


def document_of(told: Told, *, palette: Palette = DOCUMENT) -> Document:
    """The whole document, in the language it was handed over in."""
    content = told.content
    with translation.override(content["language"]):
        return Document(
            title=_("Feedback report"),
            subtitle=words.said(told.scheme.title),
            language=content["language"],
            author=content["organisation"],
            words=Words(
                contents=_("Contents"),
                page_of=_("page {page} of {pages}"),
                missing=_(
                    "{mark} stands for a character that the typeface lacks; page and Word file show it."
                ),
            ),
            blocks=tuple(blocks_of(told)),
            front=tuple(_front(told)),
            footer=_("%(organisation)s · checksum %(checksum)s")
            % {"organisation": content["organisation"], "checksum": told.checksum},
            accent=palette.own,
        )


def _front(told: Told) -> Iterator[tuple[str, str]]:
    content = told.content
    yield _("Organisation"), content["organisation"]
    yield _("Self-assessment"), content["assessment"]
    yield _("Handed over on"), _day(content["on"])
    yield _("Checksum"), told.checksum


def _day(iso: str | None) -> str:
    return words.day(date.fromisoformat(iso)) if iso else words.DASH


def blocks_of(told: Told) -> Iterator[Block]:
    """The chapters in their order; call it with the content's language active."""
    yield from _basis(told)
    yield from _result(told)
    for pillar in told.scheme.pillars:
        yield from _pillar(told, pillar)
    yield from _decision(told)
    yield from _response(told)


def _basis(told: Told) -> Iterator[Block]:
    content = told.content
    yield Heading(1, _("What the feedback rests on"), anchor="basis")
    rows = [
        (_("Self-assessment"), content["assessment"]),
        (_("Improvement plan"), content["plan"] or words.DASH),
        (_("Applied on"), _day(content["applied_on"])),
        (_("Visit on the spot"), _day(content["visit_on"])),
        (_("External evaluators"), ", ".join(told.names) or words.DASH),
    ]
    yield Facts(tuple(rows))
    yield Paragraph(words.said(told.scheme.source), "meta")


def _result(told: Told) -> Iterator[Block]:
    yield Heading(1, _("Summary"), anchor="summary")
    yield from text_blocks(told.content["texts"].get("summary", ""))
    points = all_points(told.scheme, points_of(told.content))
    for award in told.scheme.awards:
        yield Table(
            _("What “%(award)s” asks") % {"award": words.said(award.title)},
            (
                Column(_("Rule"), share=8),
                Column(_("Needed"), numeric=True, share=2),
                Column(_("Reached"), numeric=True, share=2),
                Column(_("Met"), share=2),
            ),
            tuple(
                (
                    words.rule(told.scheme, verdict.rule),
                    str(verdict.rule.least),
                    words.points(verdict.reached),
                    _("yes") if verdict.is_met else _("no"),
                )
                for verdict in verdicts(award, points)
            ),
        )
    proposed = told.scheme.award(told.content["proposed"])
    said = words.said(proposed.title) if proposed else _("none")
    yield Facts(((_("By its points the organisation would be awarded"), said),))


def _pillar(told: Told, pillar: Pillar) -> Iterator[Block]:
    yield Heading(1, words.said(pillar.title), anchor=pillar.code)
    yield Paragraph(words.said(pillar.about), "meta")
    for kind, title in (("strengths", _("Strengths")), ("ideas", _("Suggestions"))):
        if text := told.content["texts"].get(f"{kind}-{pillar.code}", ""):
            yield Heading(2, title)
            yield from text_blocks(text)
    yield _overview(told, pillar)
    for item in pillar.items:
        yield from _item(told, pillar, item)


def _overview(told: Told, pillar: Pillar) -> Table:
    points = all_points(told.scheme, points_of(told.content))
    most = told.scheme.scale_of(pillar).degrees[-1].points
    return Table(
        _("Points (at most %(most)s)") % {"most": most},
        (Column(_("Step or principle"), share=8), Column(_("Points"), numeric=True, share=2)),
        tuple(
            (f"{item.code}. {words.said(item.title)}", words.points(points[item.code]))
            for item in pillar.items
        ),
    )


def _item(told: Told, pillar: Pillar, item: Item) -> Iterator[Block]:
    marks = told.content["items"][item.code]
    scale = told.scheme.scale_of(pillar)
    said = []
    for question in item.questions:
        mark = marks[question.code]
        degree = scale.degree(mark["points"])
        title = f"{mark['points']} – {words.said(degree.title)}" if degree else words.DASH
        said.append(
            f"{words.said(question.text)} → {title}." + (f" {mark['remark']}" if mark["remark"] else "")
        )
    yield Heading(2, f"{item.code}. {words.said(item.title)}")
    yield Bullets(tuple(said))


def _decision(told: Told) -> Iterator[Block]:
    feedback = told.feedback
    if feedback.decided_on is None:
        return
    yield Heading(1, _("Decision"), anchor="decision")
    rows = [
        (_("Decision"), words.award(told.scheme, feedback.award)),
        (_("Decided on"), words.day(feedback.decided_on)),
    ]
    if feedback.decision is not None:
        rows.append((_("Document"), feedback.decision.number))
    yield Facts(tuple(rows))
    yield from text_blocks(feedback.reasons)
    if feedback.suggestions:
        yield Heading(2, _("Suggestions"))
        yield from text_blocks(feedback.suggestions)


def _response(told: Told) -> Iterator[Block]:
    if told.feedback.response:
        yield Heading(1, _("Response of the organisation"), anchor="response")
        yield from text_blocks(told.feedback.response)
