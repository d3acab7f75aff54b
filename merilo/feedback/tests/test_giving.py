"""From the application to the label, as coordinator and as evaluator from outside."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.feedback.actions import actors, deciding, judging, preparing
from merilo.feedback.actions.preparing import Preparation, Start
from merilo.feedback.models import Feedback, Mark
from merilo.feedback.queries import feedbacks, material
from merilo.feedback.queries.marks import Given, all_marks, joints
from merilo.feedback.reporting import reports
from merilo.organisations.api import Guest, Viewer
from merilo.organisations.models import Membership
from tests.feedbacks import a_feedback, all_marked, an_actor, decided, reported
from tests.people import a_member, a_person, an_assessment, an_organisation, as_viewer, signed_in, today
from tests.plans import a_plan

pytestmark = pytest.mark.django_db
NOW = timezone.now


class Scene:
    """A town with an approved self-assessment, its coordinator, and somebody from outside who leads."""

    def __init__(self, state: str = "applied", **more: object) -> None:
        self.town = an_organisation()
        self.coordinator = a_member(self.town, "coordinator", name="Радка Димова")
        self.assessment = an_assessment(self.town, self.coordinator, state="approved")
        self.plan = a_plan(self.town, state="running")
        self.feedback = a_feedback(self.assessment, self.plan, state=state, **more)
        self.guest = a_member(
            self.town, "guest", name="Петър Външев", valid_until=today() + timedelta(days=60)
        )
        self.actor = an_actor(self.feedback, self.guest)

    @property
    def manager(self) -> Viewer:
        return as_viewer(self.coordinator)

    @property
    def lead(self) -> Viewer:
        return as_viewer(self.guest)

    def fresh(self) -> Feedback:
        return Feedback.objects.select_related("organisation", "assessment", "plan").get(pk=self.feedback.pk)

    def url(self, name: str = "overview", **more: object) -> str:
        parts = {"org": self.town.slug, "feedback": self.feedback.pk, **more}
        return reverse(f"feedback:{name}", kwargs=parts)


def test_from_the_application_to_the_label(mailoutbox):
    scene = Scene(state="preparing")
    row, at = scene.feedback, NOW()
    preparing.hand_in(viewer=scene.manager, feedback=row, at=at)
    all_marked(row, scene.actor)
    judging.close_own(viewer=scene.lead, feedback=scene.fresh(), at=at)
    all_marked(row)
    texts = {"summary": "Добра работа."}
    judging.write_texts(viewer=scene.lead, feedback=scene.fresh(), texts=texts, version=1, at=at)
    judging.hand_over(viewer=scene.lead, feedback=scene.fresh(), language="bg", at=at)
    told = reports.report_of(scene.manager, scene.fresh(), on=today())
    assert told.names == ("Петър Външев",)
    assert told.content["proposed"] == "effective-user"
    assert "Петър" not in scene.fresh().report

    decision = deciding.Decision("effective-user", today(), "Над праговете.")
    deciding.decide(viewer=scene.lead, feedback=scene.fresh(), decision=decision, at=at)
    label = scene.fresh().label
    assert (label.valid_until.year - label.granted_on.year, label.shown) == (2, False)
    deciding.respond(viewer=scene.manager, feedback=scene.fresh(), text="Благодарим.", at=at)
    assert reports.drawn(told, "docx", at=at)[:2] == b"PK"
    assert reports.drawn(told, "pdf", at=at)[:4] == b"%PDF"


# --- before -----------------------------------------------------------------------------------
def test_one_begins_about_an_approved_self_assessment_of_ones_own():
    scene = Scene()
    foreign = Scene()
    made = preparing.start(
        viewer=scene.manager, start=Start("caf-effective-user", scene.assessment, scene.plan), at=NOW()
    )
    assert made.scheme["code"] == "caf-effective-user"
    for wrong in (
        Start("caf-effective-user", foreign.assessment, None),
        Start("caf-effective-user", scene.assessment, foreign.plan),
    ):
        with pytest.raises(Refused):
            preparing.start(viewer=scene.manager, start=wrong, at=NOW())
    with pytest.raises(MeriloError):
        preparing.start(viewer=scene.manager, start=Start("none", scene.assessment, None), at=NOW())


def test_an_application_needs_a_lead_and_something_released():
    scene = Scene(state="preparing", released=[])
    with pytest.raises(MeriloError):
        preparing.hand_in(viewer=scene.manager, feedback=scene.feedback, at=NOW())
    scene.actor.delete()
    with pytest.raises(MeriloError):
        preparing.hand_in(viewer=scene.manager, feedback=scene.feedback, at=NOW())
    assert scene.fresh().state == "preparing"


def test_nobody_overwrites_what_another_has_prepared():
    scene = Scene()
    change = Preparation(note="Моето", released=("report",))
    preparing.prepare(viewer=scene.manager, feedback=scene.feedback, preparation=change, version=1, at=NOW())
    with pytest.raises(Conflict):
        preparing.prepare(
            viewer=scene.manager, feedback=scene.feedback, preparation=change, version=1, at=NOW()
        )
    client = signed_in(scene.coordinator)
    answer = client.post(scene.url("prepare"), {"note": "Друго", "released": ["plan"], "version": "1"})
    assert answer.status_code == 409
    assert "Моето" in answer.text
    assert "Друго" in answer.text


# --- who reads what -----------------------------------------------------------------------------
def test_evaluators_read_only_what_is_released_and_only_in_time():
    scene = Scene(released=["report"])
    viewer, row = scene.lead, scene.fresh()
    assert material.plan(viewer, row, on=today()) is None
    assert material.evidence(viewer, row, on=today()) == []
    client = signed_in(scene.guest)
    assert client.get(scene.url("material")).status_code == 200
    assert client.get(scene.url("material_plan")).status_code == 404
    with pytest.raises(Refused):
        material.report(viewer, scene.fresh(), on=scene.actor.until + timedelta(days=1))
    actors.end(viewer=scene.manager, actor=scene.actor, at=NOW())
    assert client.get(scene.url("material")).status_code == 404
    assert client.get(scene.url()).status_code == 404


def test_evaluators_see_nothing_before_the_application_and_after_its_withdrawal():
    scene = Scene(state="preparing")
    client = signed_in(scene.guest)
    assert client.get(scene.url()).status_code == 404
    preparing.hand_in(viewer=scene.manager, feedback=scene.feedback, at=NOW())
    assert client.get(scene.url()).status_code == 200
    preparing.withdraw(viewer=scene.manager, feedback=scene.feedback, reason="Отлагаме.", at=NOW())
    assert client.get(scene.url()).status_code == 404


def test_a_guest_of_something_else_sees_no_feedback():
    scene = Scene()
    other = a_member(scene.town, "guest", valid_until=today() + timedelta(days=9))
    assert signed_in(other).get(scene.url()).status_code == 404
    assert signed_in(other).get(reverse("feedback:list", kwargs={"org": scene.town.slug})).status_code == 404


# --- evaluators -----------------------------------------------------------------------------------
def test_evaluators_are_guests_and_the_first_one_leads():
    scene = Scene()
    scene.actor.delete()
    until = today() + timedelta(days=30)
    first, link = actors.invite(
        viewer=scene.manager,
        feedback=scene.feedback,
        guest=Guest("Анна", "anna@ipa.example", "ИПА", until),
        is_lead=False,
        at=NOW(),
    )
    assert first.is_lead
    assert link is not None
    second, _link = actors.invite(
        viewer=scene.manager,
        feedback=scene.feedback,
        guest=Guest("Борис", "boris@ipa.example", "ИПА", until),
        is_lead=True,
        at=NOW(),
    )
    first.refresh_from_db()
    assert (first.is_lead, second.is_lead) == (False, True)
    access = actors.Access(until + timedelta(days=5), is_lead=True)
    actors.change(viewer=scene.manager, actor=first, access=access, at=NOW())
    assert Membership.objects.get(pk=first.membership_id).valid_until == access.until
    with pytest.raises(MeriloError):
        actors.change(viewer=scene.manager, actor=first, access=actors.Access(until, is_lead=False), at=NOW())


def test_a_colleague_cannot_be_an_external_evaluator():
    scene = Scene()
    guest = Guest("Аз", scene.coordinator.email, "Община", today() + timedelta(days=9))
    with pytest.raises(MeriloError):
        actors.invite(viewer=scene.manager, feedback=scene.feedback, guest=guest, is_lead=True, at=NOW())


def test_an_evaluator_may_be_invited_to_a_second_feedback_but_not_twice_to_one():
    scene = Scene()
    guest = Guest("П. Външев", scene.guest.email, "ИПА", today() + timedelta(days=9))
    with pytest.raises(MeriloError) as refused:
        actors.invite(viewer=scene.manager, feedback=scene.feedback, guest=guest, is_lead=True, at=NOW())
    assert refused.value.details == {"field": "email"}
    other = Feedback.objects.create(
        organisation=scene.town, assessment=scene.assessment, scheme=scene.feedback.scheme, created_at=NOW()
    )
    second, link = actors.invite(viewer=scene.manager, feedback=other, guest=guest, is_lead=True, at=NOW())
    scene.guest.refresh_from_db()
    assert (second.membership, second.until, link) == (scene.guest, guest.valid_until, None)
    assert scene.guest.valid_until == today() + timedelta(days=60)  # what was given before stays
    assert scene.guest.name == "Петър Външев"


def test_an_access_that_was_ended_can_be_given_again_after_the_guest_left():
    scene = Scene()
    actors.end(viewer=scene.manager, actor=scene.actor, at=NOW())
    actors.end(viewer=scene.manager, actor=scene.actor, at=NOW())
    Membership.objects.filter(pk=scene.guest.pk).update(valid_until=today() - timedelta(days=2))
    guest = Guest("Петър Външев", scene.guest.email, "ИПА", today() + timedelta(days=9))
    again, link = actors.invite(
        viewer=scene.manager, feedback=scene.feedback, guest=guest, is_lead=False, at=NOW()
    )
    assert (again.pk, again.ended_at, link) == (scene.actor.pk, None, None)


# --- points ---------------------------------------------------------------------------------------
def test_points_alone_are_seen_by_nobody_else_until_they_are_closed():
    scene = Scene()
    marks = {"1.1": Given(3, "Има заповед.")}
    judging.save_own(viewer=scene.lead, feedback=scene.fresh(), marks=marks, version=1, at=NOW())
    for viewer in (scene.manager, scene.lead):
        with pytest.raises(Refused):
            all_marks(viewer, scene.fresh(), on=today())
    judging.close_own(viewer=scene.lead, feedback=scene.fresh(), at=NOW())
    seen = all_marks(scene.lead, scene.fresh(), on=today())
    assert [(one.who, one.given.points) for one in seen["1.1"]] == [("Петър Външев", 3)]
    with pytest.raises(Refused):
        all_marks(scene.manager, scene.fresh(), on=today())
    with pytest.raises(Refused):
        judging.save_own(viewer=scene.lead, feedback=scene.fresh(), marks=marks, version=2, at=NOW())


def test_points_off_the_scale_and_of_another_window_are_refused():
    scene = Scene()
    for marks in ({"1.1": Given(6)}, {"9.9": Given(1)}, {"p1.1": Given(4)}):
        with pytest.raises(MeriloError):
            judging.save_own(viewer=scene.lead, feedback=scene.fresh(), marks=marks, version=1, at=NOW())
    marks = {"1.1": Given(None, "Ще питам.")}
    judging.save_own(viewer=scene.lead, feedback=scene.fresh(), marks=marks, version=1, at=NOW())
    with pytest.raises(Conflict):
        judging.save_own(viewer=scene.lead, feedback=scene.fresh(), marks=marks, version=1, at=NOW())
    assert Mark.objects.get().remark == "Ще питам."


def test_who_does_not_lead_neither_closes_nor_agrees():
    scene = Scene()
    second = a_member(scene.town, "guest", valid_until=today() + timedelta(days=60))
    an_actor(scene.feedback, second, is_lead=False)
    with pytest.raises(Refused):
        judging.close_own(viewer=as_viewer(second), feedback=scene.fresh(), at=NOW())
    judging.close_own(viewer=scene.lead, feedback=scene.fresh(), at=NOW())
    marks = {"1.1": Given(4)}
    with pytest.raises(Refused):
        judging.save_joint(viewer=as_viewer(second), feedback=scene.fresh(), marks=marks, version=1, at=NOW())
    judging.save_joint(viewer=scene.lead, feedback=scene.fresh(), marks=marks, version=1, at=NOW())
    assert joints(scene.fresh())["1.1"] == Given(4)
    assert signed_in(second).get(scene.url("joint_item", step="1")).status_code == 200


def test_points_are_given_on_a_page_and_what_is_known_stands_beside_them():
    scene = Scene()
    client = signed_in(scene.guest)
    page = client.get(scene.url("sheet", step="1"))
    assert "Order for the self-assessment" in page.text or "Заповед" in page.text
    data = {f"points-{n}": "4" for n in range(3)} | {"remark-0": "Видяхме я.", "version": "1"}
    answer = client.post(scene.url("sheet", step="1"), data)
    assert answer.headers["Location"] == scene.url("sheet", step="2")
    assert list(Mark.objects.order_by("code").values_list("code", "points")) == [
        ("1.1", 4),
        ("1.2", 4),
        ("1.3", 4),
    ]
    again = client.post(scene.url("sheet", step="1"), data)
    assert again.status_code == 409


def test_a_report_needs_all_points_and_a_summary():
    scene = Scene(state="agreeing")
    with pytest.raises(MeriloError, match="36"):
        judging.hand_over(viewer=scene.lead, feedback=scene.fresh(), language="bg", at=NOW())
    all_marked(scene.feedback)
    with pytest.raises(MeriloError):
        judging.hand_over(viewer=scene.lead, feedback=scene.fresh(), language="bg", at=NOW())
    assert scene.fresh().report == ""


# --- after ----------------------------------------------------------------------------------------
def handed_over() -> Scene:
    scene = Scene(state="agreeing")
    all_marked(scene.feedback)
    reported(scene.feedback)
    return scene


def test_the_coordinator_records_a_decision_with_the_number_of_its_letter():
    scene = handed_over()
    decision = deciding.Decision("", today(), "Под прага.")
    with pytest.raises(MeriloError):
        deciding.decide(viewer=scene.manager, feedback=scene.fresh(), decision=decision, at=NOW())
    numbered = deciding.Decision("", today(), "Под прага.", number="ИПА-12")
    deciding.decide(viewer=scene.manager, feedback=scene.fresh(), decision=numbered, at=NOW())
    row = Feedback.objects.get(pk=scene.feedback.pk)
    assert row.decision is not None
    assert (row.award, row.decision.number, hasattr(row, "label")) == ("", "ИПА-12", False)
    with pytest.raises(Refused):
        deciding.decide(viewer=scene.manager, feedback=row, decision=numbered, at=NOW())


@pytest.mark.parametrize(
    ("award", "days", "field"), [("gold", 0, "award"), ("effective-user", 1, "on"), ("", -1, "on")]
)
def test_a_decision_that_cannot_be(award: str, days: int, field: str):
    scene = handed_over()
    decision = deciding.Decision(award, today() + timedelta(days=days), "Така.")
    with pytest.raises(MeriloError) as refused:
        deciding.decide(viewer=scene.lead, feedback=scene.fresh(), decision=decision, at=NOW())
    assert refused.value.details["field"] == field


def test_a_changed_report_is_not_shown():
    scene = handed_over()
    Feedback.objects.update(report="{}")
    with pytest.raises(Conflict):
        reports.report_of(scene.manager, scene.fresh(), on=today())


def test_a_label_is_public_once_chosen_and_until_it_ends():
    scene = handed_over()
    label = decided(scene.feedback)
    path = reverse("labels:organisation", kwargs={"slug": scene.town.slug})
    assert signed_in(a_person()).get(path).status_code == 404
    facts = deciding.LabelFacts("ECU-7", label.granted_on, label.valid_until, label.remind_on, shown=True)
    deciding.keep_label(viewer=scene.manager, feedback=scene.fresh(), facts=facts, version=1, at=NOW())
    assert "ECU-7" in signed_in(a_person()).get(path).text
    assert scene.town.name in signed_in(a_person()).get(reverse("labels:index")).text
    assert not feedbacks.published_labels(on=label.valid_until + timedelta(days=1)).exists()
    with pytest.raises(Conflict):
        deciding.keep_label(viewer=scene.manager, feedback=scene.fresh(), facts=facts, version=1, at=NOW())


@pytest.mark.parametrize(("until", "remind"), [(-1, 0), (10, 20)])
def test_days_of_a_label_are_in_their_order(until: int, remind: int):
    scene = handed_over()
    label = decided(scene.feedback)
    ends, told = (label.granted_on + timedelta(days=days) for days in (until, remind))
    facts = deciding.LabelFacts("1", label.granted_on, ends, told, shown=False)
    with pytest.raises(MeriloError):
        deciding.keep_label(viewer=scene.manager, feedback=scene.fresh(), facts=facts, version=1, at=NOW())
