"""What the wall and the leader's page of a meeting show alike: the item, its scores, the list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from merilo.assessment.models import AgreementState
from merilo.assessment.queries import agreement, sittings
from merilo.assessment.queries.agreement import Row, Talk
from merilo.assessment.queries.sittings import Stage, Vote
from merilo.assessment.rules.statistics import Spread, spread
from merilo.assessment.scores_in_words import clock_of, values_in_words
from merilo.assessment.views.agreement_item import axis_of
from merilo.assessment.words import language
from merilo.web import charts, drawings


@dataclass(frozen=True, slots=True)
class Entry:
    """A strength or an area in few words, and how many wrote it."""

    text: str
    count: int
    is_agreed: bool


def name_of(row: Row) -> str:
    """The short name of an item in the page's language."""
    return row.item.short.in_language(language())


def title_of(row: Row) -> str:
    """The full title of an item in the page's language."""
    return row.item.title.in_language(language())


def agreed_in_words(row: Row) -> str:
    """What the group agreed, or that it gave no score."""
    return values_in_words(row.voices.scale, row.agreement.values)


def shown_scores(row: Row, vote: Vote | None) -> tuple[Any, ...]:
    """The scores on the wall: of the last vote where there was one, else the individual ones."""
    if vote is not None and vote.tally is not None and vote.tally.is_shown:
        return vote.tally.scores
    return row.voices.scores


def spread_of(row: Row, vote: Vote | None) -> Spread | None:
    """The distribution of the scores on the wall."""
    return spread(shown_scores(row, vote))


def plot(row: Row, vote: Vote | None) -> SafeString:
    """The scores as equal dots for the wall; empty when nobody scored."""
    found = spread_of(row, vote)
    if found is None:
        return mark_safe("")
    words = drawings.words()
    scores = shown_scores(row, vote)
    chart = charts.Dots(
        title=_("Scores of the group, %(code)s") % {"code": row.item.code},
        description=_("Scores from low to high: %(scores)s")
        % {"scores": "; ".join(words.number(score) for score in scores)},
        scores=scores,
        middle=(found.median.low, found.median.high),
        bands=[band.phase.in_language(language()) for band in _bands(row)],
        scale=axis_of(row.voices.scale),
    )
    return mark_safe(charts.wall_dots(chart, words=words))


def _bands(row: Row) -> Iterable[Any]:
    return row.voices.scale.bands if not row.voices.scale.components else ()


def entries(talk: Talk, most: int) -> tuple[list[Entry], int]:
    """Statements first, then single remarks, the most often written first; and how many are left out."""
    found = [Entry(row.text, max(1, len(row.sources.all())), True) for row in talk.statements]
    alike: dict[str, int] = {}
    for remark in talk.open:
        alike[remark.text.strip()] = alike.get(remark.text.strip(), 0) + 1
    found += [Entry(text, count, False) for text, count in alike.items()]
    found.sort(key=lambda entry: (not entry.is_agreed, -entry.count))
    return found[:most], max(0, len(found) - most)


def last_score(stage: Stage) -> agreement.LastCycle | None:
    """The item in the last cycle, set against what is agreed now."""
    row = stage.row
    return None if row is None else agreement.last_cycle(stage.meeting.assessment, row.item.code, row.score)


def list_of(stage: Stage, most: int) -> dict[str, Any]:
    """The list at the left: what is to discuss, with the present item among it, and what is behind."""
    here = stage.row.item.code if stage.row else ""
    rows = [row for row in stage.rows if row.item.code == here or (row.is_open and not row.is_close)]
    place = next((n for n, row in enumerate(rows) if row.item.code == here), 0)
    first = max(0, min(place - 2, len(rows) - most))
    part = rows[first : first + most]
    return {
        "rows": [{"code": row.item.code, "name": name_of(row), "now": row.item.code == here} for row in part],
        "more": sum(row.is_open for row in rows) - sum(row.is_open for row in part),
        "close": len(stage.overview.close),
        "together": len(stage.overview.agreed) - stage.agreed_after_talk,
        "talked": stage.agreed_after_talk,
        "postponed": stage.overview.count(AgreementState.POSTPONED),
    }


def time_of(stage: Stage) -> dict[str, Any]:
    """Seconds spent on the present item, in this meeting, and the mean of those before."""
    here = stage.turn.code if stage.turn else ""
    return {
        "now": round(stage.spent.get(here, 0)),
        "now_words": clock_of(round(stage.spent.get(here, 0))),
        "mean": "" if stage.mean is None else clock_of(stage.mean),
    }


def board(stage: Stage, *, listed: int, lines: int) -> dict[str, Any]:
    """Everything that the wall and the leader's page show alike."""
    row, vote = stage.row, stage.vote
    context: dict[str, Any] = {
        "meeting": stage.meeting,
        "assessment": stage.meeting.assessment,
        "stage": stage,
        "counts": stage.overview.counts,
        "listed": list_of(stage, listed),
        "vote": vote,
        "remaining": sittings.remaining(vote, now=stage.now),
        "running": vote is not None and not vote.is_over,
        "present": sittings.present(stage.meeting),
    }
    if row is None:
        return context
    talks = agreement.talks_of(stage.meeting.assessment, row.item.code)
    return context | {
        "row": row,
        "code": row.item.code,
        "name": name_of(row),
        "title": title_of(row),
        "spread": spread_of(row, vote),
        "is_new": vote is not None and vote.tally is not None and vote.tally.is_shown,
        "first": row.voices.spread,
        "plot": plot(row, vote),
        "agreed": agreed_in_words(row) if row.agreement.state == AgreementState.AGREED else "",
        "columns": [(talk.plural, *entries(talk, lines), talk) for talk in talks[:2]],
        "time": time_of(stage),
        "last": last_score(stage),
        "evidence": sittings.evidence_titles(stage.meeting.assessment, row.item.code),
    }
