"""Times are kept in UTC and shown in the organisation's zone, also when the clocks change (R20)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.conf import settings

from merilo.assessment.forms.planning import OpenForm
from merilo.assessment.models import Assessment, State
from tests.people import a_member, an_assessment, an_organisation, signed_in

SOFIA = "Europe/Sofia"


def lock_at(day: date, hour: time, zone: str = SOFIA) -> datetime:
    form = OpenForm({"lock_date": day.strftime("%d.%m.%Y"), "lock_time": hour.strftime("%H:%M")})
    with time_machine.travel(datetime(2026, 9, 1, tzinfo=UTC)):
        assert form.is_valid(), form.errors
    return form.lock_at(zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        (date(2026, 10, 24), time(18), datetime(2026, 10, 24, 15, tzinfo=UTC)),  # summer time
        (
            date(2026, 10, 25),
            time(18),
            datetime(2026, 10, 25, 16, tzinfo=UTC),
        ),  # the clocks went back
        (
            date(2026, 10, 25),
            time(3, 30),
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        ),  # there twice: the first
        (date(2027, 3, 27), time(18), datetime(2027, 3, 27, 16, tzinfo=UTC)),  # winter time
        (date(2027, 3, 28), time(3, 30), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # never: it is 4:30 then
        (date(2027, 3, 28), time(18), datetime(2027, 3, 28, 15, tzinfo=UTC)),
        (date(2026, 12, 31), time(23, 59), datetime(2026, 12, 31, 21, 59, tzinfo=UTC)),
        (date(2028, 2, 29), time(0), datetime(2028, 2, 28, 22, tzinfo=UTC)),
    ],
)
def test_the_lock_means_the_hour_on_the_organisations_wall(day, hour, expected):
    assert lock_at(day, hour) == expected


def test_the_same_hour_elsewhere_is_another_moment():
    assert lock_at(date(2026, 10, 26), time(18), "Europe/Rome") == datetime(2026, 10, 26, 17, tzinfo=UTC)


def test_everything_is_stored_in_utc():
    assert settings.USE_TZ
    assert settings.TIME_ZONE == "UTC"


@pytest.mark.django_db
@pytest.mark.parametrize(("zone", "shown"), [(SOFIA, "18:00"), ("Europe/Rome", "17:00"), ("UTC", "16:00")])
def test_a_page_shows_the_lock_in_the_organisations_zone(zone, shown):
    town = an_organisation(time_zone=zone)
    assessor = a_member(town, "assessor")
    assessment = an_assessment(
        town, assessor, state=State.ASSESSING, lock_at=datetime(2026, 12, 1, 16, tzinfo=UTC)
    )
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False):
        page = signed_in(assessor).get(f"/o/{town.slug}/a/{assessment.pk}/my/").content.decode()
    assert shown in page


@pytest.mark.django_db
def test_a_lock_typed_on_the_page_is_stored_as_the_right_moment():
    town = an_organisation(time_zone=SOFIA)
    assessment = an_assessment(town, a_member(town, "assessor"), state=State.PLANNING)
    with time_machine.travel(datetime(2026, 10, 1, 9, tzinfo=UTC), tick=False):
        client = signed_in(a_member(town, "coordinator"))
        answer = client.post(
            f"/o/{town.slug}/a/{assessment.pk}/open/", {"lock_date": "25.10.2026", "lock_time": "18:00"}
        )
    assert answer.status_code == 302
    assert Assessment.objects.get(pk=assessment.pk).lock_at == datetime(2026, 10, 25, 16, tzinfo=UTC)
