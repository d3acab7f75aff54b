"""Two surveys side by side, from what is shown of each: questions that were asked alike, and the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from merilo.surveys.analysis.contents import Content
from merilo.surveys.rules import comparing, figures
from merilo.surveys.rules.comparing import ALPHA, Tested
from merilo.surveys.rules.figures import Estimate

Reason = Literal["new", "gone", "answers", "hidden", "kind"]
ALIKE = frozenset({"single", "multiple", "matrix", "rating", "nps", "yesno"})  # kinds that are compared


@dataclass(frozen=True, slots=True)
class Change:
    """A mean (no code) or the share of an answer, now and before; `marked`: more than chance."""

    code: str
    text: dict[str, str]
    now: float
    before: float
    difference: Estimate
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """One item of both surveys: its changes, or why there are none."""

    content: Content
    changes: tuple[Change, ...] = ()
    reason: Reason | None = None


def compared(now: Sequence[Content], before: Sequence[Content]) -> list[Compared]:
    """All items of both, those asked now first; differences are corrected together by Holm's method."""
    earlier = {content["item"]: content for content in before}
    found = [(content, earlier.pop(content["item"], None)) for content in now]
    rows = [
        (content, _reason(content, other), _changes(content, other) if other else ())
        for content, other in found
    ]
    chances = [
        tested.p if tested else None for _, reason, changes in rows for _, tested in changes if not reason
    ]
    marks = iter([chance is not None and chance < ALPHA for chance in comparing.holm(chances)])
    told = [
        Compared(
            content, () if reason else tuple(_marked(change, next(marks)) for change, _ in changes), reason
        )
        for content, reason, changes in rows
    ]
    return [*told, *(Compared(content, reason="gone") for content in earlier.values())]


def _marked(change: Change, marked: bool) -> Change:  # noqa: FBT001  an answer of Holm's method
    return Change(change.code, change.text, change.now, change.before, change.difference, marked)


def _reason(now: Content, before: Content | None) -> Reason | None:
    if before is None:
        return "new"
    if now["kind"] not in ALIKE:
        return "kind"
    if now["hidden"] or before["hidden"]:
        return "hidden"
    codes = [[(answer["code"], answer.get("value")) for answer in one["answers"]] for one in (now, before)]
    alike = now["kind"] == before["kind"] and codes[0] == codes[1]
    return None if alike else "answers"


def _changes(now: Content, before: Content) -> tuple[tuple[Change, Tested | None], ...]:
    if _reason(now, before):
        return ()
    return tuple(_of_scale(now, before) if now["figures"] else _of_answers(now, before))


def _scores(content: Content) -> dict[int, int]:
    counted = (answer for answer in content["answers"] if answer["value"] is not None)
    return {answer["value"]: answer["count"] for answer in counted}


def _of_scale(now: Content, before: Content) -> Iterator[tuple[Change, Tested | None]]:
    mine, theirs = _scores(now), _scores(before)
    difference = figures.mean_difference(mine, theirs)
    if difference:
        means = [content["figures"]["mean"]["value"] for content in (now, before)]
        yield Change("", {}, means[0], means[1], difference), comparing.means_differ(mine, theirs)


def _of_answers(now: Content, before: Content) -> Iterator[tuple[Change, Tested | None]]:
    base, other_base = (content["base"] - content["unknown"] for content in (now, before))
    for mine, theirs in zip(now["answers"], before["answers"], strict=True):
        told = (mine["count"], base, theirs["count"], other_base)
        if difference := figures.share_difference(*told):
            change = Change(mine["code"], mine["text"], mine["share"], theirs["share"], difference)
            yield change, comparing.shares_differ(*told)
