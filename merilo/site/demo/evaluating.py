"""The external feedback on the town's first cycle, and the label that it led to."""

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
from merilo.organisations.viewers import Viewer
from merilo.site.demo.scene import Scene

SCHEME, AWARD = "caf-effective-user", "effective-user"
AFTER_MONTHS = 8  # after the approval of the report
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
RESPONSE = "Приемаме препоръките. Показатели за всички мерки ще има в следващия план."


def evaluate(town: Scene, past: Assessment) -> Feedback:
    """Apply, be visited, get the report and the label, all in the past."""
    approved = approved_on(past)
    assert approved is not None  # noqa: S101  the first cycle is published
    first = months_after(approved, AFTER_MONTHS)
    guest = town.members["stoimenov"]

    def at(days: int) -> datetime:
        return datetime.combine(first + timedelta(days=days), time(11), tzinfo=town.calendar.zone)

    feedback = preparing.start(viewer=town.coordinator, start=Start(SCHEME, past, None), at=at(0))
    until = max(guest.valid_until or first, first + timedelta(days=90))
    Actor.objects.create(feedback=feedback, membership=guest, is_lead=True, until=until, invited_at=at(1))
    _prepare(town, feedback, first, at(2))
    preparing.hand_in(viewer=town.coordinator, feedback=_now(feedback), at=at(3))
    lead = town.viewer(guest)
    marks = dict(_marks(feedback))
    judging.save_own(viewer=lead, feedback=_now(feedback), marks=marks, version=1, at=at(20))
    judging.close_own(viewer=lead, feedback=_now(feedback), at=at(25))
    judging.save_joint(viewer=lead, feedback=_now(feedback), marks=marks, version=1, at=at(26))
    judging.write_texts(viewer=lead, feedback=_now(feedback), texts=TEXTS, version=2, at=at(30))
    judging.hand_over(viewer=lead, feedback=_now(feedback), language="bg", at=at(31))
    _decide(lead, feedback, at(50))
    deciding.respond(viewer=town.coordinator, feedback=_now(feedback), text=RESPONSE, at=at(55))
    _show(town, feedback, at(60))
    return feedback


def _now(feedback: Feedback) -> Feedback:
    return Feedback.objects.select_related("organisation", "assessment", "plan").get(pk=feedback.pk)


def _prepare(town: Scene, feedback: Feedback, first: date, at: datetime) -> None:
    preparation = Preparation(
        note="Искаме да знаем дали мерките ни са достатъчно измерими.",
        visit_on=first + timedelta(days=21),
        agenda="10:00 – разговор с кмета\n11:00 – групата за самооценка\n14:00 – служители от две дирекции",
        released=("report", "evidence"),
    )
    preparing.prepare(viewer=town.coordinator, feedback=feedback, preparation=preparation, version=1, at=at)


def _marks(feedback: Feedback) -> Iterator[tuple[str, Given]]:
    """Points of every question, with a remark where there is one."""
    for pillar, item in scheme_of(feedback).items():
        for place, question in enumerate(item.questions):
            yield question.code, Given(_points(pillar, item, place), REMARKS.get(question.code, ""))


def _points(pillar: Pillar, item: Item, place: int) -> int:
    if pillar.scale == "maturity":
        return 2 if item.code in {"p2", "p3"} else 1
    return 4 if item.code in BETTER or place == 0 else 3


def _decide(lead: Viewer, feedback: Feedback, at: datetime) -> None:
    decision = deciding.Decision(
        award=AWARD,
        on=at.date(),
        reasons="Точките по стълбове 1 и 2 са над прага, стъпка 9 има четири точки, "
        "а по всички принципи е достигнато поне начално ниво.",
        number="ЕЦП-12",
    )
    deciding.decide(viewer=lead, feedback=_now(feedback), decision=decision, at=at)


def _show(town: Scene, feedback: Feedback, at: datetime) -> None:
    """The town shows its label to everybody."""
    label = _now(feedback).label
    facts = deciding.LabelFacts(
        label.number, label.granted_on, label.valid_until, label.remind_on, shown=True
    )
    deciding.keep_label(viewer=town.coordinator, feedback=_now(feedback), facts=facts, version=1, at=at)
