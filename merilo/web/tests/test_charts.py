"""Charts: well-formed, readable, inside their sheet, and their tables say the same numbers."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from merilo.core.periods import Period
from merilo.web import charts
from merilo.web.charts import metrics
from merilo.web.charts.dots import levels
from merilo.web.charts.line import bounds
from merilo.web.charts.scale import Track

SVG = "{http://www.w3.org/2000/svg}"
names = st.text(max_size=60)
scores = st.integers(0, 100) | st.decimals(0, 100, places=3, allow_nan=False)
maybe = st.none() | scores


def checked(drawing: charts.Drawing) -> None:
    """What holds for every drawing."""
    for svg, width in ((drawing.narrow, 360), (drawing.wide, 760)):
        root = ET.fromstring(svg)  # noqa: S314 - our own string
        left, top, across, down = (float(part) for part in root.attrib["viewBox"].split())
        assert (left, top) == (0, 0)
        assert across in {width, 360}
        assert root.find(f"{SVG}title") is not None
        for element in root.iter():
            assert "style" not in element.attrib
            _inside(element, across, down)
    assert all(len(row) == len(drawing.head) for row in drawing.rows)


def _inside(element: ET.Element, across: float, down: float) -> None:
    """Coordinates are numbers; texts and shapes stay on the sheet."""
    for key in ("x", "x1", "x2", "cx", "width"):
        if key in element.attrib and element.tag != f"{SVG}svg":
            assert -0.1 <= float(element.attrib[key]) <= across + 0.1
    for key in ("y", "y1", "y2", "cy", "height"):
        if key in element.attrib and element.tag != f"{SVG}svg":
            assert -0.1 <= float(element.attrib[key]) <= down + 0.1
    if element.tag == f"{SVG}text":
        width = metrics.text_width(element.text or "", float(element.attrib["font-size"]))
        x = float(element.attrib["x"])
        left = (
            x - {"start": 0.0, "middle": width / 2, "end": width}[element.attrib.get("text-anchor", "start")]
        )
        assert left >= -0.2
        assert left + width <= across + 0.2
        assert float(element.attrib["y"]) - float(element.attrib["font-size"]) >= -1
        assert float(element.attrib["font-size"]) >= 15


@settings(max_examples=60, deadline=None)
@given(title=names, rows=st.lists(st.tuples(names, maybe, maybe), max_size=12), group=names)
def test_bars_hold_for_any_scores(title: str, rows: list[tuple[Any, ...]], group: str):
    listed = [charts.Bar(str(n), name, now, before) for n, (name, now, before) in enumerate(rows, 1)]
    drawing = charts.bars(charts.Bars(title, [charts.Group(group, listed)], "2026", "2024"))
    checked(drawing)
    assert len(drawing.rows) == len(rows)


def test_bars_show_what_was_not_scored_as_nothing_and_never_as_zero():
    drawing = charts.bars(
        charts.Bars("t", [charts.Group("g", [charts.Bar("1", "a", None, 40)])], "2026", "2024")
    )
    assert drawing.rows == (("1 a", "–", "40", "–"),)
    assert "<rect" not in drawing.wide
    assert "not scored" in drawing.wide


def test_bars_write_numbers_rounded_half_up_in_the_languages_way():
    words = charts.Words(mark=",")
    bar = charts.Bar("1", "a", Decimal("49.35"), Decimal("42.8"))
    drawing = charts.bars(charts.Bars("t", [charts.Group("g", [bar])], "2026", "2024"), words=words)
    assert drawing.rows == (("1 a", "49,4", "42,8", "+6,6"),)
    assert ">49,4</text>" in drawing.wide


def test_bars_stand_on_the_scale_of_another_framework():
    scale = charts.Scale((1, 2, 3, 4))
    drawing = charts.bars(
        charts.Bars("t", [charts.Group("", [charts.Bar("1", "a", 4)])], "2026", scale=scale)
    )
    checked(drawing)
    assert Track(scale, 0, 300).x(4) == 300
    assert Track(scale, 0, 300).x(1) == 0


@settings(max_examples=60, deadline=None)
@given(listed=st.lists(scores, max_size=40), middle=st.lists(scores, max_size=2))
def test_dots_are_as_many_as_scores_and_all_alike(listed: list[Any], middle: list[Any]):
    bands = ["None", "Plan", "Do", "Check", "Act", "Whole cycle"]
    drawing = charts.dots(charts.Dots("t", listed, tuple(middle), bands=bands))
    checked(drawing)
    for svg in (drawing.narrow, drawing.wide):
        circles = ET.fromstring(svg).findall(f"{SVG}circle")  # noqa: S314
        assert len(circles) == len(listed)
        assert len({(c.attrib["r"], c.attrib["fill"]) for c in circles}) <= 1
    assert sum(int(row[1]) for row in drawing.rows) == len(listed)


@given(listed=st.lists(st.integers(0, 100), max_size=20), seed=st.randoms())
def test_the_order_of_the_assessors_never_matters(listed: list[int], seed):
    mixed = list(listed)
    seed.shuffle(mixed)
    assert charts.dots(charts.Dots("t", listed)) == charts.dots(charts.Dots("t", mixed))


@given(st.lists(st.floats(0, 700), max_size=30).map(sorted))
def test_dots_on_one_level_never_touch(places: list[float]):
    found = levels(places, 20)
    for level in set(found):
        row = [place for place, at in zip(places, found, strict=True) if at == level]
        assert all(b - a >= 20 for a, b in pairwise(row))


def test_an_even_number_of_scores_shows_the_interval_of_the_two_middle_ones():
    drawing = charts.dots(charts.Dots("t", [40, 45], (40, 45)))
    assert "median between 40 and 45" in drawing.wide
    assert "median 45" in charts.dots(charts.Dots("t", [45], (45,))).wide


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(names, maybe, maybe), max_size=12))
def test_radar_holds_for_any_number_of_axes(rows: list[tuple[Any, ...]]):
    axes = [charts.Axis(str(n), *row) for n, row in enumerate(rows, 1)]
    checked(charts.radar(charts.Radar("t", axes, "2026", "2024")))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(names, st.lists(st.integers(0, 500), min_size=5, max_size=5)), max_size=6))
def test_distribution_fills_each_row_and_no_more(rows: list[tuple[Any, ...]]):
    shares = [charts.Share(name, counts) for name, counts in rows]
    checked(charts.distribution(charts.Distribution("t", ["a", "b", "c", "d" * 60, "e"], shares)))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(names, scores, scores), max_size=10))
def test_ranges_hold_for_any_bounds(rows: list[tuple[Any, ...]]):
    listed = [charts.Range(name, min(a, b), max(a, b), a) for name, a, b in rows]
    checked(charts.ranges(charts.Ranges("t", [*listed, charts.Range("nobody", None, None)])))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.tuples(names, maybe, maybe), max_size=5), max_size=3), names, names)
def test_dumbbells_hold_for_any_names_and_gaps(rows: list[list[tuple[Any, ...]]], before: str, now: str):
    groups = [
        charts.Group("g", [charts.Bar(str(n), *row) for n, row in enumerate(group, 1)]) for group in rows
    ]
    drawing = charts.dumbbells(charts.Bars("t", groups, now, before))
    checked(drawing)
    assert len(drawing.rows) == sum(len(group) for group in rows)


def test_a_dumbbell_says_its_difference_with_a_sign_and_none_where_a_score_is_missing():
    bars = [charts.Bar("1", "one", 41, 48), charts.Bar("2", "two", 50, 50), charts.Bar("3", "three", 30)]
    group = [charts.Group("", bars)]
    told = "1 one: 48 → 41 (−7); 2 two: 50 → 50 (0); 3 three: – → 30 (–)"
    assert charts.dumbbells_in_words(group, charts.Words()) == told
    drawing = charts.dumbbells(charts.Bars("t", group, "2026", "2024", told))
    assert [row[1:] for row in drawing.rows] == [("48", "41", "−7"), ("50", "50", "0"), ("–", "30", "–")]
    assert "−7</text>" in drawing.wide
    assert told in ET.fromstring(drawing.narrow).attrib["aria-label"]  # noqa: S314


values = st.decimals(-(10**6), 10**6, places=2, allow_nan=False)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | values, max_size=15), st.none() | values)
def test_line_holds_for_any_values_gaps_and_targets(years: list[Any], target):
    points = [charts.Year(str(2010 + n), value) for n, value in enumerate(years)]
    drawing = charts.line(charts.Line("t", points, "%", target))
    checked(drawing)
    assert len(drawing.rows) == len(points) + (target is not None)


def test_a_missing_year_parts_the_line():
    points = [charts.Year(str(n), value) for n, value in enumerate([1, 2, None, 3, 4])]
    assert charts.line(charts.Line("t", points)).wide.count("<polyline") == 2


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=9))
def test_the_axis_of_a_line_holds_all_values(listed: list[float]):
    low, high = bounds(listed)
    assert low < high
    assert low <= min(listed)
    assert max(listed) <= high


@settings(max_examples=30, deadline=None)
@given(st.lists(names, max_size=10), st.integers(0, 10))
def test_cycle_holds_for_any_names(listed: list[str], now: int):
    steps = [charts.Mark(n, name, n < now, n == now) for n, name in enumerate(listed, 1)]
    checked(charts.cycle(charts.CycleChart("t", steps)))


@pytest.mark.parametrize(("low", "high"), [(0, 10), (11, 30), (51, 70), (91, 100), (0, 100), (1, 4)])
def test_a_ruler_names_both_ends_and_stays_inside(low: int, high: int):
    root = ET.fromstring(charts.ruler(low, high))  # noqa: S314
    figures = [text.text for text in root.iter("text")]
    assert figures[0] == str(low)
    assert figures[-1] == str(high)


def test_names_are_escaped_and_characters_xml_cannot_hold_are_left_out():
    bar = charts.Bar("1", '<b>"&\x00', 5)
    drawing = charts.bars(charts.Bars("<i>\x07", [charts.Group("&", [bar])], "2026"))
    checked(drawing)
    assert "<b>" not in drawing.wide


def test_the_widths_are_never_less_than_those_of_the_typeface(pytestconfig: pytest.Config):
    from fontTools.ttLib import TTFont

    folder: Path = pytestconfig.rootpath / "assets/fonts/pdf"
    sample = "Устойчивост и социална отговорност на организацията, № 7 „ѝ“ – Leadership 0123456789 100 %"
    for weight in ("Regular", "SemiBold", "ExtraBold"):
        font = TTFont(folder / f"SofiaSans-{weight}.ttf")
        letters, advances = font.getBestCmap(), font["hmtx"]
        real = sum(advances[letters[ord(letter)]][0] for letter in sample) / font["head"].unitsPerEm
        assert real <= metrics.text_width(sample, 1)
        assert metrics.text_width(sample, 1) <= 1.12 * real


@given(text=names, width=st.floats(20, 400))
def test_a_shortened_text_fits(text: str, width: float):
    assert metrics.text_width(metrics.fit(text, width, 17), 17) <= width
    assert all(metrics.text_width(line, 17) <= width for line in metrics.wrap(text, width, 17))


# --- calendar -----------------------------------------------------------------------------------------
MONTHS = ["яну", "фев", "мар", "апр", "май", "юни", "юли", "авг", "сеп", "окт", "ное", "дек"]
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
spans = st.tuples(names, days, st.integers(0, 1_500), st.integers(0, 100), st.integers(0, 400))


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(spans, max_size=12), today=st.none() | days)
def test_bars_on_the_calendar_stay_on_it(rows: list[tuple[Any, ...]], today: date | None):
    stretches = []
    for number, (name, first, length, percent, late) in enumerate(rows, 1):
        last = first + timedelta(days=length)
        until = last + timedelta(days=late) if late else None
        stretches.append(charts.Stretch(str(number), name, first, last, percent, until, (name, "x")))
    drawing = charts.schedule(charts.Schedule("t", stretches, MONTHS, today, "днес", ("Мярка", "Край")))
    checked(drawing)
    assert len(drawing.rows) == len(rows)


def test_the_calendar_shows_what_is_carried_out_late_and_today():
    first, last, today = date(2026, 1, 1), date(2026, 3, 31), date(2026, 4, 15)
    stretch = charts.Stretch("7", "Анкета", first, last, 50, today)
    drawn = charts.schedule(charts.Schedule("t", [stretch], MONTHS, today, "днес")).wide
    rects = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', drawn)
    frame = re.search(r'<polygon points="([\d.]+),[\d.]+ ([\d.]+),[^>]*fill="var\(--accent-soft', drawn)
    assert frame is not None
    left, right = map(float, frame.groups())
    ((x, width),) = rects
    assert float(x) == pytest.approx(left, abs=0.1)
    assert float(width) == pytest.approx((right - left) / 2, abs=0.1)
    assert "#8f1d1d" in drawn
    assert ">днес</text>" in drawn
    on_time = charts.Stretch("7", "Анкета", first, last, 50)
    assert "#8f1d1d" not in charts.schedule(charts.Schedule("t", [on_time], MONTHS)).wide


def test_arrows_lead_to_what_comes_after_and_are_broken_where_that_is_too_early():
    march, april = (date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 4, 1), date(2026, 4, 30))

    def arrows(days: tuple[date, date]) -> list[str]:
        rows = [
            charts.Stretch("1", "a", *march, key="a"),
            charts.Stretch("", "b", *days, is_step=True, key="b", after=("a", "elsewhere")),
        ]
        drawn = charts.schedule(charts.Schedule("t", rows, MONTHS))
        checked(drawn)
        return re.findall(r"<polyline[^>]*>", drawn.wide)

    for days, broken in ((april, False), ((date(2026, 5, 1), date(2026, 5, 2)), False), (march, True)):
        (arrow,) = arrows(days)
        assert ("stroke-dasharray" in arrow) == broken


def test_short_bars_that_are_links_are_wide_enough_to_be_hit():
    day = date(2026, 1, 1)
    link = {"href": "?a=1&b=2", "aria-label": "a"}
    rows = [charts.Stretch("1", "a", day, day, is_open=False, bar_link=link, label_link=link)]
    drawing = charts.schedule(charts.Schedule("t", rows, MONTHS))
    checked(drawing)
    root = ET.fromstring(drawing.wide)  # noqa: S314
    assert (root.attrib["role"], root.attrib["data-days"]) == ("group", "31")
    targets = [one.find(f"{SVG}rect") for one in root.iter(f"{SVG}a")]
    sizes = [(float(one.attrib["width"]), float(one.attrib["height"])) for one in targets if one is not None]
    assert len(sizes) == 2
    assert all(min(size) >= 24 for size in sizes)


def test_where_somebody_has_too_much_at_once_the_bar_is_marked():
    days = Period(date(2026, 1, 10), date(2026, 1, 20))
    row = charts.Stretch("1", "a", date(2026, 1, 1), date(2026, 1, 31), crowded=[days])
    assert 'stroke-dasharray="3 3"' in charts.schedule(charts.Schedule("t", [row], MONTHS)).wide


# --- matrix -------------------------------------------------------------------------------------------
@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(names, st.integers(4, 20), st.integers(4, 20)), max_size=60), names)
def test_a_matrix_holds_any_number_of_spots(rows: list[tuple[Any, ...]], corner: str):
    spots = [
        charts.Spot(str(number), name, Decimal(x) / 4, Decimal(y) / 4, strong=number % 2 == 0)
        for number, (name, x, y) in enumerate(rows, 1)
    ]
    chart = charts.Matrix("t", spots, "across", "up", charts.Corners(corner, "b", "c", "d" * 40))
    drawing = charts.matrix(chart)
    checked(drawing)
    shown = [element.text for element in ET.fromstring(drawing.wide).iter(f"{SVG}text")]  # noqa: S314
    assert {spot.sign for spot in spots} <= set(shown)


def placed(rows: list[tuple[str, str]], *, narrow: bool = False) -> list[tuple[float, float]]:
    """Where the spots of these points lie in a drawing: across, and upwards from its bottom."""
    spots = [charts.Spot(f"n{number}", "a", Decimal(x), Decimal(y)) for number, (x, y) in enumerate(rows)]
    corners = charts.Corners("a", "b", "c", "d")
    drawing = charts.matrix(charts.Matrix("t", spots, "x", "y", corners))
    texts = ET.fromstring(drawing.narrow if narrow else drawing.wide).iter(f"{SVG}text")  # noqa: S314
    by_sign = {one.text: (float(one.attrib["x"]), -float(one.attrib["y"])) for one in texts}
    return [by_sign[f"n{number}"] for number in range(len(rows))]


def test_spots_lie_where_their_points_are():
    one, two, three, four = placed([("1", "1"), ("3", "2"), ("5", "5"), ("2.5", "3.5")])
    assert three[0] - two[0] == pytest.approx(two[0] - one[0], abs=0.3)
    assert three[1] - one[1] == pytest.approx(4 * (two[1] - one[1]), abs=0.3)
    assert four[0] - one[0] == pytest.approx(1.5 / 4 * (three[0] - one[0]), abs=0.3)
    assert four[1] - one[1] == pytest.approx(2.5 / 4 * (three[1] - one[1]), abs=0.3)


def test_spots_of_a_workshop_keep_their_order_on_both_axes():
    two, ten, five, six = placed([("4.7", "4"), ("4.3", "2.8"), ("3.7", "4"), ("3.3", "4")])
    assert ten[0] < two[0]
    assert six[0] < five[0]


quarters = st.integers(4, 20).map(lambda value: str(Decimal(value) / 4))


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(quarters, quarters), min_size=2, max_size=40), narrow=st.booleans())
def test_close_spots_are_moved_apart_but_never_past_each_other(rows: list[tuple[str, str]], *, narrow: bool):
    places = placed(rows, narrow=narrow)
    middle = placed([("3", "3")], narrow=narrow)[0][0]
    pairs = [(one, other) for one in range(len(rows)) for other in range(one)]
    for axis in (0, 1):
        for one, other in pairs:
            points = Decimal(rows[one][axis]) - Decimal(rows[other][axis])
            moved = places[one][axis] - places[other][axis]
            assert not points or moved * (1 if points > 0 else -1) >= -0.1
    for one, other in pairs:
        off = [abs(places[one][axis] - places[other][axis]) for axis in (0, 1)]
        assert max(off) >= 23.9  # a spot is 24 high and at least as wide
    for (x, _y), place in zip(rows, places, strict=True):
        assert place[0] >= middle - 0.1 if Decimal(x) >= 3 else place[0] <= middle + 0.1
