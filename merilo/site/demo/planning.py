"""A self-assessment of the demo from the order to the opening: plan, documents, group, trainings, notices."""

from __future__ import annotations

from datetime import datetime

from merilo.assessment.actions import communication, documents, groups, planning
from merilo.assessment.models import Assessment, StepPlan
from merilo.assessment.queries import frameworks
from merilo.core.periods import years
from merilo.groups.api import (
    Function,
    GatheringFacts,
    GatheringKind,
    SeatChange,
    gatherings_of,
    record_gathering,
    set_attendance,
)
from merilo.organisations.api import MessageFacts
from merilo.organisations.models import Membership
from merilo.site.demo import content, papers
from merilo.site.demo.content import Node
from merilo.site.demo.scene import Day, Scene, working_days

MEETING = {"bg": "Среща за съгласуване на оценките", "en": "Meeting to agree the scores"}
ACQUAINTED = {"bg": "Запознати: %d служители", "en": "%d employees acquainted"}
ON_STAFF = {
    "bg": "Запознаване на служителите със самооценката",
    "en": "Staff acquainted with the self-assessment",
}
FUNCTIONS = {
    "facilitator": Function.FACILITATOR,
    "observer": Function.OBSERVER,
    "consultant": Function.CONSULTANT,
}


def day_of(node: Node, key: str = "offset") -> Day:
    """The day of an entry: a fixed date, or days counted from today."""
    found: Day = node["date"] if "date" in node else node[key]
    return found


def begin(scene: Scene, node: Node, *, previous: Assessment | None = None) -> Assessment:
    """Start the assessment and plan its ten steps as the content says."""
    schedule = {row["step"]: row for row in node["schedule"]}
    at = scene.calendar.at(schedule[1]["start"], 9, 30)
    viewer = scene.coordinator
    assessment = planning.start_assessment(
        viewer=viewer,
        choice=frameworks.choice(viewer, node.get("framework", "caf-2020")),
        facts=planning.PlanFacts(
            title=scene.voice(node["title"]),
            method=node["method"],
            period=years(node["period"]["from"], node["period"]["until"]),
            scope=scene.voice(node["scope"]),
            report_due=scene.calendar.day(schedule[6]["due"]),
            previous=previous,
        ),
        at=at,
    )
    rows = {number: _step(scene, row) for number, row in schedule.items()}
    planning.plan_steps(viewer=viewer, assessment=assessment, rows=rows, at=at)
    return assessment


def _step(scene: Scene, row: Node) -> planning.StepFacts:
    return planning.StepFacts(owner=scene.roles[row["owner"]], due=scene.calendar.day(row["due"]))


def date_steps(scene: Scene, assessment: Assessment, node: Node) -> None:
    """Give the steps the days on which they began and ended, where these lie in the past."""
    for row in node["schedule"]:
        begun = scene.calendar.moment(row["start"], 9)
        if begun > scene.calendar.now:
            continue
        done = scene.calendar.moment(row["done"], 17) if "done" in row else None
        StepPlan.objects.filter(assessment=assessment, number=row["step"]).update(
            begun_at=begun, done_at=done
        )


def register(scene: Scene, assessment: Assessment, node: Node, key: str, place: str) -> None:
    """Record one official document under its number and date."""
    facts, day = node[key], scene.calendar.day(day_of(node[key]))
    title = scene.voice(facts.get("title", node["title"]))
    document = documents.DocumentFacts(
        number=scene.voice(facts["number"]),
        date=day,
        title=title,
        way=scene.voice(facts.get("way", "")),
        file=papers.signed(scene, facts, title=title, day=day),
    )

    def act(at: datetime) -> None:
        documents.record_document(
            viewer=scene.coordinator, assessment=assessment, place=place, facts=document, at=at
        )

    scene.happens(scene.calendar.at(day, 15), act)


def compose(scene: Scene, assessment: Assessment, *, on: Day) -> None:
    """Seat the ten assessors (the first is the chair), the facilitator and those who only listen."""
    standing_in = _substitutes(scene)
    for number, holder in sorted(scene.assessors.items()):
        function = Function.CHAIR if number == 1 else Function.MEMBER
        _seat(scene, assessment, holder, SeatChange(function, standing_in.get(number)), on)
    for role, function in FUNCTIONS.items():
        if role in scene.roles:
            change = SeatChange(function, until=scene.roles[role].valid_until)
            _seat(scene, assessment, scene.roles[role], change, on)


def _substitutes(scene: Scene) -> dict[int, Membership]:
    """Who stands in for which seat; a person stands in for one seat only, the last one named."""
    entries = (entry for entry in content.town()["people"] if "for" in entry)
    found = {entry["for"][-1]: scene.members.get(entry["key"]) for entry in entries}
    return {number: member for number, member in found.items() if member is not None}


def _seat(scene: Scene, assessment: Assessment, holder: Membership, change: SeatChange, on: Day) -> None:
    def act(at: datetime) -> None:
        groups.add_seat(viewer=scene.coordinator, assessment=assessment, holder=holder, change=change, at=at)

    scene.happens(scene.calendar.at(on, 11), act)


def train(scene: Scene, assessment: Assessment, node: Node) -> None:
    """Record the trainings with those who took part."""
    for row in node["trainings"]:
        day = scene.calendar.day(day_of(row))
        facts = GatheringFacts(
            kind=GatheringKind.TRAINING,
            title=scene.voice(row["title"]),
            from_date=day,
            until_date=day,
            place=scene.voice(row["place"]),
            lecturer=scene.voice(row["lecturer"]),
            notes="\n".join(scene.voice(entry) for entry in row["materials"]),
        )
        named = [scene.members[key] for key in row.get("participants", ()) if key in scene.members]
        _gather(
            scene, assessment, facts, scene.calendar.at(day, 16, 30), named or list(scene.assessors.values())
        )


def _gather(
    scene: Scene, assessment: Assessment, facts: GatheringFacts, when: datetime, people: list[Membership]
) -> None:
    def act(at: datetime) -> None:
        viewer = scene.coordinator
        gathering = record_gathering(viewer=viewer, group=assessment.group, facts=facts, at=at)
        if people:
            set_attendance(viewer=viewer, gathering=gathering, members=people, names=(), at=at)

    scene.happens(when, act)


def meet(scene: Scene, assessment: Assessment, node: Node) -> None:
    """Put the meetings of the agreement on the calendar when the assessment is opened."""
    at = scene.calendar.at(node["schedule"][4]["start"], 8, 30)
    days = [scene.calendar.day(when) for when in node["agreement_meetings"]]
    for day in working_days(days, scene.calendar.now.date()):
        facts = GatheringFacts(
            kind=GatheringKind.MEETING, title=scene.voice(MEETING), from_date=day, until_date=day
        )
        _gather(scene, assessment, facts, at, [])


def attend(scene: Scene, assessment: Assessment) -> None:
    """Note who came to the meetings that are over."""
    for meeting in gatherings_of(assessment.group, GatheringKind.MEETING):
        if scene.calendar.moment(meeting.from_date, 16) < scene.calendar.now:
            set_attendance(
                viewer=scene.coordinator,
                gathering=meeting,
                members=list(scene.assessors.values()),
                names=(),
                at=scene.calendar.at(meeting.from_date, 16, 30),
            )


def tell(scene: Scene, assessment: Assessment, node: Node) -> None:
    """The communication plan and the notice to the staff."""
    for row in node["communication"]:
        _plan_message(scene, assessment, row, scene.calendar.at(node["order"]["offset"] + 1, 14))
    notice = node["notice"]

    def act(at: datetime) -> None:
        viewer, title, body = scene.coordinator, scene.voice(notice["title"]), scene.voice(notice["body"])
        written = communication.write_notice(
            viewer=viewer, assessment=assessment, title=title, body=body, at=at
        )
        communication.share_notice(viewer=viewer, assessment=assessment, notice=written, shared=True, at=at)

    scene.happens(scene.calendar.at(notice["offset"], 9), act)


def _plan_message(scene: Scene, assessment: Assessment, row: Node, when: datetime) -> None:
    facts = MessageFacts(
        message=scene.voice(row["message"]),
        medium=scene.voice(row["medium"]),
        audience=scene.voice(row["audience"]),
        date=scene.calendar.day(row["offset"]),
    )

    def act(at: datetime) -> None:
        viewer = scene.coordinator
        item = communication.add_item(viewer=viewer, assessment=assessment, facts=facts, at=at)
        if "done" in row:
            day = scene.calendar.day(row["done"])
            communication.mark_item(viewer=viewer, assessment=assessment, item=item, done_at=day, at=at)

    scene.happens(when, act)


def acquaint(scene: Scene, assessment: Assessment, node: Node) -> None:
    """Record the ways in which the staff was acquainted with the order."""
    for row in node["acquainted"]:
        day = scene.calendar.day(row["offset"])
        facts = GatheringFacts(
            kind=GatheringKind.BRIEFING,
            title=scene.voice(ON_STAFF),
            from_date=day,
            until_date=day,
            way=scene.voice(row["way"]),
            unit=scene.units[row["unit"]],
            notes=scene.voice(ACQUAINTED) % row["count"],
        )
        _gather(scene, assessment, facts, scene.calendar.at(day, 16, 30), [])


def open_for_scoring(scene: Scene, assessment: Assessment, *, start: Day, lock: Day) -> None:
    """Give the assessors their sheets; the lock falls at 18:00."""
    planning.open_assessment(
        viewer=scene.coordinator,
        assessment=assessment,
        lock_at=scene.calendar.moment(lock, 18),
        at=scene.calendar.at(start, 9),
    )
