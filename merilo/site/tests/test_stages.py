"""The example can be built at each stage, for tests and measurements."""

from __future__ import annotations

import pytest

from merilo.assessment.models import Assessment, State
from merilo.organisations.models import Organisation
from merilo.site.demo import build


@pytest.mark.django_db
@pytest.mark.sqlite
@pytest.mark.parametrize("stage", [State.PLANNING, State.REPORTING, State.PUBLISHED])
def test_each_stage_can_be_built(stage):
    built = build.build(stage, with_past=False, with_other=False)
    assert Assessment.objects.get(pk=built.running.pk).state == stage
    assert Organisation.objects.count() == 1
