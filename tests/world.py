"""The world of the walk: two organisations with people in every role and something at every address.

Every text carries a word that belongs to exactly one organisation and one place, so that a page which
shows a word to somebody who should not see it is found by searching for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

from allauth.account.models import EmailAddress
from django.utils import timezone, translation

from merilo.accounts.models import Person
from merilo.assessment.actions import meeting, report
from merilo.assessment.models import (
    Agreement,
    Assessment,
    Calibration,
    Contribution,
    Correction,
    Dissent,
    EnteredCycle,
    Evidence,
    EvidenceRequest,
    EvidenceUse,
    FrameworkEdition,
    Judgement,
    Meeting,
    OwnWording,
    Received,
    ReportSection,
    RequestLink,
    Round,
    Sheet,
    State,
    Statement,
    Trial,
    WallLink,
)
from merilo.assessment.tasks import build_documents
from merilo.core import audit, files
from merilo.core.models import KeptForm, StoredFile
from merilo.core.secret import digest_of
from merilo.groups.models import Attendance, Gathering, Material, Seat
from merilo.indicators.models import Indicator, Value
from merilo.organisations.actions.invitations import hash_of
from merilo.organisations.models import (
    CalendarLink,
    CommunicationItem,
    Invitation,
    Membership,
    Notice,
    Notification,
    OfficialDocument,
    Organisation,
    Unit,
)
from merilo.organisations.queries import CALENDAR
from tests.feedbacks import Given, the_feedbacks
from tests.people import a_member, a_seat, an_assessment, an_edition, an_organisation, as_viewer
from tests.world_plans import Planned, the_plans
from tests.world_surveys import Asked, an_indicator, the_surveys

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = AT.date()
CODES = [
    f"{criterion}.{number}"
    for criterion, last in ((1, 4), (2, 4), (3, 3), (4, 6), (5, 3))
    for number in range(1, last + 1)
] + [f"{criterion}.{number}" for criterion in (6, 7, 8, 9) for number in (1, 2)]
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
MEMBERS = {
    "coordinator": ("coordinator",),
    "deputy": ("deputy",),
    "sponsor": ("sponsor",),
    "assessor": ("assessor",),
    "colleague": ("assessor",),
    "facilitator": ("viewer",),
    "editor": ("editor",),
    "clerk": ("clerk",),
    "viewer": ("viewer",),
    "guest": ("guest",),
}


@dataclass
class Words:
    """The words of one organisation: by whom a text may be read, then a word of its own per place."""

    number: str
    said: set[str] = field(default_factory=set)

    def inside(self, place: str) -> str:
        """A word that only the organisation's own people may read."""
        return self._say(f"канарче{self.number}{place}")

    def public(self, place: str) -> str:
        """A word that everybody may read once it is published."""
        return self._say(f"видимо{self.number}{place}")

    def own(self, who: str, place: str) -> str:
        """A word that nobody but its author may read."""
        return self._say(f"тайна{who}{self.number}{place}")

    def address(self, who: str) -> str:
        """An e-mail address that only the organisation's own people may read."""
        return f"{self._say(f'kanarche{self.number_latin}{who}')}@town.example"

    @property
    def number_latin(self) -> str:
        return {"едно": "edno", "две": "dve"}[self.number]

    def _say(self, word: str) -> str:
        self.said.add(word)
        return word


@dataclass
class Cycle:
    """One self-assessment with something at every place of it."""

    assessment: Assessment
    evidence: Evidence
    seat: Seat
    gathering: Gathering
    material: Material
    document: OfficialDocument
    item: CommunicationItem
    notice: Notice
    statement: Statement | None = None
    dissent: Dissent | None = None
    meeting: Meeting | None = None  # one that has ended
    running: Round | None = None  # the vote of the one that is going on
    calibration: Calibration | None = None
    ask: EvidenceRequest | None = None
    thing: Received | None = None


@dataclass
class Town:
    """One organisation with its people, its lists and a cycle in every state."""

    words: Words
    organisation: Organisation
    people: dict[str, Membership]
    unit: Unit
    spare: Membership
    invited: Membership
    token: str
    edition: FrameworkEdition
    logo: StoredFile
    notification: Notification
    cycles: dict[str, Cycle] = field(default_factory=dict)
    surveys: dict[str, Asked] = field(default_factory=dict)
    plans: dict[str, Planned] = field(default_factory=dict)
    feedbacks: dict[str, Given] = field(default_factory=dict)
    indicator: Indicator | None = None
    value: Value | None = None
    kept: str = ""

    @property
    def slug(self) -> str:
        return str(self.organisation.slug)

    @property
    def spare_person(self) -> Person:
        assert self.spare.person is not None
        return self.spare.person


@dataclass
class World:
    """Both organisations, and the people who belong to neither."""

    own: Town
    foreign: Town
    operator: Person

    def person(self, role: str) -> Person | None:
        """Who walks in a role; None is the anonymous visitor."""
        if role == "anonymous":
            return None
        if role == "operator":
            return self.operator
        member = self.foreign.people["coordinator"] if role == "stranger" else self.own.people[role]
        return member.person


def build() -> World:
    """Build everything in the database of the test; the same every time but for ids."""
    with translation.override("bg"):
        own, foreign = a_town("едно"), a_town("две")
    operator = Person.objects.create_user(
        "operator@platform.example", "a long enough password", name="Оператор", is_operator=True
    )
    EmailAddress.objects.create(user=operator, email=operator.email, verified=True, primary=True)
    return World(own, foreign, operator)


def a_file(organisation: Organisation, word: str, name: str = "file.txt") -> StoredFile:
    return files.keep(
        word.encode(), name=name, content_type="text/plain", organisation=organisation.pk, by="", at=AT
    )


def a_town(number: str) -> Town:
    words = Words(number)
    organisation = an_organisation(
        f"town-{words.number_latin}",
        name=words.public("град"),
        name_en=words.public("град"),
        register_number=words.inside("булстат")[:20],
        territory_code=words.inside("екатте")[:20],
    )
    organisation.logo = files.keep(
        PNG, name="logo.png", content_type="image/png", organisation=organisation.pk, by="", at=AT
    )
    organisation.save()
    unit = Unit.objects.create(organisation=organisation, name=words.inside("звено"), position=0)
    Unit.objects.create(organisation=organisation, parent=unit, name=words.inside("отдел"), position=0)
    Unit.objects.create(organisation=organisation, name=words.inside("дирекция"), position=1)
    people = {who: someone(words, organisation, who, roles, unit) for who, roles in MEMBERS.items()}
    people["guest"].valid_until = timezone.localdate() + timedelta(days=300)
    people["guest"].save()
    someone(words, organisation, "former", ("viewer",), unit, left_at=AT, left_reason=words.inside("причина"))
    invited, token = an_invited(words, organisation)
    town = Town(
        words=words,
        organisation=organisation,
        people=people,
        unit=unit,
        spare=someone(words, organisation, "spare", ("viewer",), unit),
        invited=invited,
        token=token,
        edition=own_edition(words, organisation),
        logo=organisation.logo,
        notification=a_notification(words, organisation, people["assessor"]),
    )
    an_audit_trail(town)
    an_own_wording(town)
    for state in reversed(State.values):
        town.cycles[state] = a_cycle(town, state)
    for state in ("entered", "entering"):
        town.cycles[state] = replace(town.cycles["approved"], assessment=an_entered_cycle(town, state))
    town.surveys = the_surveys(town)
    town.plans = the_plans(town)
    town.feedbacks = the_feedbacks(town)
    town.indicator, town.value = an_indicator(organisation, words.inside("показател"))
    town.kept = a_kept_form(town)
    a_calendar(people["colleague"], town.token)
    return town


def a_calendar(member: Membership, token: str) -> None:
    """The private address of somebody's calendar."""
    assert member.person is not None
    CalendarLink.objects.create(person=member.person, digest=digest_of(CALENDAR, token), made_at=AT)


def a_notification(words: Words, organisation: Organisation, member: Membership) -> Notification:
    assert member.person is not None
    return Notification.objects.create(
        organisation=organisation,
        person=member.person,
        kind="report.approved",
        path=f"/o/{organisation.slug}/",
        facts={"title": words.own("оценител", "известие")},
        made_at=AT,
    )


def someone(
    words: Words, organisation: Organisation, who: str, roles: tuple[str, ...], unit: Unit, **fields: Any
) -> Membership:
    member = a_member(
        organisation,
        *roles,
        name=words.inside(who),
        position=words.inside(f"длъжност{who}"),
        unit=unit,
        **fields,
    )
    person, address = member.person, words.address(who)
    assert person is not None
    EmailAddress.objects.filter(user=person).update(email=address)
    person.email = member.email = address
    person.save()
    member.save()
    return member


def an_invited(words: Words, organisation: Organisation) -> tuple[Membership, str]:
    member = Membership.objects.create(
        organisation=organisation,
        name=words.inside("поканен"),
        email=words.address("invited"),
        roles=["viewer"],
        joined_at=AT,
    )
    token = f"token-{words.number_latin}-0123456789"
    Invitation.objects.create(
        organisation=organisation,
        membership=member,
        token_hash=hash_of(token),
        made_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=7),
    )
    return member, token


def own_edition(words: Words, organisation: Organisation) -> FrameworkEdition:
    """A framework of the organisation's own."""
    shipped = an_edition("principles-12")
    text = shipped.content.replace('"bg":"', f'"bg":"{words.inside("рамка")} ', 3)
    return FrameworkEdition.objects.create(
        organisation=organisation,
        code=f"own-{words.number_latin}",
        version="1",
        content=text,
        fingerprint=sha256(text.encode()).hexdigest(),
        added_at=AT,
    )


def an_audit_trail(town: Town) -> None:
    audit.record(
        "unit.added",
        organisation=town.organisation.pk,
        actor=town.people["coordinator"].person_id,
        target=town.unit,
        payload={"name": town.words.inside("одит")},
        at=AT,
    )


def an_own_wording(town: Town) -> None:
    """The organisation's own explanation and example of a sub-criterion."""
    OwnWording.objects.create(
        organisation=town.organisation,
        framework="caf-2020",
        code="1.1",
        language="bg",
        explanation=town.words.inside("обяснение"),
        examples=town.words.inside("пример"),
        changed_at=AT,
        changed_by=town.people["coordinator"],
    )


def a_kept_form(town: Town) -> str:
    """A form that the assessor sent after the sign-in had expired."""
    token = f"kept-{town.words.number_latin}"
    path = f"/o/{town.slug}/a/{town.cycles['assessing'].assessment.pk}/my/1.2/"
    KeptForm.objects.create(
        token=token,
        owner=str(town.people["assessor"].person_id),
        path=path,
        body="version=0&score=30&reason=" + town.words.own("оценител", "форма"),
        kept_at=timezone.now(),
        expires_at=timezone.now() + timedelta(days=1),
    )
    return token


def an_entered_cycle(town: Town, state: str) -> Assessment:
    """A cycle done elsewhere: finished, or still being entered."""
    words = town.words
    assessment = an_assessment(
        town.organisation,
        state=State.APPROVED if state == "entered" else State.REPORTING,
        is_entered=True,
        title=words.inside(f"самооценка{state}"),
        period_from=date(2018, 1, 1),
        period_until=date(2019, 12, 31),
    )
    cycle = EnteredCycle.objects.create(
        assessment=assessment,
        report=an_order(town, state),
        entered_at=AT,
        entered_by=town.people["coordinator"],
        finished_at=AT if state == "entered" else None,
    )
    Correction.objects.create(
        cycle=cycle, at=AT, by=town.people["coordinator"], reason=words.inside(f"поправка{state}")
    )
    Agreement.objects.create(assessment=assessment, code="1.1", state="agreed", values={"score": 30})
    Statement.objects.create(
        assessment=assessment, code="1.1", kind="strength", text=words.inside(f"сила{state}")
    )
    return assessment


# --- one cycle ------------------------------------------------------------------------------------
def a_cycle(town: Town, state: str) -> Cycle:
    words, people = town.words, town.people
    say = words.public if state == State.PUBLISHED else words.inside
    assessment = an_assessment(
        town.organisation,
        people["colleague"],
        people["assessor"],
        state=State.REPORTING if state in {"approved", "published"} else state,
        title=say(f"самооценка{state}"),
        scope=say(f"обхват{state}"),
        locked_at=None if state in {"planning", "assessing"} else AT,
        lock_at=None if state == "planning" else timezone.now() + timedelta(days=3),
        report_due=date(2027, 3, 1),
        period_from=date(2024, 1, 1),
        period_until=date(2025, 12, 31),
    )
    cycle = a_full_plan(town, assessment, state)
    if state != "planning":
        the_sheets(town, assessment, state)
    if state not in {"planning", "assessing"}:
        the_agreement(cycle, say, state)
    if state == "agreeing":
        the_meetings(town, cycle)
    if state in {"reporting", "approved", "published"}:
        the_report(town, cycle, state)
    a_request(town, cycle, state)
    if state == "assessing":
        the_practice(town, cycle)
        Assessment.objects.filter(pk=assessment.pk).update(
            previous=town.cycles["published"].assessment, version=1
        )
    return cycle


def a_full_plan(town: Town, assessment: Assessment, state: str) -> Cycle:
    words, people, organisation = town.words, town.people, town.organisation
    group = assessment.group
    group.mandate = words.inside(f"мандат{state}")
    group.save()
    a_seat(assessment, people["facilitator"], "facilitator", 8)
    guest = a_seat(assessment, people["guest"], "consultant", 9)
    guest.until = timezone.localdate() + timedelta(days=200)
    guest.save()
    seat = Seat.objects.get(group=group, holder=people["assessor"])
    seat.substitute = town.spare
    seat.save()
    document = an_order(town, state)
    assessment.order = document
    assessment.save()
    gathering, material = the_gatherings(town, assessment, state)
    plan = assessment.communication
    CommunicationItem.objects.create(
        plan=plan, message=words.inside(f"новина{state}"), medium="-", audience="-", date=DAY, done_at=DAY
    )
    return Cycle(
        assessment=assessment,
        evidence=the_shelf(town, assessment, state),
        seat=seat,
        gathering=gathering,
        material=material,
        document=document,
        item=CommunicationItem.objects.create(
            plan=plan,
            message=words.inside(f"съобщение{state}"),
            medium=words.inside(f"средство{state}"),
            audience=words.inside(f"аудитория{state}"),
            date=DAY,
        ),
        notice=the_notices(organisation, assessment, words, state),
    )


def an_order(town: Town, state: str) -> OfficialDocument:
    return OfficialDocument.objects.create(
        organisation=town.organisation,
        kind="order",
        # The number of the order stands in the published introduction.
        number=(town.words.public if state == State.PUBLISHED else town.words.inside)(f"заповед{state}"),
        date=DAY,
        title=town.words.inside(f"относно{state}"),
        way=town.words.inside(f"начин{state}"),
        file=a_file(town.organisation, town.words.inside(f"подписана{state}")),
        added_at=AT,
    )


def the_notices(organisation: Organisation, assessment: Assessment, words: Words, state: str) -> Notice:
    plan = assessment.communication
    Notice.objects.create(
        plan=plan, title=words.inside(f"обява{state}"), body=words.inside(f"обявено{state}"), shared_at=AT
    )
    return Notice.objects.create(
        plan=plan, title=words.inside(f"чернова{state}"), body=words.inside(f"чернотекст{state}")
    )


def the_gatherings(town: Town, assessment: Assessment, state: str) -> tuple[Gathering, Material]:
    words, made = town.words, []
    for kind in ("meeting", "briefing", "training"):
        gathering = Gathering.objects.create(
            organisation=town.organisation,
            group=assessment.group,
            kind=kind,
            title=words.inside(f"{kind}{state}"),
            from_date=DAY,
            until_date=DAY,
            place=words.inside(f"място{kind}{state}"),
            lecturer=words.inside(f"лектор{kind}{state}"),
            way=words.inside(f"ред{kind}{state}"),
            unit=town.unit,
            notes=words.inside(f"бележки{kind}{state}"),
        )
        Attendance.objects.create(gathering=gathering, name=words.inside(f"участник{kind}{state}"))
        Attendance.objects.create(
            gathering=gathering, member=town.people["viewer"], name=town.people["viewer"].name
        )
        made.append(gathering)
    material = Material.objects.create(
        gathering=made[-1],
        title=words.inside(f"материал{state}"),
        file=a_file(town.organisation, words.inside(f"слайдове{state}")),
    )
    return made[-1], material


def the_shelf(town: Town, assessment: Assessment, state: str) -> Evidence:
    words = town.words
    for kind, details in (
        ("note", {}),
        ("link", {}),
        (
            "indicator",
            {
                "measure": "%",
                "values": {"2024": "40", "2025": "45"},
                "target": "50",
                "better": "higher",
                "source": words.inside(f"източник{state}"),
            },
        ),
        ("survey", {"wave": "2025", "n": 120, "method": words.inside(f"анкета{state}")}),
    ):
        made = an_evidence(town, assessment, state, kind, details=details)
        EvidenceUse.objects.create(evidence=made, code="1.1", page="4")
    hidden = an_evidence(town, assessment, state, "note", "скрито", only_coordinator=True)
    EvidenceUse.objects.create(evidence=hidden, code="6.1")
    stored = a_file(town.organisation, words.inside(f"файл{state}"))
    document = an_evidence(town, assessment, state, "document", file=stored)
    EvidenceUse.objects.create(evidence=document, code="1.1", page=words.inside(f"стр{state}")[:60])
    return document


def a_request(town: Town, cycle: Cycle, state: str) -> None:
    """What a colleague was asked for and has sent, and the link of it."""
    words, today = town.words, timezone.localdate()
    cycle.ask = EvidenceRequest.objects.create(
        assessment=cycle.assessment,
        what=words.inside(f"искане{state}"),
        codes=["1.1"],
        due=today + timedelta(days=5),
        name=words.inside(f"колегаотвън{state}"),
        email=words.address(f"outside{state}"),
        asked_by=town.people["coordinator"],
        asked_at=AT,
        written_at=AT,
        state="received",
    )
    stored = a_file(town.organisation, words.inside(f"получено{state}"))
    cycle.thing = Received.objects.create(request=cycle.ask, kind="document", file=stored, at=AT)
    Received.objects.create(request=cycle.ask, kind="note", text=words.inside(f"отговор{state}"), at=AT)
    if state == "assessing":
        RequestLink.objects.create(
            request=cycle.ask, digest=digest_of("evidence.request", town.token), made_at=AT
        )


def an_evidence(
    town: Town, assessment: Assessment, state: str, kind: str, more: str = "", **fields: Any
) -> Evidence:
    words = town.words
    return Evidence.objects.create(
        assessment=assessment,
        kind=kind,
        title=words.inside(f"доказателство{kind}{more}{state}"),
        text=words.inside(f"текст{kind}{more}{state}"),
        unit=town.unit,
        year=2025,
        url=f"https://town.example/{words.number_latin}" if kind == "link" else "",
        added_by=town.people["assessor"],
        added_at=AT,
        **fields,
    )


def the_sheets(town: Town, assessment: Assessment, state: str) -> None:
    """What each of both assessors wrote; confidential until the lock, without names after it."""
    scores = {"assessor": 35, "colleague": 60}
    for who, score in scores.items():
        sheet = Sheet.objects.get(assessment=assessment, seat__holder=town.people[who])
        secret = state == "assessing"
        name = {"assessor": "оценител", "colleague": "колега"}[who]
        for code in ("1.1", "6.1"):
            places = ("сила", "област", "идея")
            texts = [town.words.own(name, f"{p}{code}") if secret else f"{p} {code}" for p in places]
            Judgement.objects.create(
                sheet=sheet,
                code=code,
                values={"score": score},
                reason=town.words.own(name, f"защо{code}") if secret else "",
                lines={
                    kind: [{"id": f"{kind}1", "text": text, "named": False}]
                    for kind, text in zip(("strength", "area", "idea"), texts, strict=True)
                },
                ready=True,
                saved_at=AT,
            )
        if state != "assessing":
            Sheet.objects.filter(pk=sheet.pk).update(handed_in_at=AT, handed_in_by=town.people[who])


def the_practice(town: Town, cycle: Cycle) -> None:
    """A case that the group scores now; what each gave, and why, is read by nobody else."""
    made = Calibration.objects.create(
        assessment=cycle.assessment,
        case="service-centre",
        method="classical",
        opened_at=AT,
        opened_by=town.people["coordinator"],
    )
    for who, name in (("assessor", "оценител"), ("colleague", "колега")):
        Trial.objects.create(
            calibration=made,
            seat=Seat.objects.get(group=cycle.assessment.group, holder=town.people[who]),
            round=1,
            values={"5.2": {"score": 40}, "6.1": {"score": 50}},
            reasons={"5.2": town.words.own(name, "пробно"), "6.1": ""},
        )
    cycle.calibration = made


def the_agreement(cycle: Cycle, say: Any, state: str) -> None:
    assessment = cycle.assessment
    is_open = state == "agreeing"
    Agreement.objects.bulk_create(
        Agreement(
            assessment=assessment,
            code=code,
            state="open" if is_open and code == "1.1" else "agreed",
            values={} if is_open and code == "1.1" else {"score": 45},
            justification=say(f"обосновка{state}") if code == "1.2" else "",
            agreed_at=AT,
        )
        for code in CODES
    )
    first = Agreement.objects.get(assessment=assessment, code="1.1")
    cycle.dissent = Dissent.objects.create(agreement=first, text=say(f"особено{state}"), at=AT)
    for kind in ("strength", "area", "idea"):
        source = Contribution.objects.create(
            assessment=assessment, code="1.1", kind=kind, text=say(f"принос{kind}{state}")
        )
        statement = Statement.objects.create(
            assessment=assessment, code="1.1", kind=kind, text=say(f"съгласувано{kind}{state}")
        )
        statement.sources.add(source)
        Contribution.objects.create(
            assessment=assessment, code="1.1", kind=kind, text=say(f"свободно{kind}{state}")
        )
        cycle.statement = statement


def the_meetings(town: Town, cycle: Cycle) -> None:
    """A meeting that has ended, and one in which a vote is going on."""
    led: Any = {"viewer": as_viewer(town.people["coordinator"]), "assessment": cycle.assessment, "at": AT}
    meeting.open_meeting(**led)
    meeting.take_up(**led, code="1.1", leaving="")
    seats = list(cycle.assessment.group.seats.values_list("pk", flat=True))
    meeting.mark_present(**led, seats=seats)
    cycle.meeting = meeting.end_meeting(**led)
    meeting.open_meeting(**led)
    meeting.take_up(**led, code="1.1", leaving="")
    meeting.mark_present(**led, seats=seats)
    cycle.running = meeting.open_vote(**led, code="1.1", seconds=0)
    WallLink.objects.create(
        meeting=cycle.running.meeting, digest=digest_of("meeting.wall", town.token), made_at=AT
    )


# --- the report -----------------------------------------------------------------------------------
PUBLISHED_PARTS = ("introduction", "results", "findings", "measures")


def the_report(town: Town, cycle: Cycle, state: str) -> None:
    """Texts, a draft and a submitted revision; or one that is approved, or approved and published."""
    words, assessment = town.words, cycle.assessment
    for key in ("introduction", "group", "measures"):
        say = words.public if state == "published" and key != "group" else words.inside
        ReportSection.objects.create(
            report=assessment.report, key=key, text=say(f"раздел{key}{state}"), saved_at=AT
        )
    coordinator, sponsor = as_viewer(town.people["coordinator"]), as_viewer(town.people["sponsor"])
    revision = report.make_revision(viewer=coordinator, assessment=assessment, language="bg", at=AT)
    if state == "reporting":
        submitted = report.make_revision(viewer=coordinator, assessment=assessment, language="bg", at=AT)
        report.submit(viewer=coordinator, revision=submitted, at=AT)
        return
    report.submit(viewer=coordinator, revision=revision, at=AT)
    report.approve(viewer=sponsor, revision=revision, at=AT)
    if state == "published":
        report.publish(viewer=coordinator, revision=revision, parts=PUBLISHED_PARTS, at=AT)
        build_documents.func(str(revision.pk))
    assessment.refresh_from_db()
    assessment.report.refresh_from_db()
