"""Charts as pure functions: a frozen dataclass in, a `Drawing` out; no Django, no clock, no files.

Each drawing exists 360 and 760 units wide, so that its text stays readable on a phone and on a desktop,
and carries the table of the same numbers. The strings hold presentational attributes only: the same ones
stand on a page under a strict Content-Security-Policy and in a typeset document.
"""

from __future__ import annotations

from merilo.web.charts.bars import Bar, Bars, Group, bars
from merilo.web.charts.canvas import Drawing
from merilo.web.charts.cycle import CycleChart, Mark, cycle
from merilo.web.charts.distribution import Distribution, Share, distribution
from merilo.web.charts.dots import Dots, dots, wall_dots
from merilo.web.charts.dumbbells import dumbbells
from merilo.web.charts.dumbbells import in_words as dumbbells_in_words
from merilo.web.charts.line import Line, Year, line
from merilo.web.charts.matrix import Corners, Matrix, Spot, matrix
from merilo.web.charts.palette import DOCUMENT, WEB, Palette
from merilo.web.charts.radar import Axis, Radar, radar
from merilo.web.charts.ranges import Range, Ranges, ranges
from merilo.web.charts.ruler import ruler
from merilo.web.charts.scale import CAF, Scale
from merilo.web.charts.schedule import Schedule, Stretch, height_of, schedule
from merilo.web.charts.strip import strip
from merilo.web.charts.words import Words

__all__ = [
    "CAF",
    "DOCUMENT",
    "WEB",
    "Axis",
    "Bar",
    "Bars",
    "Corners",
    "CycleChart",
    "Distribution",
    "Dots",
    "Drawing",
    "Group",
    "Line",
    "Mark",
    "Matrix",
    "Palette",
    "Radar",
    "Range",
    "Ranges",
    "Scale",
    "Schedule",
    "Share",
    "Spot",
    "Stretch",
    "Words",
    "Year",
    "bars",
    "cycle",
    "distribution",
    "dots",
    "dumbbells",
    "dumbbells_in_words",
    "height_of",
    "line",
    "matrix",
    "radar",
    "ranges",
    "ruler",
    "schedule",
    "strip",
    "wall_dots",
]
