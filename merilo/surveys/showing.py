"""Contents of results as people see them: drawings, tables and sentences in the page's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from merilo.surveys.analysis.contents import Content, said
from merilo.surveys.analysis.protecting import AWAY
from merilo.surveys.analysis.variables import NO, YES
from merilo.surveys.analysis.waves import Change, Compared
from merilo.surveys.rules.figures import Estimate
from merilo.web import drawings
from merilo.web.charts import (
    WEB,
    Bar,
    Bars,
    Distribution,
    Drawing,
    Group,
    Palette,
    Scale,
    Share,
    Words,
    bars,
    distribution,
)
from merilo.web.items import Link

HIDDEN = ":c"
NONE = "–"
SHARES = Scale((0, 25, 50, 75, 100))
SHADES = 6  # answers that a stacked row can tell apart


@dataclass(frozen=True, slots=True)
class Table:
    """A table in words; the first cell of a row is its heading."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """One question as it stands on a page."""

    code: str
    title: str
    hidden: bool
    base: int = 0
    drawing: Drawing | None = None
    table: Table | None = None
    more: Table | None = None
    facts: tuple[tuple[str, str], ...] = ()
    links: list[Link] = field(default_factory=list)


# --- numbers ----------------------------------------------------------------------------------
def percent(share: float | None) -> str:
    """A share as people read it: 45,3 %."""
    return NONE if share is None else f"{rounded(share * 100, 1)}\u00a0%"


def points(value: float | None, places: int = 2) -> str:
    """A mean as people read it."""
    return NONE if value is None else rounded(value, places)


def rounded(value: float, places: int) -> str:
    """A number with so many decimals, rounded half up; never "-0,0"."""
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return str(number_format(exact or abs(exact), places))


def counted(people: int | str) -> str:
    """A number of people, its thousands apart; what stands for a hidden one as it is."""
    return people if isinstance(people, str) else number_format(people, force_grouping=True)


def signed(text: str, value: float) -> str:
    """A difference with its sign, a rounded nothing without."""
    if not any(digit in text for digit in "123456789"):
        return text
    return f"+{text}" if value > 0 else text.replace("-", "−")


def interval(figure: Content, write: Any = points) -> str:
    """A figure with its interval: 3,84 (3,71–3,97)."""
    value = write(figure["value"])
    if figure["low"] is None:
        return str(value)
    return f"{value} ({write(figure['low'])}–{write(figure['high'])})"


def _points_of_score(value: float | None) -> str:
    return points(value, 0)


# --- questions --------------------------------------------------------------------------------
def questions(contents: Sequence[Content], *, palette: Palette = WEB) -> list[Shown]:
    """What is shown of each question: rows of a matrix stand together."""
    words = replace(drawings.words(), item=_("Answer"))
    return [
        _shown(list(items), words, palette)
        for _code, items in groupby(contents, key=lambda content: content["question"])
    ]


def _shown(items: list[Content], words: Words, palette: Palette) -> Shown:
    first, title = items[0], said(items[0]["text"], _language())
    if first["kind"] == "matrix":
        return _matrix(items, title, words, palette)
    if first["hidden"]:
        return Shown(first["question"], title, hidden=True)
    answers = first["answers"]
    drawing = _bars(title, answers, words, palette) if answers else None
    table = _answers_table(first) if answers else None
    return Shown(
        first["question"],
        title,
        hidden=False,
        base=first["base"],
        drawing=drawing,
        table=table,
        facts=tuple(_facts(first)),
    )


def _language() -> str:
    return get_language() or "en"


def answer_words(answer: Content) -> str:
    """What an answer is called: its text, yes or no, a point with its end's text, a range."""
    if "from" in answer:
        return _range_words(answer["from"], answer["until"])
    return code_words(answer["code"], answer["text"])


def code_words(code: str, text: dict[str, str]) -> str:
    """What a code is called."""
    if code == AWAY:
        return _("not asked")
    own = said(text, _language())
    if code.lstrip("-").isdigit():
        return f"{code} – {own}" if own and len(own) < 40 and text else (own or code)
    return own or {YES: _("Yes"), NO: _("No")}.get(code, code)


def _range_words(low: Any, high: Any) -> str:
    if isinstance(low or high, str):
        low, high = (
            date_format(date.fromisoformat(day), "SHORT_DATE_FORMAT") if day else None for day in (low, high)
        )
    else:
        low, high = (None if edge is None else f"{number_format(edge)}" for edge in (low, high))
    if low is None:
        return _("below %(high)s") % {"high": high} if high else _("all")
    return (
        _("from %(low)s to below %(high)s") % {"low": low, "high": high}
        if high
        else _("%(low)s and more") % {"low": low}
    )


def _bars(title: str, answers: Sequence[Content], words: Words, palette: Palette) -> Drawing:
    rows = [
        Bar("", answer_words(answer), None if answer["share"] is None else round(answer["share"] * 100, 1))
        for answer in answers
    ]
    return bars(Bars(title, [Group("", rows)], _("Share, %"), scale=SHARES), words=words, palette=palette)


def _answers_table(content: Content) -> Table:
    ranked, weights = content["kind"] == "ranking", content.get("weighted")
    head = [
        _("Answer"),
        _("In first place") if ranked else _("Number of people"),
        _("Share of people"),
        _("95 % interval"),
    ]
    head += [_("Mean place")] * ranked + [_("Weighted share")] * bool(weights)
    rows = []
    for answer in content["answers"]:
        row = [answer_words(answer), counted(answer["count"]), percent(answer["share"]), _between(answer)]
        row += [interval(answer["mean"]) if answer["mean"] else NONE] if ranked else []
        row += [percent(weights["shares"].get(answer["code"]))] if weights else []
        rows.append(tuple(row))
    return Table(tuple(head), tuple(rows))


def _between(answer: Content) -> str:
    if answer["share"] is None:
        return NONE
    return f"{percent(answer['low'])} – {percent(answer['high'])}"


def _facts(content: Content) -> list[tuple[str, str]]:
    """Terms and figures of one item, in the order in which people ask for them."""
    found, told = content["figures"], []
    if mean := found.get("mean"):
        scale = found.get("scale")
        about = (
            _("Mean, from %(low)s to %(high)s") % {"low": scale[0], "high": scale[1]} if scale else _("Mean")
        )
        told.append((about, interval(mean)))
    if (weights := content.get("weighted")) and weights["mean"] is not None:
        told.append((_("Mean, weighted"), points(weights["mean"])))
    if top := found.get("top"):
        told.append((_("The two best answers"), interval(top, percent)))
    if nps := found.get("nps"):
        told.append((_("Net promoter score"), interval(nps, _points_of_score)))
    if middle := found.get("median"):
        told.append((_("Median"), _median(middle)))
    if "sd" in found:
        told.append((_("Standard deviation"), points(found["sd"])))
    told.append((_("Answered"), counted(content["base"])))
    if content["unknown"]:
        told.append((_("Don’t know"), counted(content["unknown"])))
    told.append((_("No answer"), counted(content["none"])))
    if content["away"]:
        told.append((_("Not asked"), counted(content["away"])))
    return told


def _median(middle: Sequence[float]) -> str:
    low, high = (
        number_format(value).rstrip("0").rstrip(",.") if value % 1 else number_format(int(value))
        for value in middle
    )
    return low if low == high else f"{low}–{high}"


# --- matrix -----------------------------------------------------------------------------------
def _matrix(items: list[Content], title: str, words: Words, palette: Palette) -> Shown:
    shown = [item for item in items if not item["hidden"]]
    if not shown:
        return Shown(items[0]["question"], title, hidden=True)
    names = [answer_words(answer) for answer in shown[0]["answers"]]
    drawing = None
    if len(names) <= SHADES:
        rows = [
            Share(said(item["row"], _language()), [answer["count"] for answer in item["answers"]])
            for item in shown
        ]
        drawing = distribution(Distribution(title, names, rows), words=words, palette=palette)
    base = max(item["base"] for item in shown)
    return Shown(
        items[0]["question"],
        title,
        hidden=False,
        base=base,
        drawing=drawing,
        table=_rows_table(items),
        more=_counts_table(items, names),
    )


def _rows_table(items: list[Content]) -> Table:
    """For each row its mean, top share and who did not say."""
    scaled = any(item["figures"] for item in items if not item["hidden"])
    figures = (_("Mean"), _("The two best answers")) if scaled else ()
    head = (_("About what"), *figures, _("Answered"), _("Don’t know"), _("No answer"))
    rows = []
    for item in items:
        name = said(item["row"], _language())
        if item["hidden"]:
            rows.append((name, *(HIDDEN for _column in head[1:])))
            continue
        mean, top = item["figures"].get("mean"), item["figures"].get("top")
        told = (interval(mean) if mean else NONE, interval(top, percent) if top else NONE) if scaled else ()
        rows.append((name, *told, str(item["base"]), str(item["unknown"]), str(item["none"])))
    return Table(head, tuple(rows))


def _counts_table(items: list[Content], names: Sequence[str]) -> Table:
    rows = [
        (
            said(item["row"], _language()),
            *(
                (HIDDEN for _name in names)
                if item["hidden"]
                else (f"{answer['count']} ({percent(answer['share'])})" for answer in item["answers"])
            ),
        )
        for item in items
    ]
    return Table((_("About what"), *names), tuple(rows))


# --- broken down ------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ShownTable:
    """A breakdown as it stands on a page; `notes` are sentences about it."""

    title: str
    by: str
    drawing: Drawing | None
    table: Table
    notes: tuple[str, ...]


def breakdown(content: Content, *, palette: Palette = WEB) -> ShownTable:
    """A protected table in words: counts with shares, :c for what is hidden, marks beside what differs."""
    title = said(content["row"], _language()) or said(content["text"], _language())
    by = said(content["by_text"], _language())
    has_mean = any(row["mean"] for row in content["rows"])
    columns = [joined(column) for column in content["columns"]]
    head = (by, *columns, *([_("Mean")] if has_mean else []), _("Number of people"))
    rows = tuple(
        _breakdown_row(content, row, place, has_mean=has_mean) for place, row in enumerate(content["rows"])
    )
    return ShownTable(
        title, by, _breakdown_drawing(content, title, palette), Table(head, rows), tuple(_notes(content))
    )


def joined(line: Content) -> str:
    """What the codes of a row or column of a table are called."""
    return ", ".join(code_words(code, text) for code, text in zip(line["codes"], line["texts"], strict=True))


def _breakdown_row(content: Content, row: Content, place: int, *, has_mean: bool) -> tuple[str, ...]:
    marks = dict(zip(content["looked_at"], content["marks"][place], strict=False))
    cells = [
        _cell(count, share, marks.get(column, 0))
        for column, (count, share) in enumerate(zip(row["cells"], row["shares"], strict=True))
    ]
    mean = [interval(row["mean"]) + _mark(marks.get(None, 0)) if row["mean"] else NONE] if has_mean else []
    return (joined(row), *cells, *mean, counted(row["total"]))


def _cell(count: int | None, share: float | None, mark: int) -> str:
    if count is None:
        return HIDDEN
    told = counted(count)
    return f"{told} ({percent(share)}){_mark(mark)}" if share is not None else told


def _mark(mark: int) -> str:
    return {1: " ▲", -1: " ▼"}.get(mark, "")


def _breakdown_drawing(content: Content, title: str, palette: Palette) -> Drawing | None:
    """Stacked rows of the groups of which every count is shown."""
    valid = [place for place, column in enumerate(content["columns"]) if AWAY not in column["codes"]]
    rows = [
        Share(joined(row), [row["cells"][place] for place in valid])
        for row in content["rows"]
        if AWAY not in row["codes"] and None not in row["cells"]
    ]
    if not content["exclusive"] or len(valid) > SHADES or not rows:
        return None
    names = [joined(content["columns"][place]) for place in valid]
    words = replace(drawings.words(), item=_("Group"))
    return distribution(Distribution(title, names, rows), words=words, palette=palette)


def _notes(content: Content) -> list[str]:
    notes = []
    if any(None in row["cells"] for row in content["rows"]):
        notes.append(
            _(
                ":c – hidden so that nobody can be recognised: too few people, or a figure by which too few "
                "could be worked out."
            )
        )
    if any(len(line["codes"]) > 1 for line in (*content["columns"], *content["rows"])):
        notes.append(_("Groups and answers with too few people are put together."))
    if any(mark for marks in content["marks"] for mark in marks):
        notes.append(
            _(
                "▲ and ▼: more or less than all others together by more than chance (95 %, corrected for the "
                "number of comparisons by Holm’s method)."
            )
        )
    elif content["looked_at"]:
        notes.append(_("No group differs from the others by more than chance."))
    if (chance := content["chance"]) is not None:
        told = f"< {rounded(0.001, 3)}" if chance < 0.001 else f"= {rounded(chance, 3)}"
        notes.append(_("Pearson’s chi-square test of all groups: p %(chance)s.") % {"chance": told})
    return notes


# --- beside another survey --------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Grouped:
    """A table whose rows stand under questions; one of a single figure has its row only."""

    head: tuple[str, ...]
    groups: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]

    @property
    def flat(self) -> Table:
        """The same with the question in each row, so that each can be read alone."""
        rows = (
            (" – ".join(filter(None, (title, row[0]))), *row[1:])
            for title, rows in self.groups
            for row in rows
        )
        return Table(self.head, tuple(rows))


def comparison(pairs: Sequence[Compared]) -> Grouped:
    """Every figure of both surveys with its difference; ▲ ▼ where that is more than chance."""
    changed = [pair for pair in pairs if pair.changes]
    groups = [
        _compared([*found]) for _code, found in groupby(changed, key=lambda pair: pair.content["question"])
    ]
    return Grouped(
        (_("Question"), _("Now"), _("Before"), _("Difference (95 % interval), shares in percentage points")),
        tuple(groups),
    )


def _compared(pairs: Sequence[Compared]) -> tuple[str, tuple[tuple[str, ...], ...]]:
    title = said(pairs[0].content["text"], _language())
    rows = tuple(_change_row(pair.content, change) for pair in pairs for change in pair.changes)
    return ("", ((title, *rows[0][1:]),)) if len(rows) == 1 and not rows[0][0] else (title, rows)


def _change_row(content: Content, change: Change) -> tuple[str, ...]:
    write = percent if change.code else points
    answer = code_words(change.code, change.text) if change.code else ""
    mark = _mark((1 if change.difference.value > 0 else -1) if change.marked else 0)
    return (
        " – ".join(filter(None, (said(content["row"], _language()), answer))),
        write(change.now),
        write(change.before),
        _difference(change.difference, is_share=bool(change.code)) + mark,
    )


def _difference(found: Estimate, *, is_share: bool) -> str:
    """A difference with its sign and interval: +1,3 (−1,2 … +4,0)."""
    scale, places = (100, 1) if is_share else (1, 2)
    value, *ends = (
        None if end is None else signed(rounded(end * scale, places), end)
        for end in (found.value, found.low, found.high)
    )
    return f"{value} ({ends[0]} … {ends[1]})" if None not in ends else str(value)


def _item_words(content: Content) -> str:
    return " – ".join(filter(None, (said(content["text"], _language()), said(content["row"], _language()))))


def left_out(pairs: Sequence[Compared]) -> list[tuple[str, str]]:
    """What cannot be compared, and why."""
    reasons = {
        "new": _("not asked in the other survey"),
        "gone": _("asked in the other survey only"),
        "answers": _("the answers to choose from are different"),
        "hidden": _("hidden in one of the two, because too few people answered"),
        "kind": _("answers of this kind are not compared"),
    }
    return [(_item_words(pair.content), reasons[pair.reason]) for pair in pairs if pair.reason]
