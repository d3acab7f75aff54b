"""Nobody stands alone with the day or the language of an answer."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from merilo.surveys.rules.blurring import Trace, blurred

TRACES = st.builds(
    Trace,
    kind=st.sampled_from([(1, "invited"), (2, "paper")]),
    language=st.sampled_from(["bg", "en", "de"]),
    day=st.dates(date(2026, 11, 1), date(2026, 11, 20)),
)


@given(st.dictionaries(TRACES, st.integers(1, 9), max_size=30), st.integers(3, 10))
def test_every_trace_is_shared_by_the_floor_or_by_all_of_its_kind(counts, floor):
    found = blurred(counts, floor)
    assert set(found) == set(counts)
    after: Counter[Trace] = Counter()
    of_kind: Counter[object] = Counter()
    for trace, count in counts.items():
        assert found[trace].kind == trace.kind
        after[found[trace]] += count
        of_kind[trace.kind] += count
    assert all(count >= floor or count == of_kind[trace.kind] for trace, count in after.items())


@given(st.dictionaries(TRACES, st.integers(1, 9), max_size=30), st.integers(3, 10))
def test_what_is_blurred_stays_as_it_is(counts, floor):
    once: Counter[Trace] = Counter()
    for trace, new in blurred(counts, floor).items():
        once[new] += counts[trace]
    assert all(old == new for old, new in blurred(once, floor).items())


def test_large_days_and_languages_stay() -> None:
    bg, en = Trace("link", "bg", date(2026, 11, 3)), Trace("link", "en", date(2026, 11, 3))
    assert blurred({bg: 5, en: 5}, 5) == {bg: bg, en: en}
    assert blurred({bg: 5, en: 4}, 5) == {bg: bg, en: bg}
