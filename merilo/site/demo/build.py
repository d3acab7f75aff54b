"""Builds the demo in the database: used by `merilo demo`, by tests and by `merilo bench`."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone, translation

from merilo.assessment.models import Assessment, State
from merilo.core.models import OutgoingMail
from merilo.organisations.api import NOTIFICATIONS_KEPT, forget_notifications
from merilo.organisations.models import Organisation
from merilo.site.demo import (
    agreeing,
    asking,
    content,
    earlier,
    improving,
    judging,
    overseeing,
    people,
    planning,
    practising,
    reporting,
    surveying,
    wording,
)
from merilo.site.demo.content import Node, Voice
from merilo.site.demo.scene import Calendar, Day, Scene, later

FOUNDED = date(2024, 1, 15)
ORDER = (State.PLANNING, State.ASSESSING, State.AGREEING, State.REPORTING, State.APPROVED, State.PUBLISHED)
# Days by which the running cycle is moved into the past so that each stage is reached today.
SHIFTS = {
    State.PLANNING: 30,
    State.ASSESSING: 0,
    State.AGREEING: -17,
    State.REPORTING: -34,
    State.APPROVED: -50,
    State.PUBLISHED: -54,
}


@dataclass(frozen=True, slots=True)
class Built:
    """What was built: the town with its two self-assessments, and the second organisation if asked for."""

    town: Organisation
    past: Assessment | None
    running: Assessment
    other: Organisation | None


def exists() -> bool:
    """Whether the demo is already in this database."""
    return Organisation.objects.filter(slug=content.town()["organisation"]["slug"]).exists()


@transaction.atomic
def build(
    stage: State = State.ASSESSING,
    *,
    with_past: bool = True,
    with_other: bool = True,
    signed: bool = False,
    now: datetime | None = None,
) -> Built:
    """Build the demo, the running self-assessment at `stage`; texts and numbers are always the same.

    `with_other`: also the second organisation, and a resource centre with which the town shares.
    `signed`: the past report is approved with a signed file, which takes a second to draw.
    """
    moment = now or timezone.now()
    people.outsiders(at=moment)
    with translation.override("bg"):
        town = _town(moment, SHIFTS[stage])
        past = _past_cycle(town, signed=signed) if with_past else None
        if past is not None:
            improving.improve(town, past, earlier.enter(town))
            wording.word(town)
        running = _cycle(town, stage, previous=past)
        if with_past:
            surveying.survey(town)
        if with_other:
            overseeing.share(town)
    other = _other_town(moment) if with_other else None
    _forget_old_news(moment)
    return Built(town.organisation, past, running, other)


def _forget_old_news(now: datetime) -> None:
    """Of two years only the last notifications are left, and no mail that was due long ago."""
    forget_notifications(made_before=now - NOTIFICATIONS_KEPT)
    OutgoingMail.objects.all().delete()


@dataclass(frozen=True, slots=True)
class Stages:
    """The real-size example at three stages at once, as `merilo bench` measures it."""

    town: Organisation
    assessing: Assessment
    reporting: Assessment
    other: Organisation
    agreeing: Assessment


@transaction.atomic
def build_stages() -> Stages:
    """Build the town with a cycle in the report and one in the assessment, the other in the agreement."""
    moment = timezone.now()
    people.outsiders(at=moment)
    with translation.override("bg"):
        town = _town(moment, SHIFTS[State.REPORTING])
        past = _past_cycle(town, signed=False)
        reporting_ = _cycle(town, State.REPORTING, previous=past)
        town.calendar = Calendar(moment, town.calendar.zone, SHIFTS[State.ASSESSING])
        assessing = _cycle(town, State.ASSESSING, previous=past)
    other = _other_town(moment)
    agreeing_ = Assessment.objects.get(organisation=other)
    return Stages(town.organisation, assessing, reporting_, other, agreeing_)


def _zone(node: Node) -> zoneinfo.ZoneInfo:
    return zoneinfo.ZoneInfo(node["organisation"]["time_zone"])


def _town(now: datetime, shift: int) -> Scene:
    node = content.town()
    calendar = Calendar(now, _zone(node), shift)
    return people.found(node, node["people"], Voice("bg"), calendar, on=FOUNDED)


def _past_cycle(scene: Scene, *, signed: bool) -> Assessment:
    """The first cycle: assessed, agreed, approved and published two years ago."""
    node = content.cycle("cycle-2024", later=later(scene.calendar.now.date()))
    assessment = planning.begin(scene, node)
    planning.register(scene, assessment, node, "agreement", "centre_agreement")
    planning.register(scene, assessment, node, "order", "order")
    planning.compose(scene, assessment, on=node["schedule"][2]["due"])
    planning.train(scene, assessment, node)
    planning.meet(scene, assessment, node)
    scene.play()
    start, end = node["schedule"][4]["start"], node["individual_lock"]
    planning.open_for_scoring(scene, assessment, start=start, lock=end)
    judging.fill_shelf(scene, assessment, content.items(), start=start, last_year=2023)
    items = agreeing.past_items(content.items())
    _judge_all(scene, assessment, items, start=start, until=end)
    agreeing.lock(scene, assessment, on=end)
    found = content.found()
    agreeing.agree(scene, assessment, items, on=node["agreement_meetings"], finished=True, more=found)
    planning.attend(scene, assessment)
    reporting.write_past(scene, assessment, node, signed=signed)
    planning.register(scene, assessment, node, "sent", "report_sending")
    scene.play()
    planning.date_steps(scene, assessment, node)
    return assessment


def _cycle(scene: Scene, stage: State, *, previous: Assessment | None) -> Assessment:
    """A cycle from the order up to the given stage."""
    node = content.cycle("cycle-2026")
    assessment = planning.begin(scene, node, previous=previous)
    planning.register(scene, assessment, node, "agreement", "centre_agreement")
    planning.register(scene, assessment, node, "order", "order")
    planning.tell(scene, assessment, node)
    planning.acquaint(scene, assessment, node)
    planning.compose(scene, assessment, on=node["schedule"][2]["done"])
    planning.train(scene, assessment, node)
    practising.practise(scene, assessment, on=planning.day_of(node["trainings"][-1]))
    planning.meet(scene, assessment, node)
    scene.play()
    if ORDER.index(stage) >= ORDER.index(State.ASSESSING):
        planning.open_for_scoring(
            scene, assessment, start=node["individual_start"], lock=node["individual_lock"]
        )
        _work(scene, assessment, node, stage)
    planning.date_steps(scene, assessment, node)
    return assessment


def _work(scene: Scene, assessment: Assessment, node: Node, stage: State) -> None:
    """The sheets, and after the lock the agreement and the report, as far as the stage."""
    items = agreeing.running_items(content.items())
    start, end = node["individual_start"], node["individual_lock"]
    judging.fill_shelf(scene, assessment, items, start=start, last_year=2026)
    if stage == State.ASSESSING:
        judging.judge(scene, assessment, items, period=(start, -1), progress=judging.PROGRESS)
        judging.hand_in(scene, assessment, judging.HANDED_IN, on=-1)
        asking.ask(scene, assessment, node["requests"])
        judging.remind(scene, assessment, judging.REMINDED, on=-1)
        scene.play()
        return
    _judge_all(scene, assessment, items, start=start, until=end)
    agreeing.lock(scene, assessment, on=end)
    finished = stage != State.AGREEING
    agreeing.agree(scene, assessment, items, on=node["agreement_meetings"], finished=finished)
    planning.attend(scene, assessment)
    if finished:
        reporting.write(scene, assessment, stage, on=node["report_ready"])


def _judge_all(
    scene: Scene, assessment: Assessment, items: Mapping[str, Node], *, start: Day, until: Day
) -> None:
    """Everybody writes about everything and hands in on the last day."""
    progress = {number: len(items) for number in scene.assessors}
    judging.judge(scene, assessment, items, period=(start, until), progress=progress)
    judging.hand_in(scene, assessment, tuple(progress), on=until)
    scene.play()


def _other_town(now: datetime) -> Organisation:
    """The second organisation: own people, the English twins, in the stage of the agreement."""
    node = content.other_town()
    voice = Voice("en", tuple((old, new) for old, new in node["names"]))
    calendar = Calendar(now, _zone(node), SHIFTS[State.AGREEING])
    with translation.override("en"):
        scene = people.found(node, node["people"], voice, calendar, on=-120)
        _cycle(scene, State.AGREEING, previous=None)
    return scene.organisation
