"""Times, queries and bytes of something done many times."""

from __future__ import annotations

import gzip
import statistics
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client


@dataclass(frozen=True, slots=True)
class Sample:
    """Median and 95th percentile in milliseconds, queries and bytes of one request (as is, compressed).

    `cpu` is the median of the processor's time alone: what remains true while other programs run.
    """

    median: float
    p95: float
    cpu: float
    queries: int
    size: int
    packed: int


class _Counter:
    """Counts queries without keeping them; the BEGIN of a transaction asks nothing and is left out."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        self.count += not sql.startswith("BEGIN")
        return execute(sql, *arguments)


def counted() -> tuple[_Counter, AbstractContextManager[None]]:
    """A counter and the block in which it counts."""
    counter = _Counter()
    return counter, connection.execute_wrapper(counter)


def sample(act: Callable[[], bytes], *, times: int, before: Callable[[], None] | None = None) -> Sample:
    """Do it once to warm up, once to count, then `times` times to measure; `before` is not measured."""
    for _ in range(2):
        (before or _nothing)()
        content = act()
    (before or _nothing)()
    counter, block = counted()
    with block:
        content = act()
    measured = [_timed(act, before) for _ in range(times)]
    seconds = [wall for wall, _ in measured]
    return Sample(
        median=statistics.median(seconds) * 1000,
        p95=_percentile(seconds, 95) * 1000,
        cpu=statistics.median(busy for _, busy in measured) * 1000,
        queries=counter.count,
        size=len(content),
        packed=len(gzip.compress(content, 6)),
    )


def _nothing() -> None:
    return None


def _timed(act: Callable[[], bytes], before: Callable[[], None] | None) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    (before or _nothing)()
    begun, busy = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - begun, time.process_time() - busy


def _percentile(seconds: list[float], percent: int) -> float:
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, round(len(ordered) * percent / 100))]


class WrongAnswer(Exception):
    """A page answered with another status than expected: measuring it would say nothing."""


def page(client: Client, path: str) -> bytes:
    """The content of a page that must answer 200."""
    answer = client.get(path)
    if answer.status_code != 200:
        raise WrongAnswer(f"{path}: {answer.status_code}")
    return answer.content


def post(client: Client, path: str, fields: dict[str, Any], **headers: str) -> bytes:
    """Send a form that must be taken: 200 for a script, a redirect for a browser."""
    answer = client.post(path, fields, headers=headers)
    if answer.status_code not in {200, 302, 303}:
        raise WrongAnswer(f"{path}: {answer.status_code}")
    return answer.content
