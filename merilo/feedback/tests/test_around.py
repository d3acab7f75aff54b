"""What stands around the work of evaluators: readiness, “My work”, reminders, retention, pages."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from merilo.assessment.models import Evidence, EvidenceUse, ReportRevision
from merilo.feedback import dates, steps, telling, work
from merilo.feedback.actions.reminding import remind_of_labels
from merilo.feedback.actions.reminding import work as one_round
from merilo.feedback.actions.retention import forget_marks
from merilo.feedback.handing import KIND
from merilo.feedback.models import Feedback, Joint, Mark
from merilo.feedback.queries import facts, feedbacks
from merilo.improvement.models import Measure
from merilo.organisations.api import Handing
from merilo.organisations.models import CommunicationItem, Membership, Notification
from tests.feedbacks import a_feedback, all_marked, an_actor, decided, reported
from tests.people import a_member, an_assessment, an_organisation, as_viewer, signed_in
from tests.plans import a_measure, a_plan, an_approved

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def coordinator() -> Membership:
    return a_member(an_organisation(), "coordinator")


@pytest.fixture
def feedback(coordinator: Membership) -> Feedback:
    assessment = an_assessment(coordinator.organisation, coordinator, state="approved")
    return a_feedback(assessment, a_plan(coordinator.organisation, state="running"))


def a_guest(feedback: Feedback) -> Membership:
    until = TODAY() + timedelta(days=60)
    guest = a_member(feedback.organisation, "guest", valid_until=until)
    an_actor(feedback, guest)
    return guest


def an_approval(feedback: Feedback, on: date) -> None:
    """The report of the self-assessment is approved on a day."""
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    ReportRevision.objects.create(
        report=feedback.assessment.report,
        number=1,
        language="bg",
        content="{}",
        checksum="",
        state="approved",
        made_at=at,
        decided_at=at,
    )


def url(feedback: Feedback, name: str = "overview", **more: object) -> str:
    return reverse(
        f"feedback:{name}", kwargs={"org": feedback.organisation.slug, "feedback": feedback.pk, **more}
    )


# --- what is known ---------------------------------------------------------------------------
def test_readiness_counts_what_the_platform_holds(coordinator, feedback):
    evidence = Evidence.objects.create(
        assessment=feedback.assessment, kind="note", title="Протокол", added_at=timezone.now()
    )
    EvidenceUse.objects.create(evidence=evidence, code="1.1")
    CommunicationItem.objects.create(
        plan=feedback.assessment.communication,
        message="Начало",
        medium="Имейл",
        audience="Всички",
        date=TODAY(),
        done_at=TODAY(),
    )
    measures = [a_measure(feedback.plan, state=state) for state in ("under_way", "not_started", "dropped")]
    measures[0].check_ins.create(by=coordinator, at=timezone.now(), state="under_way", percent=10)
    an_approval(feedback, date(2026, 3, 31))
    known = facts.facts_of(as_viewer(coordinator), feedback)
    told = {code: (fact.done, fact.of) for code, fact in known.items()}
    assert told["evidence"] == (1, 28)
    assert told["told"] == (1, 1)
    assert told["alone"] == (0, 1)
    assert told["started"] == (1, 2)
    assert told["followed"] == (1, 2)
    assert (told["order"], told["sent"], told["plan"]) == ((0, 1), (0, 1), (0, 1))
    assert known["report"].on == date(2026, 3, 31)
    window = feedbacks.window(feedback)
    assert window is not None
    assert (window.first, window.last) == (date(2026, 9, 30), date(2027, 3, 31))


def test_the_page_of_readiness_leads_to_what_is_missing(coordinator, feedback):
    client = signed_in(coordinator)
    page = client.get(url(feedback, "ready")).text
    assert (
        reverse("improvement:measures", kwargs={"org": feedback.organisation.slug, "plan": feedback.plan.pk})
        in page
    )
    reader = signed_in(a_member(feedback.organisation, "viewer"))
    assert "/plans/" not in reader.get(url(feedback, "ready")).text.split("<main")[1]


def test_without_a_plan_its_facts_are_missing_and_lead_nowhere(coordinator, feedback):
    Feedback.objects.update(plan=None)
    feedback.refresh_from_db()
    assert "started" not in facts.facts_of(as_viewer(coordinator), feedback)
    assert signed_in(coordinator).get(url(feedback, "ready")).status_code == 200


# --- my work ---------------------------------------------------------------------------------
def titles(member: Membership) -> int:
    viewer = as_viewer(member)
    return len([*work.window_work(viewer), *work.feedback_work(viewer)])


@pytest.mark.parametrize(("months", "count"), [(2, 0), (5, 1), (8, 1), (13, 0)])
def test_the_window_is_told_to_the_coordinator_before_it_opens_and_while_it_is_open(
    coordinator, feedback, months: int, count: int
):
    an_approval(feedback, date(2026, 1, 15))
    Feedback.objects.all().delete()
    with time_machine.travel(datetime(2026 + months // 12, months % 12 + 1, 20, 12, tzinfo=UTC)):
        assert titles(coordinator) == count
    assert titles(a_member(feedback.organisation, "viewer")) == 0


@pytest.mark.parametrize(
    ("applied", "says"),
    [
        (None, "изтекъл"),
        (date(2025, 10, 2), "заявлението е подадено в срок, на 02.10.2025"),
        (date(2026, 3, 2), "заявлението е подадено извън този период, на 02.03.2026"),
    ],
)
def test_where_an_application_lay_is_told_once_it_is_handed_in(coordinator, feedback, applied, says):
    an_approval(feedback, date(2024, 12, 1))
    Feedback.objects.update(applied_on=applied)
    page = signed_in(coordinator).get(f"/o/{coordinator.organisation.slug}/feedback/{feedback.pk}/ready/")
    assert says in page.content.decode().replace("\u00a0", " ")


def test_days_stand_in_the_calendars_of_those_whom_they_concern(coordinator, feedback):
    guest, visit = a_guest(feedback), TODAY() + timedelta(days=30)
    Feedback.objects.update(state="applied", visit_on=visit)
    for member in (coordinator, guest):
        [day] = dates.own_days(as_viewer(member), TODAY())
        assert (day.first, day.key) == (visit, f"feedback-visit/{feedback.pk}")
    label = decided(Feedback.objects.get())
    ends = {day.key: day.first for day in dates.own_days(as_viewer(coordinator), TODAY())}
    assert ends[f"label-ends/{feedback.pk}"] == label.valid_until
    assert not list(dates.own_days(as_viewer(a_member(an_organisation(), "coordinator")), TODAY()))


def test_the_window_stands_in_the_calendar_of_the_coordinator(coordinator, feedback):
    an_approval(feedback, date(2026, 1, 15))
    Feedback.objects.all().delete()
    [day] = dates.own_days(as_viewer(coordinator), date(2026, 8, 1))
    assert (day.first, day.last) == (date(2026, 7, 15), date(2027, 1, 15))


def test_what_waits_is_told_to_whom_it_waits_for(coordinator, feedback):
    guest = a_guest(feedback)
    waiting = {}
    for state in ("preparing", "applied", "agreeing", "reported", "withdrawn"):
        Feedback.objects.update(state=state)
        waiting[state] = (titles(coordinator), titles(guest))
    assert waiting == {
        "preparing": (1, 0),
        "applied": (0, 1),
        "agreeing": (0, 1),
        "reported": (1, 1),
        "withdrawn": (0, 0),
    }
    assert titles(a_member(feedback.organisation, "guest", valid_until=TODAY())) == 0


def test_a_label_that_ends_is_told_and_mailed_once(coordinator, feedback):
    label = decided(feedback, remind_on=TODAY() + timedelta(days=3))
    one_round()
    assert (titles(coordinator), Notification.objects.count()) == (0, 0)
    later = timezone.now() + timedelta(days=4)
    assert [remind_of_labels(at=later), remind_of_labels(at=later)] == [1, 0]
    assert Notification.objects.get().kind == "label.ends"
    with time_machine.travel(later):
        assert titles(coordinator) == 1
    label.refresh_from_db()
    assert label.reminded_at == later


# --- retention -------------------------------------------------------------------------------
def test_points_given_alone_go_after_the_decision_and_what_was_agreed_stays(feedback):
    guest = a_guest(feedback)
    all_marked(feedback, feedback.actors.get(membership=guest))
    all_marked(feedback)
    reported(feedback)
    decided(feedback)
    assert forget_marks(over_before=TODAY(), at=timezone.now()) == 0
    assert forget_marks(over_before=TODAY() + timedelta(days=1), at=timezone.now()) == 36
    assert (Mark.objects.count(), Joint.objects.count()) == (0, 36)


# --- tasks and pages --------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["preparing", "applied", "agreeing", "reported", "decided", "withdrawn"])
def test_the_overview_says_what_is_next_to_everybody_who_may_read(coordinator, feedback, state: str):
    guest = a_guest(feedback)
    all_marked(feedback)
    if state in {"reported", "decided"}:
        reported(feedback)
    if state == "decided":
        decided(feedback)
    Feedback.objects.update(state=state)
    counts = {}
    for who, member in (("coordinator", coordinator), ("guest", guest)):
        answer = signed_in(member).get(url(feedback))
        row = Feedback.objects.get(pk=feedback.pk)
        found = steps.tasks_of(as_viewer(member), row, on=TODAY()) if answer.status_code == 200 else []
        counts[who] = len(found)
        for task in found:
            assert not task.url or signed_in(member).get(task.url).status_code == 200, task.url
    assert (
        counts
        == {
            "preparing": {"coordinator": 4, "guest": 0},
            "applied": {"coordinator": 0, "guest": 3},
            "agreeing": {"coordinator": 0, "guest": 4},
            "reported": {"coordinator": 3, "guest": 1},
            "decided": {"coordinator": 3, "guest": 0},
            "withdrawn": {"coordinator": 0, "guest": 0},
        }[state]
    )


def test_an_evaluator_is_invited_on_the_page_and_the_link_is_shown_once(coordinator, feedback, settings):
    client = signed_in(coordinator)
    data = {
        "name": "Анна Външева",
        "email": "anna@ipa.example",
        "position": "ИПА",
        "valid_until": (TODAY() + timedelta(days=30)).strftime("%d.%m.%Y"),
    }
    answer = client.post(url(feedback, "actors"), data)
    assert answer.status_code == 200
    assert "anna@ipa.example" in answer.text
    actor = feedback.actors.get()
    assert actor.is_lead
    late = data | {"valid_until": "01.01.2020", "email": "b@ipa.example"}
    assert client.post(url(feedback, "actors"), late).status_code == 422
    until = (TODAY() + timedelta(days=90)).strftime("%d.%m.%Y")
    page = url(feedback, "actor", actor=actor.pk)
    assert client.post(page, {"until": until, "is_lead": "on"}).status_code == 302
    assert client.post(url(feedback, "actor_end", actor=actor.pk)).status_code == 302
    assert client.get(page).status_code == 403
    assert (
        signed_in(a_member(feedback.organisation, "viewer")).post(url(feedback, "actors"), data).status_code
        == 403
    )


def test_a_feedback_begins_on_a_page_and_is_withdrawn_with_a_reason(coordinator, feedback):
    client = signed_in(coordinator)
    slug = feedback.organisation.slug
    data = {"scheme": "caf-effective-user", "assessment": str(feedback.assessment.pk), "plan": ""}
    answer = client.post(reverse("feedback:new", kwargs={"org": slug}), data)
    made = Feedback.objects.exclude(pk=feedback.pk).get()
    assert answer.headers["Location"] == url(made)
    assert client.post(url(made, "withdraw"), {"reason": ""}).status_code == 422
    assert client.post(url(made, "withdraw"), {"reason": "Отлагаме."}).status_code == 302
    assert "Отлагаме." in client.get(url(made)).text


def test_the_report_the_decision_the_response_and_the_label_on_their_pages(coordinator, feedback):
    all_marked(feedback)
    reported(feedback)
    client = signed_in(coordinator)
    assert "Добра работа." in client.get(url(feedback, "report")).text
    assert client.get(url(feedback, "report_file", format_="xlsx")).status_code == 404
    assert client.get(url(feedback, "decide")).status_code == 200
    today = TODAY().strftime("%d.%m.%Y")
    decision = {"award": "effective-user", "on": today, "reasons": "Над прага.", "number": ""}
    assert client.post(url(feedback, "decide"), decision).status_code == 422
    assert client.post(url(feedback, "decide"), decision | {"number": "ИПА-3"}).status_code == 302
    assert client.post(url(feedback, "respond"), {"text": "Благодарим."}).status_code == 302
    told = client.get(url(feedback, "report")).text
    assert "Над прага." in told
    assert "Благодарим." in told
    until = (TODAY() + timedelta(days=700)).strftime("%d.%m.%Y")
    facts_ = {
        "number": "ECU-9",
        "granted_on": today,
        "valid_until": until,
        "remind_on": until,
        "version": "1",
    }
    assert client.post(url(feedback, "label"), facts_ | {"shown": "on"}).status_code == 302
    assert client.post(url(feedback, "label"), facts_).status_code == 409


def test_an_evaluator_goes_all_the_way_on_pages(feedback):
    guest = a_guest(feedback)
    Feedback.objects.update(state="applied")
    client = signed_in(guest)
    all_marked(feedback, feedback.actors.get(membership=guest))
    Mark.objects.filter(code="1.1").update(points=2, remark="Видях я.")
    second = an_actor(feedback, a_member(feedback.organisation, "guest"), is_lead=False)
    Mark.objects.create(actor=second, code="1.1", points=5)
    question = client.get(url(feedback, "close_own")).text
    assert re.findall(r"<li>(.*?: \d+ въпроса? без точки)</li>", question) == [
        f"{second.membership.on_record}: 35 въпроса без точки"
    ]
    assert client.post(url(feedback, "close_own")).status_code == 302
    told = client.get(url(feedback, "joint_item", step="1")).text
    assert "Видях я." in told
    assert client.get(url(feedback, "joint_item", step="99")).status_code == 404
    data = {f"points-{n}": "4" for n in range(3)} | {"version": "1"}
    assert client.post(url(feedback, "joint_item", step="1"), data).status_code == 302
    assert client.post(url(feedback, "joint_item", step="1"), data).status_code == 409
    assert client.get(url(feedback, "joint")).status_code == 200
    Joint.objects.all().delete()
    all_marked(feedback)
    Feedback.objects.update(texts={"summary": "Добра работа."})
    assert client.post(url(feedback, "hand_over")).headers["Location"] == url(feedback, "report")
    assert client.get(url(feedback, "report_file", format_="docx")).status_code == 200


def test_evaluators_read_report_plan_and_evidence_as_they_were_approved(coordinator, feedback):
    guest = a_guest(feedback)
    Feedback.objects.update(state="applied")
    sponsor = a_member(feedback.organisation, "sponsor")
    a_measure(feedback.plan, "Ежегодна анкета")
    an_approved(feedback.plan, coordinator, sponsor)
    shown, kept = (
        Evidence.objects.create(
            assessment=feedback.assessment,
            kind="note",
            title=title,
            only_coordinator=only,
            added_at=timezone.now(),
        )
        for title, only in (("Протокол", False), ("Жалба", True))
    )
    figures = {
        "values": {"2025": "12.5", "2024": "11"},
        "measure": "дни",
        "target": "10",
        "source": "Деловодство",
    }
    Evidence.objects.filter(pk=shown.pk).update(kind="indicator", details=figures)
    client = signed_in(guest)
    page = client.get(url(feedback, "material")).text
    assert (shown.title in page, kept.title in page) == (True, False)
    told = dict(re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>", page.replace("\xa0", " ")))
    assert told == {
        "Стойности": "2024: 11 дни; 2025: 12,5 дни",
        "Целева стойност": "10 дни",
        "Източник": "Деловодство",
    }
    assert "Ежегодна анкета" in client.get(url(feedback, "material_plan")).text
    Feedback.objects.update(report="{}", reported_at=timezone.now(), checksum="")
    Measure.objects.update(text="Анкета два пъти годишно")
    an_approved(feedback.plan, coordinator, sponsor)
    assert "два пъти" not in client.get(url(feedback, "material_plan")).text
    assert client.get(url(feedback, "material_report")).status_code == 404  # not approved here
    assert client.get(url(feedback, "material_file", evidence=shown.pk)).status_code == 404  # has no file
    assert client.get(url(feedback, "material_file", evidence=kept.pk)).status_code == 404
    reader = signed_in(a_member(feedback.organisation, "viewer"))
    assert reader.get(url(feedback, "material")).status_code == 403
    Feedback.objects.update(released=[])
    assert client.get(url(feedback, "material_plan")).status_code == 404


def test_the_list_is_the_evaluators_own_and_tells_the_coordinator_when_one_may_apply(coordinator, feedback):
    guest = a_guest(feedback)
    path = reverse("feedback:list", kwargs={"org": feedback.organisation.slug})
    Feedback.objects.update(state="applied")
    assert feedback.assessment.title in signed_in(guest).get(path).text
    an_approval(feedback, TODAY() - timedelta(days=240))
    Feedback.objects.all().delete()
    told = signed_in(coordinator).get(path).text
    assert feedback.assessment.title in told


def test_an_application_is_handed_in_on_a_page_that_names_what_is_missing(coordinator, feedback):
    a_guest(feedback)
    client = signed_in(coordinator)
    an_approval(feedback, TODAY() - timedelta(days=20))
    asked = client.get(url(feedback, "hand_in")).text
    assert asked.count("<li>") >= 3  # plan, measures begun, the window
    assert client.post(url(feedback, "hand_in")).status_code == 302
    assert client.post(url(feedback, "hand_in")).status_code == 403
    change = {"note": "", "agenda": "", "visit_on": "", "released": ["plan"], "version": "1"}
    assert client.post(url(feedback, "prepare"), change).status_code == 302
    assert Feedback.objects.get().released == ["plan"]


def test_texts_are_written_on_a_page_and_another_window_overwrites_nothing(feedback):
    guest = a_guest(feedback)
    Feedback.objects.update(state="agreeing")
    client = signed_in(guest)
    assert client.post(url(feedback, "texts"), {"summary": "Едно", "version": "1"}).status_code == 302
    answer = client.post(url(feedback, "texts"), {"summary": "Друго", "version": "1"})
    assert answer.status_code == 409
    assert "Едно" in answer.text
    assert "Друго" in answer.text


def test_who_hands_over_sees_the_feedback_that_goes_with_the_role(coordinator, feedback):
    other = a_member(feedback.organisation, "viewer")
    told = {}
    for member in (coordinator, other):
        handing = Handing(as_viewer(coordinator), member, None, TODAY())
        told[member.pk] = [thing.text for thing in KIND.held(handing)]
    assert told == {coordinator.pk: [feedback.assessment.title], other.pk: []}


def test_codes_are_told_in_words():
    assert telling.codes("award", "effective-user")
    assert telling.codes("scheme", "caf-effective-user")
    assert telling.codes("released", "plan")
    assert (telling.codes("award", "x"), telling.codes("scheme", "x"), telling.codes("other", "x")) == (
        "",
        "",
        "",
    )
