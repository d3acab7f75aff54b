"""What a stranger may do with another organisation's self-assessment: nothing."""

from __future__ import annotations

import pytest
from django.utils import timezone

from merilo.assessment import permissions
from tests.people import a_member, an_assessment, an_organisation, as_viewer

pytestmark = pytest.mark.django_db


def test_a_stranger_with_every_role_may_do_nothing():
    stranger = as_viewer(a_member(an_organisation(), "coordinator", "sponsor", "assessor", "editor"))
    made = an_assessment(an_organisation(), state="agreeing")
    today = timezone.localdate()
    answers = [
        permissions.may_plan(stranger, made),
        permissions.may_follow(stranger, made),
        permissions.may_see_scores(stranger, made, on=today),
        permissions.may_moderate(stranger, made),
        permissions.may_use_shelf(stranger, made),
        permissions.may_see_shelf(stranger, made, on=today),
        permissions.may_edit_report(stranger, made),
        permissions.may_read_report(stranger, made),
        permissions.may_approve(stranger, made),
        permissions.may_record_approval(stranger, made),
        permissions.may_publish(stranger, made),
    ]
    assert answers == [False] * 11
