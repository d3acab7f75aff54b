"""Bars on a calendar: their days, how far each is, what is late, what follows what, and today as a line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from merilo.core.periods import Period
from merilo.web.charts.canvas import NARROW, WIDE, Canvas, Drawing, number
from merilo.web.charts.metrics import fit, text_width
from merilo.web.charts.palette import WEB, Palette

DAY = timedelta(days=1)
YEAR = 12
STEPS = (1, 2, 3, 6, 12)  # every so many months are named, as many as there is room for
ROOM = 46.0
WHOLE = 100
HATCH = 8  # units from stroke to stroke
TARGET = 26.0  # what is clicked or touched is at least so wide and high
MARK = 16.0  # the triangle of a row that can be opened
TOP = 50.0
HIGH, STEP_HIGH = 36.0, 30.0  # rows of the wide drawing


@dataclass(frozen=True, slots=True)
class Stretch:
    """One bar: its days, how far it is in percent, until when it is late; `told` is its row of the table.

    `is_step` for a part of the row above; `is_open` whether the parts of a row are shown, None without any.
    `key` is the name by which others say what they come `after`.
    `crowded` are days on which somebody has too much to do. Attributes of a link, `href` and others, make
    the bar a link, or the label.
    """

    number: str
    label: str
    first: date
    last: date
    percent: int = 0
    late_until: date | None = None
    told: tuple[str, ...] = ()
    is_step: bool = False
    is_open: bool | None = None
    key: str = ""
    after: Sequence[str] = ()
    crowded: Sequence[Period] = ()
    bar_link: Mapping[str, str] = field(default_factory=dict)
    label_link: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is drawn. `months` are the twelve short names; `today_label` stands at the line of today.

    `days` are what is drawn at least, so that several drawings lie on the same days. `wide` is the width of
    the wide drawing in units, `labels` how much of it the names take.
    """

    title: str
    rows: Sequence[Stretch]
    months: Sequence[str]
    today: date | None = None
    today_label: str = ""
    head: tuple[str, ...] = ()
    description: str = ""
    days: Period | None = None
    wide: float = WIDE
    labels: float = 262.0


def schedule(chart: Schedule, *, palette: Palette = WEB) -> Drawing:
    """The bars in the order given, months across; nothing but the frame where there are none.

    >>> row = Stretch("1", "Survey", date(2026, 3, 1), date(2026, 4, 30), told=("1 Survey", "April"))
    >>> schedule(Schedule("Plan", [row], ("Jan", "Feb", "Mar", "Apr") * 3, head=("Measure", "Ends"))).rows
    (('1 Survey', 'April'),)
    """
    rows = tuple(row.told for row in chart.rows)
    wide, narrow = _wide(chart), _narrow(chart)
    return Drawing(
        chart.title,
        _Sheet(chart, narrow, palette).draw(),
        _Sheet(chart, wide, palette).draw(),
        chart.head,
        rows,
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a row stands: its top, the base line of its name, top and height of its bar."""

    top: float
    base: float
    bar: float
    height: float

    @property
    def middle(self) -> float:
        return self.bar + self.height / 2


@dataclass(frozen=True, slots=True)
class _Layout:
    """Width of a sheet, where days begin, from and to where names stand, a place for each row, the foot."""

    width: float
    left: float
    names: tuple[float, float]
    places: Sequence[_Place]
    foot: float
    halo: bool


def height_of(rows: Sequence[Stretch]) -> float:
    """How high rows are in the wide drawing, in units."""
    return sum(STEP_HIGH if row.is_step else HIGH for row in rows)


def _wide(chart: Schedule) -> _Layout:
    places, top = [], TOP
    for row in chart.rows:
        base, bar, height = (20.0, 7.0, 16.0) if row.is_step else (22.0, 6.0, 22.0)
        places.append(_Place(top, top + base, top + bar, height))
        top += STEP_HIGH if row.is_step else HIGH
    return _Layout(chart.wide, chart.labels, (0.0, chart.labels - 12), places, top + 4, halo=False)


def _narrow(chart: Schedule) -> _Layout:
    places = []
    for count, row in enumerate(chart.rows):
        top, height = TOP + 52.0 * count, 14.0 if row.is_step else 18.0
        places.append(_Place(top, top + 20, top + 27, height))
    return _Layout(NARROW, 4.0, (4.0, NARROW - 8), places, TOP + 52.0 * len(chart.rows) + 4, halo=True)


@dataclass(frozen=True, slots=True)
class _Track:
    """The days laid out on a sheet, whole months."""

    first: date
    last: date
    left: float
    right: float

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def x(self, day: date) -> float:
        """Where a day begins; days outside are held at the ends."""
        share = (day - self.first).days / self.days
        return self.left + (self.right - self.left) * min(max(share, 0.0), 1.0)

    def months(self) -> Iterator[date]:
        """The first days of the months."""
        day = self.first
        while day <= self.last:
            yield day
            day = _next_month(day)


def _next_month(day: date) -> date:
    return date(day.year + day.month // YEAR, day.month % YEAR + 1, 1)


def _track(chart: Schedule, left: float, right: float) -> _Track:
    """From the month of the first day to the end of the month of the last one that is drawn."""
    firsts, lasts = [row.first for row in chart.rows], [row.last for row in chart.rows]
    lasts += [row.late_until for row in chart.rows if row.late_until]
    if chart.days is not None:
        firsts, lasts = [*firsts, chart.days.first], [*lasts, chart.days.last]
    usual = [chart.today or date(2000, 1, 1)]
    firsts, lasts = firsts or usual, lasts or usual
    return _Track(min(firsts).replace(day=1), _next_month(max(lasts)) - DAY, left, right)


class _Sheet:
    """One drawing of a schedule at one width."""

    def __init__(self, chart: Schedule, layout: _Layout, palette: Palette) -> None:
        self.chart, self.layout, self.palette = chart, layout, palette
        self.sheet = Canvas(layout.width, layout.foot + 26, palette)
        self.track = _track(chart, layout.left, layout.width - 6.0)
        numbers = max((text_width(row.number, 16) for row in chart.rows), default=0.0)
        folds = any(row.is_open is not None for row in chart.rows)
        self.indent = max(26.0, numbers + 9) + (MARK if folds else 0.0)  # from numbers to names

    def draw(self) -> str:
        rows = list(zip(self.chart.rows, self.layout.places, strict=True))
        self._calendar()
        for row, place in rows:
            if not self.layout.halo:
                self._name(row, place)
            self._bar(row, place)
        self._unseen_by_pointers(lambda: self._follows(rows))
        for row, place in rows if self.layout.halo else ():  # names over bars and arrows
            self._name(row, place)
        self._unseen_by_pointers(self._today)
        return self.sheet.finish(self.chart.title, self.chart.description, more=self._about())

    def _unseen_by_pointers(self, drawn: Callable[[], None]) -> None:
        """What lies over bars lets clicks and touches through."""
        self.sheet.begin("g", {"pointer-events": "none"})
        drawn()
        self.sheet.end("g")

    def _about(self) -> dict[str, str]:
        """What a script needs to move bars; a drawing with links inside is no picture but a group."""
        if not any(row.bar_link or row.label_link for row in self.chart.rows):
            return {}
        track = self.track
        return {
            "role": "group",
            "data-first": track.first.isoformat(),
            "data-days": str(track.days),
            "data-left": f"{track.left:g}",
            "data-right": f"{track.right:g}",
        }

    # --- the calendar behind -------------------------------------------------------------------
    def _calendar(self) -> None:
        """Years, months and their lines."""
        track, sheet, palette = self.track, self.sheet, self.palette
        months = list(track.months())
        width = (track.right - track.left) / len(months)
        step = next((step for step in STEPS if width * step >= ROOM), YEAR)
        january = next((place for place, day in enumerate(months) if day.month == 1), YEAR)
        for place, day in enumerate(months):
            x, begins = track.x(day), day.month == 1 or place == 0
            line = palette.edge if begins else palette.hair
            sheet.line(x, 22 if begins else 30, x, self.layout.foot, line)
            has_room = place > 0 or january * width >= ROOM or january == 0
            if begins and has_room and track.right - x >= ROOM - 6:
                sheet.text(x + 4, 16, str(day.year), 16, weight=800)
            self._month(day, x, width * step, is_named=(day.month - 1) % step == 0 and step < YEAR)
        sheet.line(track.right, 30, track.right, self.layout.foot, palette.hair)

    def _month(self, day: date, x: float, room: float, *, is_named: bool) -> None:
        if is_named and self.track.right - x >= min(ROOM, room) - 2:
            self.sheet.text(x + 4, 38, fit(self.chart.months[day.month - 1], room - 6, 15), 15)

    def _today(self) -> None:
        today, track, foot = self.chart.today, self.track, self.layout.foot
        if today is None or not track.first <= today <= track.last:
            return
        x = track.x(today)
        self.sheet.line(x, 46, x, foot + 6, self.palette.ink, width=2.5)
        self.sheet.text(x, foot + 22, self.chart.today_label, 15, weight=600, anchor="middle", halo=True)

    # --- a row ---------------------------------------------------------------------------------
    def _name(self, row: Stretch, place: _Place) -> None:
        """Number and name; as a link they have a ground that is easily hit."""
        left, right = self.layout.names
        if row.label_link:
            self.sheet.begin("a", row.label_link)
            self.sheet.rect(left, place.base - TARGET + 7, right - left, TARGET, "transparent")
        halo, size = self.layout.halo, 15.0 if row.is_step else 16.0
        if row.number:
            self.sheet.text(left, place.base, row.number, 16, weight=800, halo=halo)
        if row.is_open is not None:
            self._mark(left + self.indent - MARK, place.base - 5, is_open=row.is_open)
        text = fit(row.label, right - left - self.indent, size)
        self.sheet.text(left + self.indent, place.base, text, size, halo=halo)
        if row.label_link:
            self.sheet.end("a")

    def _mark(self, x: float, y: float, *, is_open: bool) -> None:
        """A triangle that points down where the parts of a row are shown, else to the right."""
        closed = [(x, y - 5), (x + 8, y), (x, y + 5)]
        shape = [(x - 1, y - 4), (x + 9, y - 4), (x + 4, y + 4)] if is_open else closed
        self.sheet.polyline(shape, self.palette.quiet, 1, closed=True, fill=self.palette.quiet)

    def _bar(self, row: Stretch, place: _Place) -> None:
        """The days as a frame, how far it is as a bar inside; behind it, hatched, what is late."""
        track, sheet, palette = self.track, self.sheet, self.palette
        left, right = track.x(row.first), track.x(row.last + DAY)
        if row.late_until is not None and row.late_until > row.last:
            self._hatched((right, track.x(row.late_until + DAY)), place)
        if row.bar_link:
            sheet.begin("a", row.bar_link)
            self._ground(left, right, place)
        self._frame((left, right), place, palette.own, palette.soft)
        third = place.height / 3
        sheet.rect(left, place.bar + third, (right - left) * row.percent / WHOLE, third, palette.own)
        if row.bar_link:
            sheet.end("a")
        for days in row.crowded:
            begin, end = track.x(max(days.first, row.first)), track.x(min(days.last, row.last) + DAY)
            y = place.bar + place.height + 4
            sheet.line(begin, y, end, y, palette.late, width=3, dash="3 3")

    def _ground(self, left: float, right: float, place: _Place) -> None:
        """An unseen ground of a bar, so that a short one can be hit, too."""
        width = max(right - left, TARGET)
        x = min(max((left + right - width) / 2, 0.0), self.layout.width - width)
        self.sheet.rect(x, place.middle - TARGET / 2, width, TARGET, "transparent")

    def _frame(self, across: tuple[float, float], place: _Place, line: str, fill: str) -> None:
        (left, right), (y, end) = across, (place.bar, place.bar + place.height)
        corners = [(left, y), (right, y), (right, end), (left, end)]
        self.sheet.polyline(corners, line, 1.5, closed=True, fill=fill)

    def _hatched(self, across: tuple[float, float], place: _Place) -> None:
        """Slanting strokes in a frame, as one path: there may be hundreds of them."""
        (left, right), height, foot = across, place.height, place.bar + place.height
        self._frame(across, place, self.palette.late, self.palette.white)
        whole = max(int((right - left - height) // HATCH) + 1, 0)
        rest = left + HATCH * whole
        before = [left - step for step in range(HATCH, int(height) + 1, HATCH)]
        after = [rest + step for step in range(0, int(right - rest) + 1, HATCH)]
        strokes = f"M{number(left)} {number(foot)}"
        strokes += f"l{height:g} -{height:g}m{HATCH - height:g} {height:g}" * whole
        for x in (*before, *after):
            start, end = max(x, left), min(x + height, right)
            strokes += f"M{number(start)} {number(foot - start + x)}L{number(end)} {number(foot - end + x)}"
        self.sheet.path(strokes, self.palette.late, 2)

    # --- what follows what -----------------------------------------------------------------------
    def _follows(self, rows: Sequence[tuple[Stretch, _Place]]) -> None:
        """Arrows from the end of a bar to the beginning of what comes after; broken where it is too early."""
        named = {row.key: (row, place) for row, place in rows if row.key}
        for after in named.values():
            for key in after[0].after:
                if key in named:
                    self._arrow(named[key], after)

    def _arrow(self, before: tuple[Stretch, _Place], after: tuple[Stretch, _Place]) -> None:
        is_early = after[0].first <= before[0].last
        colour = self.palette.late if is_early else self.palette.quiet
        x, y = self.track.x(after[0].first), after[1].middle
        points = self._way((self.track.x(before[0].last + DAY), before[1].middle), (x, y))
        self.sheet.polyline(points, colour, 2, dash="5 4" if is_early else "")
        tip = [(x, y), (x - 6, y - 4), (x - 6, y + 4)]
        self.sheet.polyline(tip, colour, 1, closed=True, fill=colour)

    def _way(self, start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
        """Out of one bar, along the row, into the other from its left."""
        (x1, y1), (x2, y2) = start, end
        out, into = min(x1 + 7, self.layout.width), max(x2 - 9, 0.0)
        if out <= into:
            return [start, (out, y1), (out, y2), end]
        between = y2 - 14 if y1 < y2 else y2 + 14
        return [start, (out, y1), (out, between), (into, between), (into, y2), end]
