"""The operator's room: who gets in, what each button does, and that all of it is recorded."""

from __future__ import annotations

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from merilo.accounts import api as accounts
from merilo.accounts.models import Person
from merilo.accounts.permissions import is_operator, require_operator
from merilo.core import audit
from merilo.core import verbs as words
from merilo.core.errors import MeriloError, Refused
from merilo.core.files import keep, path_of
from merilo.core.models import AuditEntry, AuditPayload, OutgoingMail
from merilo.core.tests.postman import at_work
from merilo.ops import queue
from merilo.ops.actions import ask_verification, record_reading, run_again
from merilo.ops.record import OFFICE
from merilo.organisations.api import First, close, found_for, invite_first
from merilo.organisations.models import Invitation, Membership, Organisation
from tests.people import NOON, PASSWORD, a_member, a_person, an_assessment, an_organisation, signed_in

pytestmark = pytest.mark.django_db
LISTS = ["organisations", "people", "frameworks", "mail", "tasks", "record"]
PAGES = ["overview", "organisation_new", "storage", *LISTS]


@pytest.fixture
def operator():
    return a_person("Оператор Първи", is_operator=True)


@pytest.fixture
def desk(operator):
    client = signed_in(operator)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


CONFIRM = "/accounts/security/confirm/"


@pytest.fixture
def confirmed(desk):
    """The operator's desk after the password was typed once more."""
    desk.post(CONFIRM, {"password": PASSWORD})
    return desk


def go(name, *args):
    return reverse(f"operator:{name}", args=args)


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def verbs(actor):
    rows = AuditEntry.objects.filter(chain="platform", actor=str(actor.pk)).order_by("number")
    return list(rows.values_list("verb", flat=True))


# --- who gets in --------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_for_operators_only_and_never_kept(desk, name):
    page = desk.get(go(name))
    assert page.status_code == 200
    assert page["Cache-Control"] == "private, no-store"
    assert signed_in(a_member(an_organisation(), "coordinator")).get(go(name)).status_code == 404
    assert Client().get(go(name)).headers["Location"].startswith("/accounts/login/")


def test_rights_of_an_operator(operator):
    stranger, suspended = a_person(), a_person(is_operator=True, is_active=False)
    assert is_operator(operator)
    assert not is_operator(stranger)
    assert not is_operator(suspended)
    require_operator(operator)
    with pytest.raises(Refused):
        require_operator(suspended)


def test_no_action_trusts_the_page(operator):
    nobody, somebody = a_person(), a_person()
    town, now = an_organisation(), timezone.now()
    first = First("Мария Колева", "m@town.example")
    for action in (
        lambda: accounts.suspend(person=somebody, by=nobody, at=now),
        lambda: accounts.make_operator(person=nobody, by=nobody, at=now),
        lambda: accounts.unmake_operator(person=operator, by=nobody, at=now),
        lambda: close(person=nobody, organisation=town, at=now),
        lambda: invite_first(person=nobody, organisation=town, first=first, at=now),
        lambda: ask_verification(person=nobody, chain="platform"),
        lambda: run_again(person=nobody, task=town.pk, at=now),
    ):
        with pytest.raises(Refused):
            action()


def test_an_unknown_button_changes_nothing(desk, operator):
    somebody = a_person()
    assert desk.post(go("person", somebody.pk), {"what": "erase"}).status_code == 422
    assert verbs(operator) == []


def test_the_first_page_says_what_needs_attention(desk):
    DBTaskResult.objects.create(**a_task(status="FAILED"))
    page = text(desk.get(go("overview")))
    assert "1 task has failed." in page
    assert "You are the only operator." in page
    a_person(is_operator=True)
    assert "You are the only operator." not in text(desk.get(go("overview")))


# --- organisations ------------------------------------------------------------------------------------
def test_the_list_of_organisations_is_searched_and_recorded(desk, operator):
    an_organisation("first", name="Община Горна Поляна")
    an_organisation("second", name="Община Друга")
    page = text(desk.get(go("organisations"), {"q": "горна"}))
    assert "Община Горна Поляна" in page
    assert "Община Друга" not in page
    assert verbs(operator) == ["platform.listed"]


NEW = {
    "name": "Община Нова",
    "kind": "municipality",
    "country": "BG",
    "languages": ["bg"],
    "time_zone": "Europe/Sofia",
    "coordinator": "Мария Колева",
    "email": "koleva@town.example",
}


def founded(operator, email="koleva@town.example"):
    return found_for(
        person=operator,
        first=First("Мария Колева", email),
        name="Община Нова",
        kind="municipality",
        country="BG",
        languages=["bg"],
        time_zone="Europe/Sofia",
        at=timezone.now(),
    )


def test_an_organisation_is_made_for_its_coordinator_who_alone_gets_in(desk, operator, settings):
    settings.MAIL_SERVER = "smtp://127.0.0.1:9"
    settings.EMAIL_BACKEND = "merilo.core.mail.OutboxBackend"
    assert desk.post(go("organisation_new"), NEW).status_code == 302
    organisation = Organisation.objects.get(name="Община Нова")
    (member,) = Membership.objects.filter(organisation=organisation)
    assert (member.email, member.roles, member.person) == ("koleva@town.example", ["coordinator"], None)
    assert "organisation.founded" in verbs(operator)
    assert desk.get(f"/o/{organisation.slug}/").status_code == 404
    mail = OutgoingMail.objects.get(recipient="koleva@town.example")
    (link,) = re.findall(r"/accounts/invitation/\S+", mail.text)
    Client().post(link, {"name": "Мария Колева", "password": PASSWORD})
    member.refresh_from_db()
    assert signed_in(member).get(f"/o/{organisation.slug}/").status_code == 200


def test_without_a_mail_server_the_link_is_shown_once(desk):
    form = {**NEW, "once": "a-key"}
    page = desk.post(go("organisation_new"), form)
    assert "/accounts/invitation/" in page.content.decode()
    again = desk.post(go("organisation_new"), form)
    assert again.status_code == 302
    assert Organisation.objects.count() == 1


def test_a_form_without_a_name_is_refused_and_loses_nothing(desk):
    page = desk.post(go("organisation_new"), {**NEW, "name": " "})
    assert page.status_code == 422
    assert "koleva@town.example" in page.content.decode()
    assert not Organisation.objects.exists()


def test_the_first_invitation_can_be_sent_elsewhere_until_somebody_comes(desk, operator):
    old = founded(operator, "wrong@town.example").invitation
    first = First("Мария Колева", "wrong@town.example")
    organisation = old.organisation
    desk.post(go("coordinator", organisation.pk), {"coordinator": "М. Колева", "email": "k@town.example"})
    member = Membership.objects.get(organisation=organisation)
    assert (member.name, member.email) == ("М. Колева", "k@town.example")
    assert Invitation.objects.get(pk=old.pk).voided_at is not None
    a_member(organisation, "viewer")
    assert desk.get(go("coordinator", organisation.pk)).status_code == 302
    with pytest.raises(Refused):
        invite_first(person=operator, organisation=organisation, first=first, at=timezone.now())


def test_a_closed_organisation_lets_nobody_in_and_keeps_everything(desk, operator):
    town = an_organisation("town")
    member, elsewhere = a_member(town, "coordinator"), a_member(an_organisation(), "viewer")
    Membership.objects.create(
        organisation=town, person=elsewhere.person, name="x", roles=["viewer"], joined_at=NOON
    )
    an_assessment(town, member)
    inside = signed_in(member)
    assert inside.get("/o/town/").status_code == 200
    desk.post(go("organisation", town.pk), {"what": "close"})
    assert inside.get("/o/town/").status_code == 404
    assert town.name in inside.get("/").content.decode()
    assert signed_in(elsewhere).get("/").headers["Location"] == f"/o/{elsewhere.organisation.slug}/"
    assert town.assessments.count() == 1
    desk.post(go("organisation", town.pk), {"what": "reopen"})
    assert inside.get("/o/town/").status_code == 200
    told = AuditEntry.objects.filter(chain=str(town.pk)).order_by("number").values_list("verb", flat=True)
    assert list(told) == ["organisation.closed", "organisation.reopened"]
    assert verbs(operator) == ["organisation.closed", "organisation.reopened"]


def test_an_invitation_to_a_closed_organisation_is_void(desk, operator):
    link = founded(operator)
    close(person=operator, organisation=link.invitation.organisation, at=timezone.now())
    assert Client().get(f"/accounts/invitation/{link.token}/").status_code == 410


# --- people -------------------------------------------------------------------------------------------
def test_people_are_found_by_name_or_address_with_their_places_and_that_is_recorded(desk, operator):
    member = a_member(an_organisation(name="Община Горна"), "coordinator", name="Мария Колева")
    a_person("Стефан Илиев")
    for asked in ("колева", member.email[:10]):
        page = text(desk.get(go("people"), {"q": asked}))
        assert "Мария Колева" in page
        assert "Община Горна Coordinator" in page
    assert "Стефан" not in text(desk.get(go("people"), {"q": "колева"}))
    assert set(verbs(operator)) == {"platform.people_listed"}
    assert "Община Горна" in text(desk.get(go("person", member.person_id)))
    assert verbs(operator)[-1] == "platform.person_read"


def test_whoever_is_suspended_is_out_at_once_and_back_when_reinstated(confirmed, operator):
    member = a_member(an_organisation("town"), "viewer")
    inside = Client()
    inside.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    assert inside.get("/o/town/").status_code == 200
    confirmed.post(go("person", member.person_id), {"what": "suspend"})
    assert inside.get("/o/town/").status_code == 302
    Person.objects.filter(memberships=member).update(is_active=True)
    assert inside.get("/o/town/").status_code == 302  # the sign-in itself has ended
    Person.objects.filter(memberships=member).update(is_active=False)
    confirmed.post(go("person", member.person_id), {"what": "reinstate"})
    answer = inside.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert inside.get("/o/town/").status_code == 200
    assert verbs(operator) == ["account.suspended", "account.reinstated"]


def test_nobody_suspends_themselves_and_an_erased_account_stays_closed(operator):
    with pytest.raises(MeriloError):
        accounts.suspend(person=operator, by=operator, at=NOON)
    gone = a_person(is_active=False, erased_at=NOON)
    accounts.reinstate(person=gone, by=operator, at=NOON)
    gone.refresh_from_db()
    assert not gone.is_active


@pytest.mark.parametrize("what", ["suspend", "operator", "no-operator"])
def test_what_reaches_far_waits_until_the_operator_has_confirmed(desk, operator, what):
    somebody = a_person(is_operator=what == "no-operator")
    answer = desk.post(go("person", somebody.pk), {"what": what})
    assert answer["Location"].startswith(CONFIRM)
    assert verbs(operator) == []
    assert desk.post(answer["Location"], {"password": PASSWORD})["Location"] == go("person", somebody.pk)
    assert len(verbs(operator)) == 1


def test_the_operators_role_is_given_and_taken_but_never_the_last_one(confirmed, operator):
    second = a_person()
    address = go("person", second.pk)
    confirmed.post(address, {"what": "operator"})
    assert signed_in(second).get(go("overview")).status_code == 200
    confirmed.post(address, {"what": "no-operator"})
    assert signed_in(second).get(go("overview")).status_code == 404
    with pytest.raises(MeriloError):
        accounts.unmake_operator(person=operator, by=operator, at=NOON)
    page = confirmed.post(go("person", operator.pk), {"what": "no-operator"}, follow=True)
    assert "This is the only operator." in text(page)
    assert verbs(operator) == ["operator.made", "operator.unmade", "platform.person_read"]


def test_a_link_for_a_new_password_goes_to_the_person_only(desk, operator, settings):
    person = a_person()
    page = text(desk.post(go("person", person.pk), {"what": "reset"}, follow=True))
    assert "No mail server is set" in page
    settings.MAIL_SERVER = "smtp://127.0.0.1:9"
    settings.EMAIL_BACKEND = "merilo.core.mail.OutboxBackend"
    page = desk.post(go("person", person.pk), {"what": "reset"}, follow=True)
    mail = OutgoingMail.objects.get()
    assert mail.recipient == person.email
    (link,) = re.findall(r"/accounts/password/reset/key/\S+", mail.text)
    assert link not in page.content.decode()
    assert "account.reset_sent" in verbs(operator)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    desk.post(go("person", person.pk), {"what": "reset"})
    assert OutgoingMail.objects.count() == 1


def test_the_first_operator_is_made_on_the_machine_itself():
    told = StringIO()
    call_command("operator", "first@platform.example", stdout=told)
    person = Person.objects.get(email="first@platform.example")
    assert is_operator(person)
    (link,) = re.findall(r"/accounts/password/reset/key/\S+", told.getvalue())
    client = Client()
    answer = client.get(link, follow=True)
    client.post(answer.redirect_chain[-1][0], {"password1": "words that are quite long"})
    assert Person.objects.get(pk=person.pk).check_password("words that are quite long")
    call_command("operator", "First@platform.example", stdout=told)
    assert AuditEntry.objects.filter(verb="operator.made").count() == 1
    with pytest.raises(CommandError):
        call_command("operator", "nobody", stdout=told)


# --- assessment models --------------------------------------------------------------------------------
def test_the_models_are_listed_with_their_uses(desk):
    an_assessment(an_organisation())
    rows = {row["code"]: row for row in desk.get(go("frameworks")).context["rows"]}
    assert rows["caf-2020"]["uses"] == 1
    assert rows["principles-12"]["uses"] == 0


# --- mail ---------------------------------------------------------------------------------------------
def a_mail(**fields):
    values = {"created_at": NOON, "not_before": NOON, "sender": "a@b.example", "subject": "Тема"}
    return OutgoingMail.objects.create(recipient="to@town.example", text="тайна", **(values | fields))


def test_mails_that_are_stuck_are_sent_again_or_let_go(desk, operator):
    stuck = [a_mail(attempts=8), a_mail(attempts=8), a_mail(attempts=1)]
    page = desk.get(go("mail"))
    assert [row.pk for row, *_ in page.context["undecided"]] == [stuck[1].pk, stuck[0].pk]
    assert [row.pk for row in page.context["waiting"]] == [stuck[2].pk]
    assert "тайна" not in page.content.decode()
    desk.post(go("mail"), {"what": "again", "number": stuck[0].pk})
    desk.post(go("mail"), {"what": "let-go", "number": stuck[1].pk})
    assert OutgoingMail.objects.get(pk=stuck[0].pk).attempts == 0
    assert not OutgoingMail.objects.filter(pk=stuck[1].pk).exists()
    answer = desk.post(go("mail"), {"what": "let-go", "number": stuck[2].pk}, follow=True)
    assert "There is no such mail" in text(answer)
    assert OutgoingMail.objects.filter(pk=stuck[2].pk).exists()
    assert verbs(operator)[1:3] == ["mail.sent_again", "mail.let_go"]


def test_a_mail_of_which_nobody_knows_is_said_to_have_arrived(desk, operator):
    given_up, uncertain = a_mail(attempts=8), a_mail(handed_at=NOON, unknown_at=NOON)
    offered = {row.pk: deeds.keys() for row, _state, deeds in desk.get(go("mail")).context["undecided"]}
    assert "arrived" not in offered[given_up.pk]
    assert "arrived" in offered[uncertain.pk]
    desk.post(go("mail"), {"what": "arrived", "number": uncertain.pk})
    assert OutgoingMail.objects.get(pk=uncertain.pk).sent_at is not None
    assert verbs(operator)[-1] == "mail.arrived"


def test_the_settings_of_mail_are_shown_without_the_password(desk, settings):
    settings.MAIL_SERVER = "smtp+tls://merilo:very-secret@mail.example:587"
    page = desk.get(go("mail"))
    assert "mail.example" in text(page)
    assert "STARTTLS" in text(page)
    assert "very-secret" not in page.content.decode()


def test_a_test_mail_tells_what_the_server_answers(desk, operator, settings):
    with at_work() as postman:
        settings.MAIL_SERVER = postman.address
        page = text(desk.post(go("mail"), {"what": "try"}, follow=True))
        assert "was taken. The server: 250 OK" in page
        ((recipients, _letter),) = postman.letters
        assert recipients == [operator.email]
        postman.busy = True
        page = text(desk.post(go("mail"), {"what": "try"}, follow=True))
        assert "451 come back later" in page
    page = text(desk.post(go("mail"), {"what": "try"}, follow=True))
    assert "ConnectionRefusedError" in page
    settings.MAIL_SERVER = ""
    assert "No mail server is set" in text(desk.post(go("mail"), {"what": "try"}, follow=True))
    assert verbs(operator).count("mail.tried") == 3


# --- tasks --------------------------------------------------------------------------------------------
def a_task(**fields):
    return {
        "task_path": "merilo.core.mail.deliver",
        "args_kwargs": {"args": ["тайна"], "kwargs": {}},
        "backend_name": "default",
        "run_after": get_date_max(),
        "traceback": "",
        "exception_class_path": "",
    } | fields


def test_the_queue_tells_no_more_than_the_kind_of_an_error(desk):
    DBTaskResult.objects.create(
        **a_task(status="FAILED", exception_class_path="builtins.ValueError", traceback="тайна")
    )
    DBTaskResult.objects.create(**a_task())
    DBTaskResult.objects.create(**a_task(run_after=timezone.now() + timedelta(hours=1)))
    DBTaskResult.objects.create(**a_task(status="RUNNING", started_at=timezone.now()))
    found = queue.queue(now=timezone.now())
    assert [len(rows) for rows in (found.waiting, found.later, found.running, found.failed)] == [1, 1, 1, 1]
    assert found.oldest == found.waiting[0].since
    page = desk.get(go("tasks"))
    assert "ValueError" in page.content.decode()
    assert "тайна" not in page.content.decode()


def test_a_failed_task_is_put_back_once(desk, operator):
    task = DBTaskResult.objects.create(**a_task(status="FAILED", traceback="x", finished_at=timezone.now()))
    running = DBTaskResult.objects.create(**a_task(status="RUNNING"))
    for _ in range(2):
        desk.post(go("tasks"), {"what": "again", "task": task.pk})
    desk.post(go("tasks"), {"what": "again", "task": running.pk})
    desk.post(go("tasks"), {"what": "again", "task": "nonsense"})
    task.refresh_from_db()
    running.refresh_from_db()
    assert (task.status, task.traceback, task.finished_at) == ("READY", "", None)
    assert running.status == "RUNNING"
    assert verbs(operator) == ["task.run_again"]


def test_an_installation_without_organisations_and_mail_says_what_comes_next(desk, settings):
    settings.MAIL_SERVER = ""
    empty = desk.get(go("organisations")).content.decode()
    assert "No organisation yet" in empty
    assert 'type="search"' not in empty
    assert 'type="search"' in desk.get(go("organisations"), {"q": "nobody"}).content.decode()
    assert "other mails wait until there is one" in text(desk.get(go("mail")))


# --- storage ------------------------------------------------------------------------------------------
def test_storage_counts_files_without_a_name_and_names_without_a_file(desk, settings, tmp_path):
    settings.FILES_DIR, settings.BACKUPS_DIR = tmp_path / "files", tmp_path / "backups"
    settings.BACKUPS_DIR.mkdir()
    kept = [
        keep(words, name="a.txt", content_type="text/plain", organisation="x", by="")
        for words in (b"one", b"three")
    ]
    path_of(kept[0].sha256).unlink()
    orphan = path_of("f" * 64)
    orphan.parent.mkdir(parents=True)
    orphan.write_bytes(b"left")
    found = desk.get(go("storage")).context["found"]
    assert (found.files.files, found.files.size) == (2, 8)
    assert (found.files.orphans, found.files.missing) == (1, 1)
    assert found.backup is None
    (settings.BACKUPS_DIR / "merilo-20260302T030000Z.zip").write_bytes(b"1234")
    found = desk.get(go("storage")).context["found"]
    assert found.backup.size == 4
    assert found.database > 0


# --- the record ---------------------------------------------------------------------------------------
def test_a_record_is_verified_on_demand_and_both_chains_tell(desk, operator):
    town = an_organisation("town")
    coordinator = a_member(town, "coordinator")
    signed_in(coordinator).post("/o/town/organisation/units/", {"name": "Кметство", "parent": ""})
    desk.post(go("record"), {"what": "verify", "chain": str(town.pk)})
    chains = {chain.chain: chain for chain, _ in desk.get(go("record")).context["chains"]}
    assert chains[str(town.pk)].holds
    assert AuditEntry.objects.filter(verb="audit.verified").count() == 2
    AuditPayload.objects.filter(entry__chain=str(town.pk), entry__verb="unit.added").update(data="{}")
    desk.post(go("record"), {"what": "verify", "chain": str(town.pk)})
    chains = {chain.chain: chain for chain, _ in desk.get(go("record")).context["chains"]}
    assert not chains[str(town.pk)].holds
    assert audit.verify("platform") is None
    page = desk.post(go("record"), {"what": "verify", "chain": "nowhere"}, follow=True)
    assert "There is no such record." in text(page)


def test_the_operators_own_actions_are_listed_and_reading_them_is_recorded(confirmed, operator):
    desk, somebody = confirmed, a_person("Стефан Илиев")
    desk.post(go("person", somebody.pk), {"what": "suspend"})
    for _ in range(51):
        record_reading(person=operator, verb="platform.listed", at=timezone.now())
    page = desk.get(go("record"))
    assert len(page.context["lines"]) == 50
    older = text(desk.get(go("record"), {"before": page.context["older"]}))
    assert "suspended an account : Стефан Илиев" in older or "suspended an account: Стефан Илиев" in older
    assert verbs(operator)[-1] == "platform.record_read"


def test_what_an_operator_did_stays_when_the_role_goes_and_signing_in_is_private(desk, operator):
    former = a_person("Бивш Оператор", is_operator=True)
    suspended = a_person("Стефан Илиев")
    accounts.suspend(person=suspended, by=former, at=NOON)
    accounts.unmake_operator(person=former, by=operator, at=NOON)
    Client().post("/accounts/login/", {"login": operator.email, "password": PASSWORD})
    told = [(line.who, line.what) for line in desk.get(go("record")).context["lines"]]
    assert ("Бивш Оператор", "suspended an account") in told
    assert "account.signed_in" in verbs(operator)
    assert "signed in" not in {what for _who, what in told}
    assert words.known().keys() >= OFFICE
