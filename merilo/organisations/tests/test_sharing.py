"""A town shares the state of its cycle with a resource centre: who sees what, and from when to when."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from merilo.assessment.models import ReportRevision, RevisionFile, StepPlan
from merilo.core.errors import MeriloError, Refused
from merilo.core.files import keep
from merilo.core.models import AuditEntry
from merilo.organisations import permissions, queries
from merilo.organisations.actions import sharing as actions
from merilo.organisations.models import Notification, Organisation, Sharing
from tests.people import NOON, a_member, an_assessment, an_organisation, as_viewer, signed_in

pytestmark = pytest.mark.django_db
SECRET = "тайнопис"


@pytest.fixture
def town():
    organisation = an_organisation("town", name="Община Долна", register_number="000123456")
    coordinator = a_member(organisation, "coordinator", name="Мария Колева")
    an_assessment(organisation, coordinator, title=SECRET, scope=SECRET, report_due=NOON.date())
    StepPlan.objects.filter(number__lt=4).update(done_at=NOON, owner=coordinator)
    return coordinator


@pytest.fixture
def centre():
    return a_member(an_organisation("centre", name="Ресурсен център", kind="centre"), "coordinator")


def share(town, centre, *, with_reports=False):
    return actions.share(
        viewer=as_viewer(town),
        centre=centre.organisation.pk,
        with_reports=with_reports,
        at=timezone.now(),
    )


def ask(centre, number="000123456"):
    actions.ask(viewer=as_viewer(centre), register_number=number, at=NOON)


def go(member, name, **kwargs):
    return reverse(f"organisations:{name}", kwargs={"org": member.organisation.slug, **kwargs})


def page_of(member, name, **kwargs):
    answer = signed_in(member).get(go(member, name, **kwargs), headers={"Accept-Language": "en"})
    return answer.content.decode() if answer.status_code == 200 else str(answer.status_code)


def a_report(town, **fields):
    """A report whose revision has a document."""
    report = town.organisation.assessments.get().report
    values = {"number": 1, "language": "bg", "content": SECRET, "checksum": "0" * 64, "made_at": NOON}
    revision = ReportRevision.objects.create(report=report, **(values | fields))
    stored = keep(
        b"%PDF-1.7", name="r.pdf", content_type="application/pdf", organisation=town.organisation_id, by=""
    )
    RevisionFile.objects.create(revision=revision, format="pdf", file=stored)
    return revision


# --- consent ------------------------------------------------------------------------------------------
def test_without_consent_a_centre_sees_nothing(town, centre):
    assert "Долна" not in page_of(centre, "towns")


def test_a_town_shares_and_the_centre_sees_the_ten_steps(town, centre):
    client = signed_in(town)
    client.post(go(town, "shared"), {"centre": str(centre.organisation.pk)})
    page = page_of(centre, "towns")
    assert "Община Долна" in page
    assert page.count("23.11.2026") >= 3
    assert "2024–2025" in page


def test_consent_that_is_withdrawn_ends_at_once(town, centre):
    sharing = share(town, centre, with_reports=True)
    revision = a_report(town, state="approved", decided_at=NOON)
    assert "Долна" in page_of(centre, "towns")
    signed_in(town).post(go(town, "shared"), {"what": "end", "sharing": str(sharing.pk)})
    assert "Долна" not in page_of(centre, "towns")
    assert "Долна" not in page_of(centre, "towns_export", kind="csv")
    assert page_of(centre, "town_report", pk=revision.pk) == "404"
    share(town, centre)
    assert "Долна" in page_of(centre, "towns")
    assert Sharing.objects.count() == 2


def test_a_centre_asks_and_sees_nothing_until_the_town_agrees(town, centre):
    client = signed_in(centre)
    for number in ("000123456", "999999999"):
        answer = client.post(go(centre, "towns"), {"register_number": number}, follow=True)
        assert "Долна" not in answer.content.decode()
    assert "Долна" not in page_of(centre, "towns")
    assert "Ресурсен център asks" in page_of(town, "shared")
    work = signed_in(town).get("/o/town/").content.decode()
    assert go(town, "shared") in work
    share(town, centre)
    assert "Долна" in page_of(centre, "towns")
    assert Sharing.objects.count() == 1


def test_the_coordinators_of_the_other_side_are_told_once_and_nobody_else(town, centre, settings, mailoutbox):
    settings.MAIL_SERVER = "smtp://127.0.0.1:1"
    organisation = town.organisation
    deputy = a_member(organisation, "deputy")
    a_member(organisation, "assessor")
    a_member(organisation, "coordinator", left_at=NOON)
    ask(centre)
    ask(centre)
    share(town, centre)
    rows = Notification.objects.order_by("made_at").values_list("person", "kind", "path")
    wishes = {(member.person_id, "sharing.asked", go(town, "shared")) for member in (town, deputy)}
    assert len(rows) == 3
    assert set(rows) == wishes | {(centre.person_id, "sharing.agreed", go(centre, "towns"))}
    assert sum(go(town, "shared") in letter.body for letter in mailoutbox) == 2
    assert "Ресурсен център" in page_of(town, "notifications")
    assert "Община Долна" in page_of(centre, "notifications")


def test_a_centre_has_its_towns_in_the_menu_and_a_town_has_none(town, centre):
    work = "/o/{}/"
    assert go(centre, "towns") in signed_in(centre).get(work.format("centre")).content.decode()
    assert "/towns/" not in signed_in(town).get(work.format("town")).content.decode()


def test_a_town_without_a_cycle_is_said_to_have_none(centre):
    other = a_member(an_organisation("other", name="Община Горна"), "coordinator")
    share(other, centre)
    for member, name in ((other, "shared"), (centre, "towns")):
        assert "No self-assessment yet" in page_of(member, name)


def test_a_wish_can_be_declined_and_asked_again(town, centre):
    ask(centre)
    ask(centre)
    (sharing,) = queries.sharings(as_viewer(town))
    actions.end(viewer=as_viewer(town), sharing=sharing.pk, at=NOON)
    assert not queries.sharings(as_viewer(town)).exists()
    ask(centre)
    assert queries.sharings(as_viewer(town)).count() == 1


def test_a_centre_may_stop_seeing_a_town(town, centre):
    sharing = share(town, centre)
    signed_in(centre).post(go(centre, "towns"), {"what": "end", "sharing": str(sharing.pk)})
    assert not queries.sharings(as_viewer(town)).exists()


# --- what is seen -------------------------------------------------------------------------------------
def test_the_town_sees_exactly_what_the_centre_sees(town, centre):
    share(town, centre)
    cells = []
    for member, name in ((town, "shared"), (centre, "towns")):
        (row,) = signed_in(member).get(go(member, name)).context["rows"]
        cells.append((row.town.name, row.state, row.reports))
    assert cells[0] == cells[1]


@pytest.mark.parametrize("state", ["draft", "submitted", "returned"])
def test_a_centre_never_sees_what_is_not_approved(town, centre, state):
    share(town, centre, with_reports=True)
    revision = a_report(town, state=state)
    for kind in ("csv", "json"):
        assert SECRET not in page_of(centre, "towns_export", kind=kind)
    page = page_of(centre, "towns")
    assert SECRET not in page
    assert "Мария Колева" not in page
    assert str(revision.pk) not in page
    assert page_of(centre, "town_report", pk=revision.pk) == "404"


def test_an_approved_report_is_opened_only_where_reports_are_shared(town, centre):
    revision = a_report(town, state="approved", decided_at=NOON)
    sharing = share(town, centre)
    assert page_of(centre, "town_report", pk=revision.pk) == "404"
    actions.end(viewer=as_viewer(town), sharing=sharing.pk, at=NOON)
    share(town, centre, with_reports=True)
    assert str(revision.pk) in page_of(centre, "towns")
    answer: Any = signed_in(centre).get(go(centre, "town_report", pk=revision.pk))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7"
    told = AuditEntry.objects.filter(verb="sharing.report_read").values_list("chain", flat=True)
    assert set(told) == {str(town.organisation_id), str(centre.organisation_id)}


def test_a_published_report_is_linked_and_stands_in_the_table_to_take_away(town, centre):
    revision = a_report(town, state="approved", decided_at=NOON, published_at=NOON)
    revision.report.public_slug = "dolna-2025"
    revision.report.save()
    share(town, centre)
    assert "/reports/dolna-2025/" in page_of(centre, "towns")
    answer = signed_in(centre).get(go(centre, "towns_export", kind="csv"), headers={"Accept-Language": "en"})
    head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (head[0], head[2]) == ("Town", "1. Decide and plan")
    assert (row[0], row[1], row[2]) == ("Община Долна", "2024–2025", "done, 23.11.2026")
    assert row[-1].endswith("/reports/dolna-2025/")
    assert AuditEntry.objects.filter(chain=str(centre.organisation_id), verb="towns.exported").exists()


def test_a_town_without_a_cycle_or_by_another_model_has_empty_cells(town, centre):
    Organisation.objects.filter(pk=town.organisation_id).update(name="Община Нова")
    town.organisation.assessments.all().delete()
    share(town, centre)
    (row,) = signed_in(centre).get(go(centre, "towns")).context["rows"]
    assert row.steps == [None] * 10


def test_a_closed_town_is_not_seen(town, centre):
    share(town, centre)
    Organisation.objects.filter(pk=town.organisation_id).update(closed_at=NOON)
    assert "Долна" not in page_of(centre, "towns")


# --- rights -------------------------------------------------------------------------------------------
def test_who_may_what(town, centre):
    reader, assessor = (
        a_member(centre.organisation, "viewer"),
        a_member(town.organisation, "assessor"),
    )
    assert permissions.may_share(as_viewer(town))
    assert not permissions.may_share(as_viewer(assessor))
    assert permissions.may_see_towns(as_viewer(reader))
    assert not permissions.may_see_towns(as_viewer(town))
    assert permissions.may_ask_towns(as_viewer(centre))
    assert not permissions.may_ask_towns(as_viewer(reader))
    assert page_of(assessor, "shared") == "403"
    assert page_of(town, "towns") == "404"


def test_no_action_trusts_the_page(town, centre):
    sharing = share(town, centre)
    assessor, reader = a_member(town.organisation, "assessor"), a_member(centre.organisation, "viewer")
    for member in (assessor, reader):
        with pytest.raises(Refused):
            actions.end(viewer=as_viewer(member), sharing=sharing.pk, at=NOON)
    with pytest.raises(Refused):
        share(assessor, centre)
    with pytest.raises(Refused):
        ask(town)
    stranger = a_member(an_organisation(kind="centre"), "coordinator")
    with pytest.raises(MeriloError):
        actions.end(viewer=as_viewer(stranger), sharing=sharing.pk, at=NOON)
    assert "Долна" not in page_of(stranger, "towns")
    with pytest.raises(MeriloError):
        share(town, a_member(an_organisation()))


def test_an_organisation_that_is_no_centre_any_more_sees_nothing(town, centre):
    share(town, centre)
    Organisation.objects.filter(pk=centre.organisation_id).update(kind="ngo")
    assert page_of(centre, "towns") == "404"


def test_both_records_tell_in_words_who_shared(town, centre):
    sharing = share(town, centre, with_reports=True)
    actions.end(viewer=as_viewer(town), sharing=sharing.pk, at=NOON)
    assert "Мария Колева" in page_of(town, "audit")
    there = page_of(centre, "audit")
    assert "Община Долна" in there
    assert "let a resource centre see the state of the cycle" in there
    assert "Мария Колева" not in there
    page = page_of(centre, "towns")
    assert "Долна" not in page


def test_the_page_of_a_centre_asks_no_more_of_many_towns(centre):
    client, counted = signed_in(centre), []
    for _ in range(3):
        town = a_member(an_organisation(), "coordinator")
        an_assessment(town.organisation, town)
        a_report(town, state="approved", decided_at=NOON)
        share(town, centre, with_reports=True)
        with CaptureQueriesContext(connection) as queries_:
            assert client.get(go(centre, "towns")).status_code == 200
        counted.append(len(queries_))
    assert counted[1] == counted[2] <= 16
