"""The external feedback on the town's first cycle and its plan, and the label that it led to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from merilo.assessment.api import approved_on
from merilo.assessment.models import Assessment
from merilo.core.periods import months_after
from merilo.feedback.actions import deciding, judging, preparing
from merilo.feedback.actions.preparing import Preparation, Start
from merilo.feedback.models import Actor, Feedback
from merilo.feedback.queries.feedbacks import scheme_of
from merilo.feedback.queries.marks import Given
from merilo.feedback.rules.scheme import Item, Pillar
from merilo.improvement.models import Plan
from merilo.site.demo.scene import Scene

SCHEME, AWARD = "caf-effective-user", "effective-user"
AFTER_MONTHS = 10  # after the approval of the report
CARRIED_OUT = timedelta(days=60)  # of the plan, at least
BETTER = {"1", "3", "5", "9"}  # steps with four points, the others have three or four
REMARKS = {
    "1.1": "Заповедта е ясна и е обявена пред всички служители.",
    "2.2": "Служителите в кметствата са научили за самооценяването по-късно от останалите.",
    "5.2": "Протоколите показват, че групата е обсъждала доказателствата по всеки подкритерий.",
    "7.4": "За четири мерки няма показател, по който да се види резултатът.",
    "9.2": "Ръководството преглежда напредъка всеки месец.",
}
TEXTS = {
    "summary": "Общината е провела самооценяването сериозно и с участието на всички дирекции. "
    "Най-важните мерки са започнали и имат отговорници.",
    "strengths-process": "- Групата работи по ясни правила.\n- Оценките стъпват на доказателства.",
    "ideas-process": "- Включете кметствата още в началото.",
    "strengths-improvement": "- Всяка мярка има отговорник и срок.",
    "ideas-improvement": "- Добавете показател към мерките, които нямат.\n- Отчитайте напредъка публично.",
    "ideas-maturity": "- Опишете как се избират партньорите и какво носи всяко партньорство.",
}
AGENDA = "10:00 – разговор с кмета\n11:00 – групата за самооценка\n14:00 – служители от две дирекции"
RESPONSE = "Приемаме препоръките. Показатели за всички мерки ще има в следващия план."


def applied_on(report: date, plan: date) -> date:
    """The day of the application, a Monday, by those on which report and plan were approved."""
    first = max(months_after(report, AFTER_MONTHS), plan + CARRIED_OUT)
    return first + timedelta(days=-first.weekday() % 7)


class Evaluation:
    """Apply, be visited, get the report and the label: each noted for its day, all in the past."""

    def __init__(self, town: Scene, past: Assessment, plan: Plan, *, after: date) -> None:
        approved = approved_on(past)
        assert approved is not None  # noqa: S101  the first cycle is published
        self.town, self.past, self.plan = town, past, plan
        self.first = applied_on(approved, after)
        self.guest = town.members["stoimenov"]
        self.lead = town.viewer(self.guest)

    def note(self) -> None:
        """For the time when the plan is carried out."""
        for day, act in (
            (0, self._apply),
            (3, self._hand_in),
            (22, self._judge),
            (31, self._hand_over),
            (50, self._decide),
            (56, self._respond),
            (60, self._show),
        ):
            on = datetime.combine(self.first + timedelta(days=day), time(11), tzinfo=self.town.calendar.zone)
            self.town.happens(on, act)

    def _now(self) -> Feedback:
        return Feedback.objects.select_related("organisation", "assessment", "plan").get(assessment=self.past)

    def _apply(self, at: datetime) -> None:
        viewer, guest = self.town.coordinator, self.guest
        plan = Plan.objects.select_related("organisation").get(pk=self.plan.pk)
        feedback = preparing.start(viewer=viewer, start=Start(SCHEME, self.past, plan), at=at)
        until = max(guest.valid_until or self.first, self.first + timedelta(days=90))
        Actor.objects.create(feedback=feedback, membership=guest, is_lead=True, until=until, invited_at=at)
        preparation = Preparation(
            note="Искаме да знаем дали мерките ни са достатъчно измерими.",
            visit_on=self.first + timedelta(days=21),
            agenda=AGENDA,
            released=("report", "evidence", "plan"),
        )
        preparing.prepare(viewer=viewer, feedback=self._now(), preparation=preparation, version=1, at=at)

    def _hand_in(self, at: datetime) -> None:
        preparing.hand_in(viewer=self.town.coordinator, feedback=self._now(), at=at)

    def _judge(self, at: datetime) -> None:
        lead, marks = self.lead, dict(_marks(self._now()))
        judging.save_own(viewer=lead, feedback=self._now(), marks=marks, version=1, at=at)
        judging.close_own(viewer=lead, feedback=self._now(), at=at)
        judging.save_joint(viewer=lead, feedback=self._now(), marks=marks, version=1, at=at)

    def _hand_over(self, at: datetime) -> None:
        judging.write_texts(viewer=self.lead, feedback=self._now(), texts=TEXTS, version=2, at=at)
        judging.hand_over(viewer=self.lead, feedback=self._now(), language="bg", at=at)

    def _decide(self, at: datetime) -> None:
        decision = deciding.Decision(
            award=AWARD,
            on=at.date(),
            reasons="Точките по стълбове 1 и 2 са над прага, стъпка 9 има четири точки, "
            "а по всички принципи е достигнато поне начално ниво.",
            number="ЕЦП-12",
        )
        deciding.decide(viewer=self.lead, feedback=self._now(), decision=decision, at=at)

    def _respond(self, at: datetime) -> None:
        deciding.respond(viewer=self.town.coordinator, feedback=self._now(), text=RESPONSE, at=at)

    def _show(self, at: datetime) -> None:
        """The town shows its label to everybody."""
        label = self._now().label
        facts = deciding.LabelFacts(
            label.number, label.granted_on, label.valid_until, label.remind_on, shown=True
        )
        deciding.keep_label(viewer=self.town.coordinator, feedback=self._now(), facts=facts, version=1, at=at)


def _marks(feedback: Feedback) -> Iterator[tuple[str, Given]]:
    """Points of every question, with a remark where there is one."""
    for pillar, item in scheme_of(feedback).items():
        for place, question in enumerate(item.questions):
            yield question.code, Given(_points(pillar, item, place), REMARKS.get(question.code, ""))


def _points(pillar: Pillar, item: Item, place: int) -> int:
    if pillar.scale == "maturity":
        return 2 if item.code in {"p2", "p3"} else 1
    return 4 if item.code in BETTER or place == 0 else 3
