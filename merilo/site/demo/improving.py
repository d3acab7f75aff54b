"""The town's plan of improvement in its second year, one of before the platform, and the next as a draft."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from merilo.assessment.api import Assessment
from merilo.core.periods import Period, years
from merilo.groups.api import GatheringFacts, GatheringKind, record_gathering, set_attendance
from merilo.improvement.actions import (
    communication,
    following,
    group,
    measures,
    plans,
    priorities,
    reports,
    revisions,
    running,
    schedule,
)
from merilo.improvement.models import Activity, Measure, Plan, PlanRevision
from merilo.improvement.reporting.interim import Asked
from merilo.improvement.reporting.reports import to_publish
from merilo.improvement.rules.states import MeasureState
from merilo.indicators.api import Facts as IndicatorFacts
from merilo.indicators.api import Indicator, Measured, enter_value
from merilo.organisations.api import MessageFacts
from merilo.organisations.models import Membership
from merilo.site.demo import content, evaluating, gathering, papers
from merilo.site.demo.content import Node
from merilo.site.demo.gathering import Desk
from merilo.site.demo.scene import Scene

QUARTER = timedelta(days=90)


def improve(scene: Scene, past: Assessment, before: Assessment) -> None:
    """Make the three plans: from `past`, carried out and drafted; from `before`, copied from paper."""
    node, desk = content.plans(), gathering.desk(scene)
    past.refresh_from_db()
    plan = _begun(desk, node["running"], past)
    _planned(desk, plan, node["running"])
    _Work(desk, plan, node["running"]).note()
    evaluating.Evaluation(scene, past, plan, after=desk.day(node["running"]["approval"]["day"])).note()
    scene.play()
    _copied(desk, node["old"], before)
    _drafted(desk, node["next"], past, plan)


# --- from what was found to measures ----------------------------------------------------------
def _begun(desk: Desk, node: Node, past: Assessment) -> Plan:
    """The plan with its group, everything found, points and decisions."""
    viewer, at = desk.scene.coordinator, desk.at(node["started"], 9)
    plan = plans.start_plan(viewer=viewer, facts=gathering.facts(desk, node), sources=[past], at=at)
    gathering.seat(desk, plan, node, at)
    group.set_mandate(viewer=viewer, plan=plan, mandate=node["mandate"], version=1, at=at)
    _ordered(desk, plan, node["order"], at)
    _trained(desk, plan, node)
    _prioritised(desk, plan, node)
    return plan


def _ordered(desk: Desk, plan: Plan, node: Node, at: datetime) -> None:
    day = desk.day(node["day"])
    facts = group.OrderFacts(
        node["number"], day, node["title"], papers.signed(desk.scene, node, title=node["title"], day=day)
    )
    group.record_order(viewer=desk.scene.coordinator, plan=plan, facts=facts, at=at)


def _trained(desk: Desk, plan: Plan, node: Node) -> None:
    told, viewer = node["training"], desk.scene.coordinator
    day, at = desk.day(told["day"]), desk.at(told["day"], 16)
    facts = GatheringFacts(
        kind=GatheringKind.TRAINING,
        title=told["title"],
        from_date=day,
        until_date=day,
        place=told["place"],
        lecturer=told["lecturer"],
    )
    gathered = record_gathering(viewer=viewer, group=plan.group, facts=facts, at=at)
    came = [desk.scene.members[key] for key in node["group"]]
    set_attendance(viewer=viewer, gathering=gathered, members=came, names=(), at=at)


def _prioritised(desk: Desk, plan: Plan, node: Node) -> None:
    viewer, at = desk.scene.coordinator, desk.at(node["scored"], 15)
    rows = [*({**one, "decision": "chosen"} for one in node["measures"]), *node["kept"]]
    made = gathering.proposed(desk, plan, rows, gathering.texts(), at)
    pairs = list(zip(made, rows, strict=True))
    Plan.objects.filter(pk=plan.pk).update(factors=node["factors"])
    members = [key for key, function in node["group"].items() if function != "facilitator"]
    gathering.scored_alone(desk, plan, pairs, members, at)
    priorities.close_scores(viewer=viewer, plan=plan, at=at)
    gathering.agreed(desk, plan, pairs, at)
    at = desk.at(node["decided"], 15)
    gathering.decided(desk, plan, rows, at)
    gathering.set_rest_aside(desk, plan, node["aside"], at)


# --- measures ---------------------------------------------------------------------------------
def _planned(desk: Desk, plan: Plan, node: Node) -> None:
    """Measures with all that belongs to them, the plan's own schedule, who is told what."""
    at, viewer = desk.at(node["submitted"], 9), desk.scene.coordinator
    priorities.make_measures(viewer=viewer, plan=plan, at=desk.at(node["decided"], 16))
    made = {one.text: one for one in plan.measures.all()}
    for place, row in enumerate(node["measures"], start=1):
        measure = Measure.objects.get(pk=made[row["text"]].pk)
        measures.move_measure(viewer=viewer, measure=measure, number=place, at=at)
        _described(desk, Measure.objects.select_related("plan").get(pk=measure.pk), row, at)
    _preparations(desk, plan, node["schedule"])
    _messages(desk, plan, node["communication"])


def _described(desk: Desk, measure: Measure, row: Node, at: datetime) -> None:
    viewer = desk.scene.coordinator
    for facts in (_what(row), _who(desk, row), _means(row)):
        measures.change_measure(viewer=viewer, measure=measure, facts=facts, version=measure.version, at=at)
        measure = Measure.objects.select_related("plan").get(pk=measure.pk)
    before: Activity | None = None
    for one in row["activities"]:
        said = _activity(desk, one, before)
        before = measures.add_activity(viewer=viewer, measure=measure, facts=said, at=at)
    for one in row.get("indicators", ()):
        _aimed(desk, measure, one, at)


def _what(row: Node) -> measures.What:
    return measures.What(
        text=row["text"],
        kind=row["kind"],
        codes=tuple(row["codes"]),
        objective=row["objective"],
        goals=row.get("goals", ""),
    )


def _who(desk: Desk, row: Node) -> measures.Who:
    return measures.Who(
        first=desk.day(row["first"]),
        last=desk.day(row["last"]),
        owner=_member(desk, row["owner"]),
        deputy=_member(desk, row.get("deputy", "")),
        participants=row.get("participants", ""),
        units=[desk.scene.units[key] for key in row["units"]],
    )


def _member(desk: Desk, key: str) -> Membership | None:
    return desk.scene.members.get(key)


def _means(row: Node) -> measures.Means:
    return measures.Means(
        hours=row.get("hours"),
        euro=Decimal(row["euro"]) if "euro" in row else None,
        funding=row.get("funding", ""),
        risks=row.get("risks", ""),
        withheld=row.get("withheld", False),
    )


def _activity(desk: Desk, one: Node, before: Activity | None) -> measures.ActivityFacts:
    """An activity; it waits for the one before it where that is over by then."""
    first, last = desk.day(one["first"]), desk.day(one["last"])
    follows = (before.pk,) if before and before.last < first else ()
    return measures.ActivityFacts(one["text"], first, last, _member(desk, one["owner"]), follows=follows)


def _aimed(desk: Desk, measure: Measure, one: Node, at: datetime) -> None:
    """An indicator of a measure, and when its values are entered."""
    made = measures.begin_measured(
        viewer=desk.scene.coordinator,
        measure=measure,
        facts=_indicator(one),
        aim=measures.Aim(
            baseline=Decimal(str(one["baseline"])),
            baseline_on=measure.first,
            target=Decimal(str(one["target"])),
            days=[desk.day(day) for day, _value in one["values"]],
        ),
        at=at,
    )
    for day, value in one["values"]:
        last = desk.day(day)
        measured = Measured(Period(last - QUARTER, last), Decimal(str(value)))
        desk.scene.happens(desk.at(day, 14), partial(_entered, desk, made.indicator, measured))


def _indicator(one: Node) -> IndicatorFacts:
    return IndicatorFacts(
        code=one["code"],
        name=one["name"],
        unit=one["unit"],
        direction=one["direction"],
        target=Decimal(str(one["target"])),
        source=one.get("source", ""),
    )


def _entered(desk: Desk, indicator: Indicator, measured: Measured, at: datetime) -> None:
    enter_value(viewer=desk.scene.coordinator, indicator=indicator, measured=measured, instead=None, at=at)


def _preparations(desk: Desk, plan: Plan, rows: Sequence[Node]) -> None:
    for row in rows:
        done = desk.day(row["done"]) if "done" in row else None
        facts = schedule.PreparationFacts(
            row["text"], _member(desk, row["owner"]), desk.day(row["due"]), done
        )
        at = desk.at(row.get("done", -20), 16)
        schedule.add_preparation(viewer=desk.scene.coordinator, plan=plan, facts=facts, at=at)


def _messages(desk: Desk, plan: Plan, rows: Sequence[Node]) -> None:
    for row in rows:
        done = desk.day(row["done"]) if "done" in row else None
        facts = MessageFacts(row["message"], row["medium"], row["audience"], desk.day(row["day"]), done)
        at = desk.at(row.get("done", -20), 16)
        communication.add_message(viewer=desk.scene.coordinator, plan=plan, facts=facts, at=at)


# --- carried out ------------------------------------------------------------------------------
class _Work:
    """Approval, reports of owners, and the amendment, each noted for its day."""

    def __init__(self, desk: Desk, plan: Plan, node: Node) -> None:
        self.desk, self.plan, self.node = desk, plan, node

    def note(self) -> None:
        node, amendment = self.node, self.node["amendment"]
        self._on(node["submitted"], 11, self._submit)
        self._on(node["approval"]["day"], 15, self._approve)
        self._on(node["published"], 9, self._publish)
        for row in node["measures"]:
            self._reports(row)
        self._on(amendment["day"], 9, self._amend)
        self._on(amendment["approved"], 15, self._approve)
        self._on(amendment["published"], 9, self._publish)
        self._reports(amendment["measure"])
        for told in node["reports"]:
            self._on(told["day"], 18, partial(self._tell, told))

    def _on(self, day: int, hour: int, act: Callable[[datetime], None]) -> None:
        self.desk.scene.happens(self.desk.at(day, hour), act)

    def _now(self) -> Plan:
        return Plan.objects.select_related("organisation", "group").get(pk=self.plan.pk)

    def _revision(self) -> PlanRevision:
        return PlanRevision.objects.select_related("plan__organisation").filter(plan=self.plan).first()  # type: ignore[return-value]

    def _submit(self, at: datetime) -> None:
        language = self.desk.scene.voice.language
        revisions.submit(viewer=self.desk.scene.coordinator, plan=self._now(), language=language, at=at)

    def _approve(self, at: datetime) -> None:
        sponsor = self.desk.scene.viewer(self.desk.scene.roles["sponsor"])
        revisions.approve(viewer=sponsor, revision=self._revision(), at=at)

    def _publish(self, at: datetime) -> None:
        revisions.publish(viewer=self.desk.scene.coordinator, revision=self._revision(), at=at)

    def _tell(self, told: Node, at: datetime) -> None:
        """Publish an interim report."""
        days = Period(self.desk.day(told["first"]), self.desk.day(told["last"]))
        wish = reports.Wish(
            Asked(days, at.date()),
            with_reports=told.get("with_reports", False),
            foreword=told["foreword"],
        )
        viewer, plan = self.desk.scene.coordinator, self._now()
        seen = to_publish(plan, wish.asked, with_reports=wish.with_reports)
        reports.publish(viewer=viewer, plan=plan, wish=wish, seen=reports.print_of(seen), at=at)

    def _amend(self, at: datetime) -> None:
        """Two measures end on another day, one comes anew; then the plan is submitted again."""
        node, viewer = self.node["amendment"], self.desk.scene.coordinator
        for row in node["moved"]:
            measure = Measure.objects.select_related("plan").get(plan=self.plan, number=row["measure"])
            dates = measures.Dates(measure.first, self.desk.day(row["last"]))
            measures.change_measure(
                viewer=viewer, measure=measure, facts=dates, version=measure.version, at=at
            )
        row = node["measure"]
        made = measures.add_measure(
            viewer=viewer, plan=self._now(), what=_what(row), who=_who(self.desk, row | {"units": ()}), at=at
        )
        _described(self.desk, Measure.objects.select_related("plan").get(pk=made.pk), row, at)
        self._submit(at)
        self.desk.scene.play()

    def _reports(self, row: Node) -> None:
        for said in row["said"]:
            self._on(said["day"], 16, partial(self._report, row, said))

    def _report(self, row: Node, said: Node, at: datetime) -> None:
        own = Measure.objects.select_related("plan__organisation")
        measure = own.get(plan=self.plan, text=row["text"])
        steps = measure.activities.order_by("first", "last", "id")
        percents = {one.pk: percent for one, percent in zip(steps, said["percents"], strict=True)}
        running.check_in(
            viewer=self.desk.scene.viewer(self.desk.scene.members[said.get("by", row["owner"])]),
            measure=measure,
            said=running.Said(
                state=MeasureState(said["state"]),
                signal=said.get("signal", ""),
                percents=percents,
                text=said["text"],
            ),
            version=measure.version,
            at=at,
        )


# --- one of before the platform ---------------------------------------------------------------
def _copied(desk: Desk, node: Node, before: Assessment) -> None:
    """A plan that was over before the platform came: entered on one day, and closed."""
    viewer, at = desk.scene.coordinator, desk.at(node["entered"], 11)
    facts = plans.PlanFacts(node["title"], Period(node["first"], node["last"]), node["purpose"])
    plan = plans.start_plan(viewer=viewer, facts=facts, sources=[before], at=at)
    gathering.set_rest_aside(desk, plan, "Решено преди въвеждането на платформата.", at)
    for row in node["measures"]:
        _copied_measure(desk, plan, row, at)
    Plan.objects.filter(pk=plan.pk).update(state="running")
    plan.refresh_from_db()
    following.close_plan(viewer=viewer, plan=plan, at=at)


def _copied_measure(desk: Desk, plan: Plan, row: Node, at: datetime) -> None:
    who = measures.Who(first=row["first"], last=row["last"], owner=_member(desk, row["owner"]))
    what = measures.What(row["text"], codes=tuple(row["codes"]))
    viewer = desk.scene.coordinator
    made = measures.add_measure(viewer=viewer, plan=plan, what=what, who=who, at=at)
    done = row["state"] == "done"
    Measure.objects.filter(pk=made.pk).update(
        state=row["state"], state_on=row["last"], percent=100 if done else 40
    )
    if "aim" in row:
        _copied_aim(desk, made, row["aim"], at)


def _copied_aim(desk: Desk, measure: Measure, one: Node, at: datetime) -> None:
    viewer = desk.scene.coordinator
    made = measures.begin_measured(
        viewer=viewer,
        measure=measure,
        facts=_indicator(one),
        aim=measures.Aim(
            baseline=Decimal(str(one["baseline"])),
            baseline_on=date(2019, 12, 31),
            target=Decimal(str(one["target"])),
        ),
        at=at,
    )
    for year, value in one["values"]:
        _entered(desk, made.indicator, Measured(years(year, year), Decimal(str(value))), at)


# --- the next one -----------------------------------------------------------------------------
def _drafted(desk: Desk, node: Node, past: Assessment, before: Plan) -> None:
    """The next plan in the middle of its work: partly brought together, scored, decided."""
    viewer, at = desk.scene.coordinator, desk.at(node["started"], 9)
    facts = gathering.facts(desk, node, before)
    plan = following.start_after(viewer=viewer, facts=facts, sources=[past], at=at)
    gathering.seat(desk, plan, node, at)
    Plan.objects.filter(pk=plan.pk).update(factors=node["factors"])
    rows, at = node["proposals"], desk.at(-8, 14)
    made = gathering.proposed(desk, plan, rows, gathering.texts(), at)
    pairs = list(zip(made, rows, strict=True))
    gathering.scored_alone(desk, plan, pairs, node["scoring"], at)
    priorities.close_scores(viewer=viewer, plan=plan, at=at)
    gathering.agreed(desk, plan, pairs, desk.at(-5, 15))
    gathering.decided(desk, plan, rows, desk.at(-3, 15))
