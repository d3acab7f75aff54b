"""Results in plain values, already protected: what pages draw, publications freeze and exports write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from merilo.framework.catalogue import Text
from merilo.surveys.analysis.protecting import AWAY, TOP, Line, Promise, ProtectedTable, result
from merilo.surveys.analysis.tallies import Tally, ranges
from merilo.surveys.analysis.variables import scores_of, unknown_codes
from merilo.surveys.rules import comparing, figures
from merilo.surveys.rules.asking import UNKNOWN, Matrix, Rating, Recommendation
from merilo.surveys.rules.definition import Definition, Question
from merilo.surveys.rules.figures import Estimate, Scores

Content: TypeAlias = dict[str, Any]
LEAST_SCALE = 3  # answers of a scale that has a mean and a top


# --- one question -----------------------------------------------------------------------------
def item_content(definition: Definition, item: str, tally: Tally, promise: Promise) -> Content:
    """The result of one item of everybody.

    Shape: {"item", "question", "kind", "text", "row", "hidden"}; unless hidden also "base" (answered, "don't
    know" among them), "none", "away", "unknown", "answers": [{"code", "text", "value", "count", "share",
    "low", "high"}], "figures": {"mean", "sd", "median", "top", "nps"} as far as they make sense. Texts are by
    language, shares from 0 to 1. A range of numbers has "from" and "until" (excluded), None for open.
    """
    question = definition.owner(item)
    told: Content = {
        "item": item,
        "question": question.code,
        "kind": question.kind,
        "text": dict(question.text.entries),
        "row": _row_text(question, item),
    }
    shown = result(tally, promise)
    if shown is None:
        return told | {"hidden": True}
    counts = {name: shown[name] for name in ("base", "none", "away")}
    return told | {"hidden": False} | counts | _TOLD[shown["kind"]](question, shown, definition.population)


def _row_text(question: Question, item: str) -> dict[str, str] | None:
    if not isinstance(question.asked, Matrix):
        return None
    row = item.partition(".")[2]
    return next(dict(one.text.entries) for one in question.asked.rows if one.code == row)


def _choice(question: Question, tally: Tally, population: int | None) -> Content:
    silent = unknown_codes(question)
    counts = dict(zip(tally["codes"], tally["counts"], strict=True))
    unknown = sum(counts[code] for code in silent if code in counts)
    valid = tally["base"] - unknown
    answers = [
        _answer(question, code, count, valid, population)
        for code, count in counts.items()
        if code not in silent
    ]
    values = scores_of(question)
    scores = {value: counts.get(code, 0) for code, value in values.items()}
    return {
        "unknown": unknown,
        "answers": answers,
        "figures": scale_figures(scores, population, nps=question.kind == "nps"),
    }


def scale_figures(scores: Scores, population: int | None = None, *, nps: bool = False) -> Content:
    """Mean, deviation, median and top share of a scale, the promoter score too where it is asked for.

    Answers that count amounts, such as minutes, have no scale, and none of them is best.
    """
    if len(scores) < LEAST_SCALE or not sum(scores.values()):
        return {}
    middle = figures.median(scores)
    top = sorted(scores)[-TOP:]
    found: Content = {
        "mean": estimate_content(figures.mean(scores, population=population)),
        "sd": round(figures.moments(scores)[2] ** 0.5, 6),
        "median": [middle.low, middle.high] if middle else None,
    }
    if not _are_points(scores):
        return found
    found["scale"] = [min(scores), max(scores)]
    if nps:
        return found | {"nps": estimate_content(figures.net_promoter_score(scores, population=population))}
    return found | {"top": estimate_content(figures.top_share(scores, top, population=population))}


def _are_points(scores: Scores) -> bool:
    """Whether the values follow each other as the points of a scale do."""
    return sorted(scores) == [*range(min(scores), max(scores) + 1)]


def estimate_content(estimate: Estimate | None) -> Content | None:
    """A figure with its interval in plain values."""
    if estimate is None:
        return None
    told = {"value": estimate.value, "low": estimate.low, "high": estimate.high}
    return {name: None if value is None else round(value, 6) for name, value in told.items()}


def _answer(question: Question, code: str, count: int, base: int, population: int | None) -> Content:
    told: Content = {"code": code, "text": answer_text(question, code), "count": count}
    told["value"] = scores_of(question).get(code)
    found = figures.share(count, base, population=population)
    if found is None:
        return told | {"share": None, "low": None, "high": None}
    return told | {
        "share": round(found.value, 6),
        "low": round(found.low or 0.0, 6),
        "high": round(found.high or 0.0, 6),
    }


def answer_text(question: Question, code: str) -> dict[str, str]:
    """What an answer says, by language; empty for points and for yes or no, which need no text of ours."""
    for option in question.options:
        if option.code == code:
            return dict(option.text.entries)
    asked = question.asked
    if isinstance(asked, Rating | Recommendation):
        ends = {str(asked.least): asked.least_text, str(asked.most): asked.most_text, UNKNOWN: asked.unknown}
        return _entries(ends.get(code))
    return {}


def _entries(text: Text | None) -> dict[str, str]:
    return dict(text.entries) if text else {}


def _flags(question: Question, tally: Tally, population: int | None) -> Content:
    answers = [
        _answer(question, code, count, tally["base"], population)
        for code, count in zip(tally["codes"], tally["counts"], strict=True)
    ]
    return {"unknown": 0, "answers": answers, "figures": {}}


def _ranks(question: Question, tally: Tally, population: int | None) -> Content:
    """Of a ranking the counts are who put an option first; "mean" is the mean place of who placed it."""
    answers = []
    for code, places in zip(tally["codes"], tally["counts"], strict=True):
        told = _answer(question, code, places[0] if places else 0, tally["base"], population)
        found = figures.mean(dict(enumerate(places, start=1)), population=population)
        answers.append(told | {"mean": estimate_content(found)})
    return {"unknown": 0, "answers": answers, "figures": {}}


def _ranged(question: Question, tally: Tally, population: int | None) -> Content:
    answers = []
    for (low, high), count in zip(ranges(tally["edges"]), tally["counts"], strict=True):
        answers.append(_answer(question, "", count, tally["base"], population) | {"from": low, "until": high})
    told: Content = {"unknown": 0, "answers": answers, "figures": {}}
    if "mean" in tally:
        found = figures.mean_from(tally["mean"], tally["sd"], tally["base"], population=population)
        told["figures"] = {
            "mean": estimate_content(found),
            "sd": round(tally["sd"], 6),
            "median": [tally["median"]] * 2,
        }
    return told


def _text(question: Question, tally: Tally, population: int | None) -> Content:
    return {"unknown": 0, "answers": [], "figures": {}}


_TOLD = {
    "choice": _choice,
    "flags": _flags,
    "ranks": _ranks,
    "number": _ranged,
    "day": _ranged,
    "text": _text,
}


# --- broken down ------------------------------------------------------------------------------
def table_content(definition: Definition, table: ProtectedTable) -> Content:
    """A protected table in plain values, with figures made of what it shows alone.

    Shape: {"item", "by", "text", "row", "by_text", "exclusive", "base", "columns": [{"codes", "texts"}],
    "rows": [{"codes", "texts", "total", "cells", "shares", "mean"}], "chance", "looked_at", "marks"}.
    A hidden cell is None. Shares are of who chose an answer; None where a group has hidden cells. "chance" is
    how often there would be such differences by chance. A mark is +1 or -1 where a group lies above or below
    all others together, one for each of "looked_at": the place of a column, or None for the mean.
    """
    question, groups = definition.owner(table.item), definition.owner(table.by)
    rows = [_row(definition, table, line) for line in table.rows]
    return {
        "item": table.item,
        "by": table.by,
        "text": dict(question.text.entries),
        "row": _row_text(question, table.item),
        "by_text": dict(groups.text.entries),
        "exclusive": table.exclusive,
        "base": table.base,
        "columns": [{"codes": list(codes), "texts": _texts(question, codes)} for codes in table.columns],
        "rows": rows,
        **_tests(definition, table),
    }


def _texts(question: Question, codes: Sequence[str]) -> list[dict[str, str]]:
    return [answer_text(question, code) for code in codes]


def _row(definition: Definition, table: ProtectedTable, line: Line) -> Content:
    scores = _scores(definition, table, line)
    return {
        "codes": list(line.codes),
        "texts": _texts(definition.owner(table.by), line.codes),
        "total": line.total,
        "cells": list(line.cells),
        "shares": _shares(table, line),
        "mean": estimate_content(figures.mean(scores)) if scores else None,
    }


def _valid(table: ProtectedTable) -> list[int]:
    """The places of the columns that are answers."""
    return [place for place, codes in enumerate(table.columns) if AWAY not in codes]


def _base(table: ProtectedTable, line: Line) -> int:
    """Of how many people shares are: who answered; of several choices everybody in the group."""
    if not table.exclusive:
        return line.total
    return sum(line.cells[place] or 0 for place in _valid(table))


def _shares(table: ProtectedTable, line: Line) -> list[float | None]:
    base, valid = _base(table, line), _valid(table)
    may = base > 0 and (line.is_whole or not table.exclusive)
    return [
        round(count / base, 6) if may and place in valid and count is not None else None
        for place, count in enumerate(line.cells)
    ]


def _scores(definition: Definition, table: ProtectedTable, line: Line) -> dict[int, int]:
    """The values of a group, none where something of it is hidden or merged or there is no scale."""
    values = scores_of(definition.owner(table.item))
    if not line.is_open or not table.exclusive or len(values) < LEAST_SCALE:
        return {}
    counts = {codes[0]: count or 0 for codes, count in zip(table.columns, line.cells, strict=True)}
    scores = {value: counts.get(code, 0) for code, value in values.items()}
    return scores if sum(scores.values()) else {}


def _tests(definition: Definition, table: ProtectedTable) -> Content:
    """Tests made where nothing is hidden; a chance beside hidden counts would tell about them."""
    groups = [line for line in table.rows if AWAY not in line.codes]
    if table.has_hidden or len(groups) < 2:
        return {"chance": None, "looked_at": [], "marks": [[] for _ in table.rows]}
    valid = _valid(table)
    counts = [[line.cells[place] or 0 for place in valid] for line in groups]
    found = comparing.chi_square(counts) if table.exclusive else None
    tests = [
        [_against_rest(definition, table, groups, place, column) for column in _looked_at(definition, table)]
        for place in range(len(groups))
    ]
    marks = _marks(tests)
    placed = iter(marks)
    return {
        "chance": round(found.p, 6) if found else None,
        "looked_at": _looked_at(definition, table),
        "marks": [[] if AWAY in line.codes else next(placed) for line in table.rows],
    }


def _looked_at(definition: Definition, table: ProtectedTable) -> list[int | None]:
    """What of each group is held against the others: its mean (None), or the share of each answer."""
    scale = len(scores_of(definition.owner(table.item))) >= LEAST_SCALE
    open_ = all(line.is_open or AWAY in line.codes for line in table.rows)
    return [None] if scale and open_ and table.exclusive else list(_valid(table))


def _against_rest(
    definition: Definition, table: ProtectedTable, groups: Sequence[Line], place: int, column: int | None
) -> tuple[float, float] | None:
    """How much a group lies above all others together (its sign counts), and how often by chance."""
    rest = [line for other, line in enumerate(groups) if other != place]
    if column is None:
        own, others = _scores(definition, table, groups[place]), _sum(definition, table, rest)
        tested = comparing.means_differ(own, others) if own and others else None
        return (tested.statistic, tested.p) if tested else None
    count, base = groups[place].cells[column] or 0, _base(table, groups[place])
    other, other_base = (
        sum(line.cells[column] or 0 for line in rest),
        sum(_base(table, line) for line in rest),
    )
    tested = comparing.shares_differ(count, base, other, other_base) if base and other_base else None
    return (count / base - other / other_base, tested.p) if tested else None


def _sum(definition: Definition, table: ProtectedTable, lines: Sequence[Line]) -> dict[int, int]:
    total: dict[int, int] = {}
    for line in lines:
        for value, count in _scores(definition, table, line).items():
            total[value] = total.get(value, 0) + count
    return total


def _marks(tests: Sequence[Sequence[tuple[float, float] | None]]) -> list[list[int]]:
    """+1, -1 or 0 for each test, corrected for all tests of the table together."""
    chances = comparing.holm([test[1] if test else None for line in tests for test in line])
    marks = iter(
        0 if test is None or chance is None or chance >= comparing.ALPHA else (1 if test[0] > 0 else -1)
        for test, chance in zip((test for line in tests for test in line), chances, strict=True)
    )
    return [[next(marks) for _ in line] for line in tests]


def said(text: Mapping[str, str] | None, language: str) -> str:
    """A text of a content in a language."""
    return Text(tuple(text.items())).in_language(language) if text else ""
