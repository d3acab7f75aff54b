"""The minutes of a meeting as one description, drawn as page, PDF and Word alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Agreement, AgreementState, LineKind, Meeting
from merilo.assessment.rules.rounds import spread_from_json
from merilo.assessment.scores_in_words import clock_of, spread_in_words, values_in_words
from merilo.framework.catalogue import Framework
from merilo.groups.api import Function
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
)
from merilo.web.templatetags.words import clock, longday

DASH = "–"
Names = Mapping[str, str]


def document_of(meeting: Meeting, names: Names, *, palette: Palette = DOCUMENT) -> Document:
    """The minutes in the active language; `names` are those of the memberships that stand in them."""
    organisation = meeting.assessment.organisation
    return Document(
        title=_("Minutes of a consensus meeting"),
        subtitle=meeting.assessment.title,
        language=get_language() or "bg",
        author=organisation.name,
        words=Words(
            contents=_("Contents"),
            page_of=_("page {page} of {pages}"),
            missing=_("{mark} stands for a character that the typeface lacks; page and Word file show it."),
        ),
        blocks=tuple(blocks_of(meeting, names)),
        front=tuple(front_of(meeting, names)),
        footer=f"{organisation.name} · {longday(meeting.opened_at)}",
        accent=palette.own,
        with_contents=False,
    )


def front_of(meeting: Meeting, names: Names) -> Iterator[tuple[str, str]]:
    """When the meeting was, who led it, how far it came."""
    told = meeting.minutes or {}
    until = meeting.ended_at or timezone.now()
    yield (
        _("Held on"),
        _("%(day)s, from %(start)s to %(end)s")
        % {"day": longday(meeting.opened_at), "start": clock(meeting.opened_at), "end": clock(until)},
    )
    yield _("Led by"), names.get(told.get("led_by", ""), DASH)
    counts = told.get("counts", {})
    yield (
        _("At its end"),
        _("agreed %(agreed)s, to discuss %(open)s, postponed %(postponed)s")
        % {state: counts.get(state, 0) for state in AgreementState.values},
    )


def blocks_of(meeting: Meeting, names: Names) -> Iterator[Block]:
    """Who was there, each item in the order of the talk, those agreed together, the signatures."""
    told = meeting.minutes or {"present": [], "items": []}
    yield Heading(1, _("Present"))
    yield from _present(told["present"], names)
    framework = framework_of(meeting.assessment)
    talked = [item for item in told["items"] if item["seconds"] is not None]
    together = [item for item in told["items"] if item["seconds"] is None]
    if talked:
        yield Heading(1, _("Discussed"))
    for item in talked:
        yield from _discussed(meeting, framework, item)
    if together:
        yield Heading(1, _("Agreed together without a discussion"))
        yield _together(meeting, framework, together)
    if not told["items"]:
        yield Paragraph(_("Nothing was discussed or decided."))
    yield Paragraph(_("Chair: ……………………………………"))
    yield Paragraph(_("Minutes taken by: ……………………………………"))


def _present(rows: list[dict[str, str]], names: Names) -> Iterator[Block]:
    if not rows:
        yield Paragraph(_("Nobody of the group was marked as present."))
        return
    people = [f"{names.get(row['member'], DASH)}, {Function(row['function']).label}" for row in rows]
    yield Bullets(tuple(people), ordered=True)


def _discussed(meeting: Meeting, framework: Framework, item: dict[str, Any]) -> Iterator[Block]:
    title = framework.item(item["code"]).title.in_language(get_language() or "")
    yield Heading(2, f"{item['code']} {title}")
    yield Facts(tuple(_facts(meeting, framework, item)))
    for kind in LineKind:
        texts = tuple(row["text"] for row in item["statements"] if row["kind"] == kind)
        if texts:
            yield Heading(3, _plural(kind))
            yield Bullets(texts, ordered=True)
    for dissent in item["dissents"]:
        who = dissent["name"] or _("without a name")
        yield Paragraph(
            _("Differing opinion (%(who)s): %(text)s") % {"who": who, "text": dissent["text"]}, "note"
        )


def _facts(meeting: Meeting, framework: Framework, item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield _("Individual scores"), spread_in_words(spread_from_json(item["individual"]))
    for number, vote in enumerate(item["votes"], start=1):
        yield _("New vote %(number)s") % {"number": number}, _vote(vote)
    yield _("Agreed score"), _decided(meeting, framework, item)
    reason = (item["decided"] or {}).get("justification", "")
    if reason:
        yield _("Justification"), reason
    yield _("Time"), clock_of(item["seconds"])


def _vote(vote: dict[str, Any]) -> str:
    found = spread_from_json(vote["spread"])
    if found is not None:
        return spread_in_words(found)
    words = ngettext(
        "%(n)s vote; scores are shown from three", "%(n)s votes; scores are shown from three", vote["voted"]
    )
    return words % {"n": vote["voted"]}


def _decided(meeting: Meeting, framework: Framework, item: dict[str, Any]) -> str:
    after = item["decided"]
    if after is None:
        return _("not agreed in this meeting")
    if after["state"] != AgreementState.AGREED:
        return str(dict(Agreement._meta.get_field("state").flatchoices)[after["state"]])
    scale = framework.scale_for(item["code"], meeting.assessment.method)
    return values_in_words(scale, after["values"])


def _together(meeting: Meeting, framework: Framework, items: list[dict[str, Any]]) -> Table:
    language = get_language() or ""
    rows = tuple(
        (
            f"{item['code']} {framework.item(item['code']).short.in_language(language)}",
            spread_in_words(spread_from_json(item["individual"])),
            _decided(meeting, framework, item),
        )
        for item in items
    )
    columns = (
        Column(_("Sub-criterion"), share=3),
        Column(_("Individual scores"), share=3),
        Column(_("Agreed score"), share=2),
    )
    return Table(_("Agreed together without a discussion"), columns, rows)


def _plural(kind: LineKind) -> str:
    return {
        LineKind.STRENGTH: _("Strengths"),
        LineKind.AREA: _("Areas for improvement"),
        LineKind.IDEA: _("Ideas"),
    }[kind]
