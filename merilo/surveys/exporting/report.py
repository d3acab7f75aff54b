"""The results of a survey as a report: one description, drawn as PDF and Word alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from merilo.surveys import showing
from merilo.surveys.analysis.contents import Content, said
from merilo.surveys.analysis.waves import compared
from merilo.surveys.models import Entry
from merilo.surveys.queries import files as queries
from merilo.surveys.queries import results
from merilo.surveys.queries.results import Results
from merilo.web.charts import DOCUMENT, Drawing, Palette
from merilo.web.documents.model import (
    Block,
    Bullets,
    Column,
    Document,
    Facts,
    Figure,
    Heading,
    Paragraph,
    Table,
    Words,
)
from merilo.web.documents.pdf import pdf, png
from merilo.web.documents.word import docx
from merilo.web.templatetags.words import longday

_DRAWN = str.maketrans("▲▼", "↑↓")  # the typeface of documents lacks triangles
WIDE = 7  # columns that a table on a page may have
FIRST = 44  # how wide the column with names is beside none; others have the number of their characters


def as_pdf(found: Results, language: str, *, with_texts: bool, at: datetime) -> bytes:
    """The report as tagged PDF."""
    return pdf(_document(found, language, with_texts=with_texts), fonts=settings.PDF_FONTS_DIR, at=at)


def as_docx(found: Results, language: str, *, with_texts: bool, at: datetime) -> bytes:
    """The report as Word file."""
    made = _document(found, language, with_texts=with_texts)
    return docx(made, picture=lambda svg: png(svg, fonts=settings.PDF_FONTS_DIR), at=at)


def title_of(found: Results, language: str) -> str:
    """What the survey is called in a language."""
    return said(dict(found.definition.title.entries), language)


def accent_of(found: Results) -> str:
    """The colour of the organisation."""
    return str(found.survey.organisation.accent.get("accent", DOCUMENT.own))


def _palette(found: Results) -> Palette:
    accent = found.survey.organisation.accent
    return replace(
        DOCUMENT,
        own=accent_of(found),
        line=accent.get("line", DOCUMENT.line),
        soft=accent.get("soft", DOCUMENT.soft),
    )


def _document(found: Results, language: str, *, with_texts: bool) -> Document:
    palette = _palette(found)
    with override(language):
        title = title_of(found, language)
        return Document(
            title=title,
            subtitle=found.survey.organisation.name,
            language=language,
            author=found.survey.organisation.name,
            words=Words(
                contents=_("Contents"),
                page_of=_("page {page} of {pages}"),
                missing=_(
                    "{mark} stands for a character that the typeface lacks; page and Word file show it."
                ),
            ),
            blocks=tuple(_blocks(found, language, palette, with_texts=with_texts)),
            front=((_("Results of a survey"), _period(found)),),
            footer=f"{found.survey.organisation.name} · {title}",
            accent=palette.own,
            with_contents=False,
        )


def _blocks(found: Results, language: str, palette: Palette, *, with_texts: bool) -> Iterator[Block]:
    yield Heading(1, _("How people were asked"))
    yield Facts(tuple(facts_of(found)))
    yield from _protection(found)
    contents = results.contents(found)
    if not contents:
        yield Paragraph(_("Too few people answered for any figure to be shown."), "lead")
        return
    tables = queries.tables_of(found)
    yield Heading(1, _("Results"))
    for question in showing.questions(contents, palette=palette):
        kinds = found.definition.question(question.code).kind
        if kinds not in {"short", "long", "file"}:
            yield from _question(question)
            yield from _breakdowns(found, question, tables, palette)
    yield from _earlier(found, contents)
    if with_texts:
        yield from _texts(found, language)


# --- the method -------------------------------------------------------------------------------
def facts_of(found: Results) -> Iterator[tuple[str, str]]:
    """How, when and whom the survey asked, and how many answered."""
    survey, definition = found.survey, found.definition
    yield _("Kind"), _("Anonymous survey") if survey.is_anonymous else _("Survey with names")
    yield _("Asked"), _period(found)
    yield _("Who could answer"), str(Entry(survey.entry).label)
    count = found.responses
    yield (
        _("Answered"),
        ngettext("%(count)s person answered", "%(count)s people answered", count)
        % {"count": showing.counted(count)},
    )
    if found.invited:
        rate = showing.percent(min(count / found.invited, 1.0))
        told = {"rate": rate, "invited": showing.counted(found.invited)}
        yield _("Response rate"), _("%(rate)s of %(invited)s invited") % told
    if definition.population:
        yield _("People of whom they are a part"), showing.counted(definition.population)
    yield _("Least group"), _("%(count)s people; no figure stands for fewer") % {"count": survey.floor}
    yield _("Intervals"), _("95 %; wider where fewer people answered")
    if weighted := found.tallies.get("weighted"):
        yield _("Weighted by"), _weights(found, weighted)


def _period(found: Results) -> str:
    days = [date.fromisoformat(day) for day, _count in found.tallies.get("days", ())]
    if not days:
        return showing.NONE
    return _("from %(since)s to %(until)s") % {"since": longday(days[0]), "until": longday(days[-1])}


def _weights(found: Results, weighted: dict[str, Any]) -> str:
    sources = queries.sources_of_weights(found)
    texts = {code: dict(found.definition.question(code).text.entries) for code in weighted["by"]}
    told = (f"{said(text, get_language() or '')} ({sources.get(code, '')})" for code, text in texts.items())
    return "; ".join(told)


def _protection(found: Results) -> Iterator[Block]:
    if found.survey.is_anonymous:
        yield Paragraph(
            _(
                "The survey was anonymous: answers were stored without names, addresses and times. Figures "
                "of fewer people than the least group are hidden (:c) or put together with others, and so is "
                "what they could be worked out from."
            ),
            "note",
        )
    else:
        yield Paragraph(
            _(
                "The survey was with names. This report shows groups only, none of them under the least "
                "group."
            ),
            "note",
        )


# --- questions --------------------------------------------------------------------------------
def _question(question: showing.Shown) -> Iterator[Block]:
    yield Heading(2, question.title)
    if question.hidden:
        yield Paragraph(_("Hidden, because too few people answered this question."), "note")
        return
    if question.drawing:
        yield _figure(question.drawing)
    if question.facts:
        yield Facts(question.facts)
    for table in (question.table, question.more):
        if table:
            yield from _table(question.title, table)


def _figure(drawing: Drawing) -> Figure:
    rows = "; ".join(" ".join(filter(None, row)) for row in drawing.rows)
    return Figure(drawing.wide, f"{drawing.title}: {rows}", narrow=drawing.narrow)


def _table(caption: str, table: showing.Table) -> Iterator[Block]:
    """A table, cut into several where it is too wide for a page; each begins with the first column."""
    size = max(-(-(len(table.head) - 1) // (WIDE - 1)), 1)
    step = -(-(len(table.head) - 1) // size)
    for start in range(1, len(table.head), step):
        part = slice(start, start + step)
        columns = [Column(table.head[0], share=FIRST - 4 * len(table.head[part]))]
        columns += [
            Column(name, numeric=True, share=_share(row[place] for row in table.rows))
            for place, name in enumerate(table.head[part], start=start)
        ]
        rows = tuple((row[0], *(cell.translate(_DRAWN) for cell in row[part])) for row in table.rows)
        yield Table(caption, tuple(columns), rows)


def _share(cells: Iterable[str]) -> int:
    """How wide a column is beside others, by its longest cell."""
    return min(max(max(map(len, cells), default=0), 9), 25)


def _breakdowns(
    found: Results, question: showing.Shown, tables: list[Content], palette: Palette
) -> Iterator[Block]:
    items = found.definition.question(question.code).items
    for content in tables:
        if content["item"] in items:
            shown = showing.breakdown(content, palette=palette)
            yield Heading(3, _("%(title)s – by “%(by)s”") % {"title": shown.title, "by": shown.by})
            if shown.drawing:
                yield _figure(shown.drawing)
            yield from _table(shown.title, shown.table)
            for note in shown.notes:
                yield Paragraph(note.translate(_DRAWN), "meta")


def _earlier(found: Results, contents: list[Content]) -> Iterator[Block]:
    """Beside the wave before, where there is one."""
    before = queries.wave_before(found.survey)
    earlier = results.contents(before) if before else []
    shown = showing.comparison(compared(contents, earlier)) if earlier else None
    if before and shown and shown.groups:
        yield Heading(1, _("Beside the wave before"))
        yield Paragraph(
            _("“Now” is this survey, “before” is “%(title)s”. ↑ and ↓: a difference by more than chance.")
            % {"title": title_of(before, get_language() or "")}
        )
        yield from _table(_("Comparison"), shown.flat)


def _texts(found: Results, language: str) -> Iterator[Block]:
    texts = queries.texts_of(found)
    if texts:
        yield Heading(1, _("Open answers"))
        yield Paragraph(_("Only those that were read, with names taken out, in random order."), "meta")
    for one in texts:
        yield Heading(2, said(one.text, language))
        yield Bullets(tuple(text for text, _tags in one.rows))
