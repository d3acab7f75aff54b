"""A little ruler beside a number field."""

from __future__ import annotations

from merilo.web.charts.canvas import FAMILY, number

_WIDTH, _LEFT, _RIGHT = 400.0, 8.0, 392.0


def ruler(low: int, high: int) -> str:
    """A ruler from `low` to `high` with figures at both ends and at tens between; decoration, not read out.

    >>> ruler(51, 70).count("<text")
    3
    """
    span = max(high - low, 1)
    step = 1 if span <= 25 else 5
    marks = {low, high} | {value for value in range(low, high + 1) if value % (10 if span <= 25 else 20) == 0}
    named = [m for m in sorted(marks) if m in {low, high} or min(m - low, high - m) >= max(span / 10, 3)]
    ticks = [value for value in range(low, high + 1) if value % step == 0 or value in named]
    parts = [_tick(value, low, span, long=value in named) for value in ticks]
    parts += [_figure(value, low, high, span) for value in named]
    return (
        f'<svg class="ruler" viewBox="0 0 400 56" width="360" height="50" font-family="{FAMILY}" '
        f'aria-hidden="true">{"".join(parts)}'
        f'<path d="M{number(_LEFT)} 20H{number(_RIGHT)}" stroke="#23211d" stroke-width="2"/></svg>'
    )


def _x(value: int, low: int, span: int) -> float:
    return _LEFT + (_RIGHT - _LEFT) * (value - low) / span


def _tick(value: int, low: int, span: int, *, long: bool) -> str:
    x = number(_x(value, low, span))
    return f'<path d="M{x} 20v{14 if long else 8}" stroke="#7a746a" stroke-width="{2 if long else 1}"/>'


def _figure(value: int, low: int, high: int, span: int) -> str:
    anchor = {low: "start", high: "end"}.get(value, "middle")
    x = {low: 0.0, high: _WIDTH}.get(value, _x(value, low, span))
    return f'<text x="{number(x)}" y="53" font-size="17" text-anchor="{anchor}" fill="#23211d">{value}</text>'
