"""Holes that programs like this one had and published, one test each: they stay closed here."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from merilo.accounts import adapter
from merilo.accounts.models import Person
from merilo.assessment.actions import admission, meeting
from merilo.assessment.forms.evidence import LinkForm, SurveyForm
from merilo.assessment.models import Assessment, Evidence, EvidenceUse, State
from merilo.core import files, owner, postage
from merilo.core.models import KeptForm, OutgoingMail
from merilo.core.requests import network_of
from merilo.organisations.actions.erasure import erase_person
from merilo.organisations.actions.invitations import Link, invite_people
from merilo.organisations.models import Membership, Unit
from merilo.organisations.rules.pasting import Row
from merilo.organisations.views import joining
from tests.canaries import holding
from tests.consistency.tree import ROOT
from tests.people import (
    NOON,
    PASSWORD,
    a_member,
    a_person,
    agreements_of,
    an_assessment,
    an_organisation,
    as_viewer,
    signed_in,
)

pytestmark = pytest.mark.django_db
NEW = "quite another password"
MARKUP = "\"'><script>alert(1)</script>"
HOME = "2001:db8:aa:bb"  # the first half of every address of one home


@pytest.fixture(autouse=True)
def mailing(settings: Any) -> None:
    settings.EMAIL_BACKEND, settings.MAIL_SERVER = "merilo.core.mail.OutboxBackend", "smtp://127.0.0.1:9"
    settings.FOUNDING = "open"


class Town:
    """An organisation whose coordinator, chair and member assess, and somebody of another one."""

    def __init__(self, **fields: Any) -> None:
        self.organisation = an_organisation("town", languages=["bg"])
        self.coordinator = a_member(self.organisation, "coordinator", name="Координаторка Една")
        self.chair = a_member(self.organisation, "assessor", name="Председателка Две")
        self.member = a_member(self.organisation, "assessor", name="Член Три")
        self.stranger = a_member(an_organisation("city"), "coordinator", name="Чужда Четири")
        self.assessment: Assessment = an_assessment(self.organisation, self.chair, self.member, **fields)

    def url(self, name: str, **parts: Any) -> str:
        return reverse(f"assessment:{name}", kwargs={"org": "town", "pk": self.assessment.pk, **parts})

    def evidence(self, **fields: Any) -> Evidence:
        values = {"kind": "note", "title": "Т", "added_by": self.chair, "added_at": NOON}
        made = Evidence.objects.create(assessment=self.assessment, **(values | fields))
        EvidenceUse.objects.create(evidence=made, code="1.1")
        return made

    def invite(self, *emails: str) -> list[Link]:
        rows = [Row(number, f"Поканен {number}", email) for number, email in enumerate(emails, start=1)]
        made = invite_people(
            viewer=as_viewer(self.coordinator), rows=rows, roles=["viewer"], create_units=False,
            at=timezone.now(),
        )  # fmt: skip
        return list(made.links)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def reset(client: Client, email: str, **more: Any) -> Any:
    return client.post("/accounts/password/reset/", {"email": email}, **more)


def set_anew(email: str) -> None:
    """A forgotten password is set anew with the mailed link."""
    client = Client()
    reset(client, email)
    link = re.findall(r"https?://\S+", OutgoingMail.objects.filter(recipient=email).latest("pk").text)[0]
    form = client.get(urlsplit(link).path, follow=True).context["action_url"]
    assert client.post(form, {"password1": NEW}).status_code == 302


# --- invitations -------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["expired", "withdrawn", "left"])
def test_no_expired_or_withdrawn_invitation_is_revived_by_a_new_password(state: str):
    """CVE-2023-48220."""
    town, person = Town(), a_person(email="invited@town.example")
    link = town.invite(person.email)[0]
    if state == "expired":
        link.invitation.expires_at = timezone.now() - timedelta(seconds=1)
    elif state == "withdrawn":
        link.invitation.voided_at = timezone.now()
    else:
        Membership.objects.filter(pk=link.invitation.membership_id).update(left_at=timezone.now())
    link.invitation.save()
    page = reverse("site:invitation", args=[link.token])
    set_anew(person.email)
    client = Client()
    assert client.post("/accounts/login/", {"login": person.email, "password": NEW}).status_code == 302
    for each in (Client(), client):
        assert each.get(page).status_code == 410
        assert each.post(page, {"name": "Х", "password": NEW}).status_code == 410
    assert Membership.objects.get(pk=link.invitation.membership_id).person is None
    assert client.get("/o/town/").status_code == 404


def test_guessing_invitations_is_limited(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(joining, "LINKS_TRIED", {"most": 3, "seconds": 3600})
    answers = [Client().get(reverse("site:invitation", args=[f"guess-{n}"])).status_code for n in range(4)]
    assert answers == [404, 404, 404, 429]


def test_guessing_the_code_of_a_meeting_is_limited(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(admission, "PER_NETWORK", {"most": 3, "seconds": 900})
    town = Town(state=State.AGREEING)
    agreements_of(town.assessment, ["1.1"])
    led: Any = {"viewer": as_viewer(town.chair), "assessment": town.assessment, "at": timezone.now()}
    opened = meeting.open_meeting(**led)
    door = reverse("rooms:enter", args=[opened.pk])
    assert [Client().post(door, {"code": f"0000000{n}"}).status_code for n in range(4)] == [422] * 3 + [429]


# --- what belongs to something one may not see ---------------------------------------------------------
def test_files_and_notes_of_what_one_may_not_see_have_no_address_of_their_own():
    """CVE-2026-40870."""
    town = Town(state=State.AGREEING)
    agreements_of(town.assessment, ["1.1"])
    upload = SimpleUploadedFile("secret.txt", "Тайно".encode())
    stored = files.receive(upload, organisation=town.organisation.pk, by=town.chair.person_id)
    hidden = town.evidence(kind="document", title="Скрито", text="Тайно", only_coordinator=True, file=stored)
    addresses = [
        town.url(name, evidence=hidden.pk) for name in ("evidence_file", "evidence_edit", "evidence_remove")
    ]
    for reader, status in ((town.coordinator, 200), (town.chair, 200), (town.member, 404)):
        answers = [signed_in(reader).get(address) for address in addresses]
        assert [answer.status_code for answer in answers] == [status] * 3
        b"".join(answers[0])  # closes the file
    pages = [town.url("evidence"), town.url("agree_item", code="1.1"), town.url("evidence_for", code="1.1")]
    for page in (*pages, f"{pages[0]}?q=Тайно", f"{pages[0]}?format=json"):
        answer = signed_in(town.member).get(page)
        assert answer.status_code == 200
        assert "Скрито" not in text_of(answer).replace("\\u0421\\u043a\\u0440\\u0438\\u0442\\u043e", "Скрито")


def test_what_lay_on_a_shelf_has_no_address_once_it_is_taken_off():
    town = Town()
    stored = files.receive(SimpleUploadedFile("a.txt", b"a"), organisation=town.organisation.pk, by="")
    gone = town.evidence(kind="document", file=stored, removed_at=timezone.now())
    assert signed_in(town.chair).get(town.url("evidence_file", evidence=gone.pk)).status_code == 404


def test_searching_and_choosing_offer_nobody_of_another_organisation():
    town = Town(state=State.PLANNING)
    Unit.objects.create(organisation=town.stranger.organisation, name="Чужда дирекция")
    client = signed_in(town.coordinator)
    for page in (
        reverse("organisations:people", args=["town"]) + "?q=Чужда",
        town.url("group"),
        town.url("evidence_new") + "?kind=note",
        reverse("organisations:hand_over", args=["town", town.chair.pk]),
        reverse("organisations:audit", args=["town"]),
    ):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert town.stranger.name not in text_of(answer)
        assert "Чужда дирекция" not in text_of(answer)
    chosen = {"holder": str(town.stranger.pk), "function": "member", "once": ""}
    assert client.post(town.url("group"), chosen).status_code == 422


# --- what an address or a link says ----------------------------------------------------------------------
def test_a_malformed_address_of_a_history_or_revision_is_not_shown_as_markup():
    """CVE-2024-41673."""
    town = Town(state=State.REPORTING)
    client = signed_in(town.coordinator)
    for path in (
        town.url("revision", number=1).replace("/1/", f"/{MARKUP}/"),
        reverse("organisations:audit", args=["town"]) + MARKUP,
        reverse("organisations:audit", args=["town"]) + f"?before={MARKUP}",
        f"/o/town{MARKUP}/",
        f"/reports/{MARKUP}/",
    ):
        answer = client.get(path)
        assert answer.status_code in {200, 400, 404}, path
        assert "<script>alert" not in text_of(answer)


def test_filters_show_what_was_searched_for_as_text():
    """CVE-2023-34089."""
    town = Town()
    client = signed_in(town.coordinator)
    for page in (town.url("evidence"), reverse("organisations:people", args=["town"])):
        answer = text_of(client.get(page, {"q": MARKUP, "page": MARKUP, "kind": MARKUP}))
        assert "&lt;script&gt;alert(1)" in answer
        assert "<script>alert" not in answer


def test_links_lead_to_the_web_only_and_straight_there():
    """CVE-2023-32693: no page in between that could show what is in the address."""
    town = Town(state=State.AGREEING)
    agreements_of(town.assessment, ["1.1"])
    bad = (
        "javascript:alert(1)",
        "JAVASCRIPT://x.example/%0aalert(1)",
        "data:text/html,x",
        "ftp://x.example/",
    )
    for address in bad:
        for form_class in (LinkForm, SurveyForm):
            form = form_class({"title": "Т", "url": address}, units=[], today=NOON.date())
            assert "url" in form.errors
        town.evidence(kind="link", title="Лошо", url=address)
    town.evidence(kind="link", title="Добро", url="https://town.example/?a=1&b=2")
    client = signed_in(town.chair)
    for page in map(client.get, (town.url("agree_item", code="1.1"), town.url("evidence"))):
        assert text_of(page).count("Лошо") >= len(bad)
        assert [address for address in bad if f'href="{address}' in text_of(page)] == []
    sheet = text_of(client.get(town.url("agree_item", code="1.1")))
    assert 'href="https://town.example/?a=1&amp;b=2" rel="noopener noreferrer"' in sheet


ELSEWHERE = (
    *("https://evil.example/", "//evil.example/", "///evil.example", "////evil.example//", "/\\evil.example"),
    *("\\\\evil.example", "https:evil.example", "https:///evil.example", "http:\\\\evil.example"),
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>", " https://evil.example"),
    *("\thttps://evil.example", "/\t/evil.example", "/\n/evil.example", "https://testserver@evil.example/"),
    *("https://testserver.evil.example/", "//evil.example\\@testserver/", "/%09/evil.example/..//evil"),
    *("ftp://testserver/", "http://[::1]evil.example/", "http://testserver:80@evil.example", "//\u3002evil"),
)


def leads_away(location: str) -> bool:
    """Whether a browser would leave this site; it takes `\\` for `/` and skips tabs and line ends."""
    plain = re.sub(r"[\t\r\n]", "", location.strip()).replace("\\", "/")
    parts = urlsplit(plain)
    is_here = parts.scheme in {"", "http"} and parts.netloc in {"", "testserver"}
    return plain.startswith("//") or not is_here


def test_no_way_in_or_out_leads_to_another_site():
    person, found = a_person(), []
    signed = signed_in(person)
    for number, onward in enumerate(ELSEWHERE):
        sent = {"next": onward}
        answers = [
            signed.get("/accounts/login/", sent),
            signed.post("/language/", {"language": "en", **sent}, headers={"referer": "//evil.example"}),
        ]
        if number % 4 == 0:
            credentials = {"login": person.email, "password": PASSWORD}
            answers.append(Client().post("/accounts/login/", credentials | sent))
            answers.append(signed_in(person).post("/accounts/logout/", sent))
        assert [answer.status_code for answer in answers] == [302] * len(answers)
        found += [(onward, each["Location"]) for each in answers if leads_away(each["Location"])]
    assert found == []


# --- limits ----------------------------------------------------------------------------------------------
def test_all_addresses_of_one_home_count_as_one(monkeypatch: pytest.MonkeyPatch):
    """CVE-2021-22915."""
    assert len({network_of(f"{HOME}::{n:x}") for n in range(1, 50)}) == 1
    assert network_of(f"{HOME}::1") != network_of("2001:db8:ffff::1")
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1")
    monkeypatch.setattr(joining, "LINKS_TRIED", {"most": 3, "seconds": 3600})
    page = reverse("site:invitation", args=["guess"])
    answers = [Client().get(page, REMOTE_ADDR=f"{HOME}:{n}:{n}:{n}:{n}").status_code for n in range(4)]
    assert answers == [404, 404, 404, 429]


def test_mails_about_an_account_are_limited_by_address_and_by_network(monkeypatch: pytest.MonkeyPatch):
    person = a_person()
    assert [reset(Client(), person.email).status_code for _ in range(6)] == [302] * 5 + [429]
    EmailAddress.objects.filter(user=person).update(verified=False)
    monkeypatch.setattr(adapter, "MAILS_PER_ADDRESS", {"most": 100, "seconds": 3600})
    monkeypatch.setattr(adapter, "MAILS_PER_NETWORK", {"most": 8, "seconds": 3600})
    data = {"login": person.email, "password": PASSWORD}
    answers = [Client().post("/accounts/login/", data).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 429]
    here = {"REMOTE_ADDR": "198.51.100.9"}
    assert reset(Client(), "somebody@town.example", **here).status_code == 302


def test_mails_of_invitations_are_limited_by_person_network_and_address(monkeypatch: pytest.MonkeyPatch):
    town = Town()
    member = town.invite("one@town.example")[0].invitation.membership
    renew = reverse("organisations:renew", args=["town", member.pk])
    client = signed_in(town.coordinator)
    monkeypatch.setattr(postage, "PER_ADDRESS", {"most": 2, "seconds": 3600})
    assert [client.post(renew).status_code for _ in range(3)] == [200, 200, 429]
    assert OutgoingMail.objects.count() == 2
    for limit in ("PER_PERSON", "PER_NETWORK"):
        monkeypatch.setattr(postage, limit, {"most": 1, "seconds": 3600})
        lines = {"people": "Две; two@town.example\nТри; three@town.example", "roles": ["viewer"]}
        answer = client.post(reverse("organisations:invite_confirm", args=["town"]), lines)
        assert answer.status_code == 422
        assert "two@town.example" in text_of(answer)
        monkeypatch.setattr(postage, limit, {"most": 100, "seconds": 3600})
    assert OutgoingMail.objects.count() == 2
    assert not Membership.objects.filter(email="two@town.example").exists()


def test_mails_with_codes_are_limited_and_no_code_is_changed_without_its_mail(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(postage, "PER_ADDRESS", {"most": 1, "seconds": 3600})
    town = Town(state=State.AGREEING)
    agreements_of(town.assessment, ["1.1"])
    led: Any = {"viewer": as_viewer(town.chair), "assessment": town.assessment, "at": timezone.now()}
    opened = meeting.open_meeting(**led)
    seats = [str(seat.pk) for seat in town.assessment.group.seats.all()]
    client, data = signed_in(town.chair), {"way": "mail", "seat": seats}
    assert client.post(town.url("meeting_codes"), data).status_code == 302
    before = sorted(opened.passes.values_list("code", flat=True))
    assert client.post(town.url("meeting_codes"), data).status_code == 429
    assert sorted(opened.passes.values_list("code", flat=True)) == before
    assert OutgoingMail.objects.count() == 2


# --- signed out --------------------------------------------------------------------------------------------
def test_nothing_is_joined_or_stored_for_somebody_who_is_signed_out():
    town, person = Town(), a_person(email="invited@town.example")
    link = town.invite(person.email)[0]
    page = reverse("site:invitation", args=[link.token])
    answer = Client().post(page, {"name": "Х", "password": NEW})
    assert "sign_in" in answer.context
    assert Membership.objects.get(pk=link.invitation.membership_id).person is None
    assert Person.objects.get(pk=person.pk).check_password(PASSWORD)
    mark = owner.mark(as_viewer(town.coordinator).person.pk)
    sent = {"name": "Подхвърлена", "parent": "", owner.FIELD: mark}
    answer = Client().post(reverse("organisations:units", args=["town"]), sent)
    assert answer.status_code == 302
    assert not Unit.objects.exists()
    kept = f"{owner.KEPT_AT}{KeptForm.objects.get().token}/"
    assert Client().get(kept).status_code == 302
    assert signed_in(town.chair).get(kept).status_code == 404
    assert not Unit.objects.exists()


# --- files and pictures ------------------------------------------------------------------------------------
PROGRAMS = {"merilo/site/serving.py"} | {
    f"merilo/site/bench/{name}.py" for name in ("processes", "room", "visits")
}
READERS = {"wand", "pgmagick", "cv2", "imageio", "pdf2image", "fitz", "pypdf", "cairosvg", "openpyxl", "xlrd"}


def imports() -> set[tuple[str, str]]:
    """Every module that the product imports, with the file that does."""
    return {
        (str(path.relative_to(ROOT)), name)
        for path in ROOT.joinpath("merilo").rglob("*.py")
        if "tests" not in path.parts
        for name in re.findall(r"^\s*(?:from|import) (\w+)", path.read_text("utf-8"), re.MULTILINE)
    }


def holders(of: str, names: set[str]) -> set[str]:
    """The files among some that hold a piece of code."""
    return {name for name in names if of in ROOT.joinpath(name).read_text("utf-8")}


def test_uploads_are_read_by_bounded_libraries_and_by_no_other_program():
    used = imports()
    assert {path for path, name in used if name == "subprocess"} == PROGRAMS
    assert {name for _, name in used} & READERS == set()
    pictures = {path for path, name in used if name == "PIL"}
    assert holders("Image.open(", pictures) == holders("formats=FORMATS", pictures)
    assert holders("Image.open(", pictures) == {"merilo/core/pictures.py"}
    archives = {path for path, name in used if name == "zipfile"}
    assert holders("zipfile.ZipFile(source)", archives) == {"merilo/core/archives.py"}


# --- erasing -----------------------------------------------------------------------------------------------
def test_of_somebody_erased_nothing_is_left_in_tables_or_files():
    town = Town()
    name, email = "Кадънка Синигерова", town.member.email
    Person.objects.filter(email=email).update(name=name)
    Membership.objects.filter(pk=town.member.pk).update(name=name, position="Синигерова длъжност")
    set_anew(email)
    client = Client()
    client.post("/accounts/login/", {"login": email, "password": NEW})
    client.post("/accounts/profile/", {"name": name, "language": "bg"})
    client.post(
        town.url("evidence_new") + "?kind=note", {"title": "Т", "text": "Т", "only_coordinator": "no"}
    )
    assert holding("Синигерова", email)
    erase_person(email=email, by="operator", at=timezone.now())
    assert holding("Синигерова", email) == []


# --- tables taken away -------------------------------------------------------------------------------------
STARTS = ("=", "+", "-", "@", "\t=", "\r=", " =", ";=1", '";=1', '"=1', "\n@", "'=")


def test_no_list_that_is_taken_away_holds_a_formula():
    town = Town()
    for start in STARTS:
        evil = f"{start}cmd|' /C calc'!A0"
        a_member(town.organisation, name=evil, position=evil)
        town.evidence(title=evil, text=evil)
    client = signed_in(town.coordinator)
    for path in (
        reverse("organisations:people_export", args=["town", "csv"]),
        reverse("organisations:audit_export", args=["town", "csv"]),
        town.url("evidence") + "?format=csv",
        town.url("group") + "?format=csv",
        town.url("communication") + "?format=csv",
    ):
        sheet = client.get(path).content.decode("utf-8-sig")
        for delimiter in ",;\t":
            for row in csv.reader(io.StringIO(sheet, newline=""), delimiter=delimiter):
                assert [cell for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))] == []
        book = client.get(path.replace("csv", "xlsx")).content
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
