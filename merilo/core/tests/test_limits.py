from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from merilo.core import limits
from merilo.core.errors import TooMany
from merilo.core.models import Limit

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.every_database]


def hits(count, whom="a@town.example", at=NOON):
    for _ in range(count):
        limits.hit("sign-in", whom, most=3, seconds=600, at=at)


def test_as_many_as_allowed_pass_and_the_next_is_refused_with_the_time_to_wait():
    hits(3)
    with pytest.raises(TooMany) as refused:
        hits(1, at=NOON + timedelta(minutes=4))
    assert refused.value.status == 429
    assert refused.value.retry_after == 361
    assert "7" in refused.value.sentence


def test_the_next_window_begins_at_nought():
    hits(3)
    hits(3, at=NOON + timedelta(minutes=10))
    with pytest.raises(TooMany):
        hits(1, at=NOON + timedelta(minutes=19))


def test_no_clock_divides_what_comes_in_one_burst():
    hits(2, at=NOON - timedelta(seconds=1))
    hits(1, at=NOON + timedelta(seconds=1))
    with pytest.raises(TooMany) as refused:
        hits(1, at=NOON + timedelta(seconds=2))
    assert refused.value.retry_after == 598


def test_others_are_not_touched_and_case_does_not_matter():
    hits(3)
    hits(3, "b@town.example")
    with pytest.raises(TooMany):
        hits(1, "A@Town.Example")


def test_asking_does_not_count():
    for _ in range(9):
        limits.refuse_if_full("sign-in", "a", most=1, at=NOON)
    assert not Limit.objects.exists()


def test_full_is_full_before_the_next_hit():
    hits(3)
    with pytest.raises(TooMany):
        limits.refuse_if_full("sign-in", "a@town.example", most=3, at=NOON)
    limits.refuse_if_full("sign-in", "a@town.example", most=3, at=NOON + timedelta(minutes=10))


def test_forgetting_begins_at_nought():
    hits(3)
    limits.forget("sign-in", "a@town.example")
    hits(3)


def test_no_address_is_kept():
    hits(1)
    (row,) = Limit.objects.all()
    assert "town" not in row.key
    assert row.count == 1


def test_a_limit_that_was_forgotten_while_it_was_reached_is_still_told(monkeypatch):
    monkeypatch.setattr(limits, "count", lambda *_what, **_more: 4)
    with pytest.raises(TooMany) as refused:
        hits(1)
    assert refused.value.retry_after == 601
