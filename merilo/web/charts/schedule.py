"""Bars on a calendar: from when until when, how far it is, what is late, and today as a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from merilo.web.charts.canvas import NARROW, WIDE, Canvas, Drawing
from merilo.web.charts.metrics import fit, text_width
from merilo.web.charts.palette import WEB, Palette

DAY = timedelta(days=1)
YEAR = 12
STEPS = (1, 2, 3, 6, 12)  # every so many months are named, as many as there is room for
ROOM = 46.0
WHOLE = 100


@dataclass(frozen=True, slots=True)
class Stretch:
    """One bar: its days, how far it is in percent, until when it is late; `told` is its row of the table."""

    number: str
    label: str
    first: date
    last: date
    percent: int = 0
    late_until: date | None = None
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is drawn. `months` are the twelve short names; `today_label` stands at the line of today."""

    title: str
    rows: Sequence[Stretch]
    months: Sequence[str]
    today: date | None = None
    today_label: str = ""
    head: tuple[str, ...] = ()
    description: str = ""


def schedule(chart: Schedule, *, palette: Palette = WEB) -> Drawing:
    """The bars in the order given, months across; nothing but the frame where there are none.

    >>> row = Stretch("1", "Survey", date(2026, 3, 1), date(2026, 4, 30), told=("1 Survey", "April"))
    >>> schedule(Schedule("Plan", [row], ("Jan", "Feb", "Mar", "Apr") * 3, head=("Measure", "Ends"))).rows
    (('1 Survey', 'April'),)
    """
    rows = tuple(row.told for row in chart.rows)
    return Drawing(chart.title, _narrow(chart, palette), _wide(chart, palette), chart.head, rows)


@dataclass(frozen=True, slots=True)
class _Track:
    """The days laid out on a sheet, whole months."""

    first: date
    last: date
    left: float
    right: float

    def x(self, day: date) -> float:
        """Where a day begins; days outside are held at the ends."""
        whole = (self.last - self.first).days + 1
        share = (day - self.first).days / whole
        return self.left + (self.right - self.left) * min(max(share, 0.0), 1.0)

    def months(self) -> Iterator[date]:
        """The first days of the months."""
        day = self.first
        while day <= self.last:
            yield day
            day = _next_month(day)


@dataclass(frozen=True, slots=True)
class _Look:
    """Line and inside of a frame."""

    line: str
    fill: str


def _next_month(day: date) -> date:
    return date(day.year + day.month // YEAR, day.month % YEAR + 1, 1)


def _track(chart: Schedule, left: float, right: float) -> _Track:
    """From the month of the first day to the end of the month of the last one that is drawn."""
    firsts = [row.first for row in chart.rows] or [chart.today or date(2000, 1, 1)]
    lasts = [day for row in chart.rows for day in (row.last, row.late_until) if day] or firsts
    return _Track(min(firsts).replace(day=1), _next_month(max(lasts)) - DAY, left, right)


def _wide(chart: Schedule, palette: Palette) -> str:
    track, top, step = _track(chart, 262.0, WIDE - 6.0), 50.0, 36.0
    foot = top + step * len(chart.rows) + 4
    sheet = Canvas(WIDE, foot + 26, palette)
    _calendar(sheet, chart, track, foot)
    for place, row in enumerate(chart.rows):
        y = top + step * place
        indent = _indent(row, 16)
        sheet.text(0, y + 22, row.number, 16, weight=800)
        sheet.text(indent, y + 22, fit(row.label, 250 - indent, 16), 16)
        _bar(sheet, track, row, y + 6, 22)
    _today(sheet, chart, track, foot)
    return sheet.finish(chart.title, chart.description)


def _narrow(chart: Schedule, palette: Palette) -> str:
    track, top, step = _track(chart, 4.0, NARROW - 6.0), 50.0, 52.0
    foot = top + step * len(chart.rows) + 4
    sheet = Canvas(NARROW, foot + 26, palette)
    _calendar(sheet, chart, track, foot)
    for place, row in enumerate(chart.rows):
        y = top + step * place
        indent = _indent(row, 16) + 4
        sheet.text(4, y + 20, row.number, 16, weight=800, halo=True)
        sheet.text(indent, y + 20, fit(row.label, NARROW - indent - 4, 16), 16, halo=True)
        _bar(sheet, track, row, y + 27, 18)
    _today(sheet, chart, track, foot)
    return sheet.finish(chart.title, chart.description)


def _indent(row: Stretch, size: float) -> float:
    return max(26.0, text_width(row.number, size) + 8)


def _calendar(sheet: Canvas, chart: Schedule, track: _Track, foot: float) -> None:
    """Years, months and their lines."""
    months = list(track.months())
    width = (track.right - track.left) / len(months)
    step = next((step for step in STEPS if width * step >= ROOM), YEAR)
    january = next((place for place, day in enumerate(months) if day.month == 1), YEAR)
    for place, day in enumerate(months):
        x, begins = track.x(day), day.month == 1 or place == 0
        named = (day.month - 1) % step == 0 and track.right - x >= min(ROOM, width * step) - 2
        sheet.line(x, 22 if begins else 30, x, foot, sheet.palette.edge if begins else sheet.palette.hair)
        if begins and (place > 0 or january * width >= ROOM or january == 0) and track.right - x >= ROOM - 6:
            sheet.text(x + 4, 16, str(day.year), 16, weight=800)
        if named and step < YEAR:
            sheet.text(x + 4, 38, fit(chart.months[day.month - 1], width * step - 6, 15), 15)
    sheet.line(track.right, 30, track.right, foot, sheet.palette.hair)


def _bar(sheet: Canvas, track: _Track, row: Stretch, y: float, height: float) -> None:
    """The days as a frame, how far it is as a bar inside, what is late hatched behind."""
    left, right = track.x(row.first), track.x(row.last + DAY)
    if row.late_until is not None and row.late_until > row.last:
        _hatched(sheet, right, track.x(row.late_until + DAY), y, height)
    _frame(sheet, (left, right), y, height, look=_Look(sheet.palette.own, sheet.palette.soft))
    sheet.rect(left, y + height / 3, (right - left) * row.percent / WHOLE, height / 3, sheet.palette.own)


def _frame(sheet: Canvas, across: tuple[float, float], y: float, height: float, *, look: _Look) -> None:
    left, right = across
    corners = [(left, y), (right, y), (right, y + height), (left, y + height)]
    sheet.polyline(corners, look.line, 1.5, closed=True, fill=look.fill)


def _hatched(sheet: Canvas, left: float, right: float, y: float, height: float) -> None:
    colour = sheet.palette.late
    _frame(sheet, (left, right), y, height, look=_Look(colour, sheet.palette.white))
    x = left - height
    while x < right:
        start, end = max(x, left), min(x + height, right)
        if end > start:
            sheet.line(start, y + height - (start - x), end, y + height - (end - x), colour, width=2)
        x += 8


def _today(sheet: Canvas, chart: Schedule, track: _Track, foot: float) -> None:
    if chart.today is None or not track.first <= chart.today <= track.last:
        return
    x = track.x(chart.today)
    sheet.line(x, 46, x, foot + 6, sheet.palette.ink, width=2.5)
    sheet.text(x, foot + 22, chart.today_label, 15, weight=600, anchor="middle", halo=True)
