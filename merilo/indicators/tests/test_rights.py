"""Who changes indicators."""

from __future__ import annotations

from merilo.indicators.models import Indicator
from merilo.indicators.permissions import may_edit
from merilo.organisations.api import Organisation
from tests.rights import LEADERS, by_role


def test_who_coordinates_changes_indicators():
    assert by_role(may_edit, Indicator(organisation=Organisation())) == LEADERS
