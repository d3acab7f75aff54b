from __future__ import annotations

from datetime import UTC, datetime, timedelta

from merilo.organisations.rules.reminding import may_remind

LAST = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_nobody_is_reminded_twice_within_two_days() -> None:
    assert may_remind(None, LAST)
    assert not may_remind(LAST, LAST + timedelta(hours=48, seconds=-1))
    assert may_remind(LAST, LAST + timedelta(hours=48))
