"""A town whose approved report has 125 ideas, and what its people do while the browser looks elsewhere.

`town` is built with the installation. `Backstage` is a process beside it that takes names of steps: what a
hundred clicks would do is done there through the same actions, on the days on which it happens.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
TITLE = "Самооценка на Община Тополово"
HALF_YEAR = timedelta(days=183)
PEOPLE = {
    "coordinator": ("coordinator", "Ралица Стоева", "Директор на дирекция „Правно и административно“"),
    "member": ("assessor", "Петя Начева", "Началник на отдел „Бюджет“"),
    "other": ("assessor", "Георги Лалев", "Старши експерт „Човешки ресурси“"),
    "owner": ("viewer", "Стоян Велев", "Началник на отдел „Местно развитие“"),
    "mayor": ("sponsor", "Магдалена Иванова", "Кмет"),
}

# Sub-criterion, what is done in two forms of the verb, and to what.
TOPICS = (
    ("1.1", "се обнови", "Обновяване на", "мисията и визията с участието на служителите"),
    ("1.2", "се въведат", "Въвеждане на", "карти на основните работни процеси"),
    ("1.2", "се създаде", "Създаване на", "електронен регистър на рисковете по дирекции"),
    ("1.3", "се проведат", "Провеждане на", "тримесечни срещи на кмета с екипите"),
    ("1.3", "се въведе", "Въвеждане на", "поощрение за добри хрумвания отдолу"),
    ("1.4", "се сключат", "Сключване на", "споразумения с неправителствени организации за общи проекти"),
    ("1.4", "се излъчват", "Излъчване на", "заседанията на общинския съвет в интернет"),
    ("2.1", "се проведе", "Провеждане на", "ежегодна анкета сред бизнеса за административното обслужване"),
    ("2.1", "се изгради", "Изграждане на", "обща база данни за потребностите на кварталите"),
    ("2.2", "се определят", "Определяне на", "измерими показатели към целите за развитие"),
    ("2.2", "се изготви", "Изготвяне на", "шестмесечен отчет за изпълнението на стратегията"),
    ("2.3", "се публикува", "Публикуване на", "кратка версия на годишния план за гражданите"),
    ("2.4", "се учреди", "Учредяване на", "фонд за малки иновации в дирекциите"),
    ("3.1", "се изготви", "Изготвяне на", "план за приемственост на ключовите длъжности"),
    ("3.1", "се опрости", "Опростяване на", "процедурата за назначаване на млади специалисти"),
    ("3.2", "се организират", "Организиране на", "вътрешни обучения за дигитални умения"),
    ("3.2", "се въведе", "Въвеждане на", "наставничество за новоназначени колеги"),
    ("3.3", "се измерва", "Измерване на", "удовлетвореността на персонала с анонимна карта"),
    ("3.3", "се осигури", "Осигуряване на", "гъвкаво работно време за родители"),
    ("4.1", "се подпише", "Подписване на", "договор с университета за студентски стажове"),
    ("4.2", "се избере", "Избиране на", "обществен съвет на потребителите"),
    ("4.3", "се подготвя", "Подготвяне на", "месечен преглед на изразходваните средства по програми"),
    ("4.4", "се поддържа", "Поддържане на", "вътрешна страница с отговори на чести въпроси"),
    ("4.5", "се подменят", "Подмяна на", "остарелите компютри в кметствата"),
    ("4.5", "се внедри", "Внедряване на", "електронен подпис за всички ръководители"),
    ("4.6", "се ремонтира", "Ремонтиране на", "рампата за хора с увреждания"),
    ("4.6", "се монтират", "Монтиране на", "соларни панели на покрива"),
    ("5.1", "се съкратят", "Съкращаване на", "сроковете за издаване на строителни разрешения"),
    ("5.1", "се пусне", "Пускане на", "електронна опашка на гишетата"),
    ("5.2", "се открие", "Откриване на", "мобилен офис за отдалечените села"),
    ("5.2", "се изпращат", "Изпращане на", "съобщения по телефона за готови документи"),
    ("5.2", "се преведат", "Превеждане на", "образците на заявления на английски и турски език"),
    ("5.3", "се обединят", "Обединяване на", "проверките на инспекторите с областната администрация"),
    ("6.1", "се отчита", "Отчитане на", "времето за чакане по часове и дни"),
    ("6.2", "се показват", "Показване на", "данни за качеството върху табло в приемната"),
    ("7.1", "се обсъждат", "Обсъждане на", "резултатите от атестирането с всеки служител"),
    ("7.2", "се следи", "Следене на", "текучеството на кадрите по звена"),
    ("8.1", "се започне", "Започване на", "кампания за разделно събиране на отпадъци в училищата"),
    ("8.2", "се засадят", "Засаждане на", "дървета в междублоковите пространства"),
    ("9.1", "се сравняват", "Сравняване на", "разходите за улично осветление с други общини"),
    ("9.1", "се приеме", "Приемане на", "програма за вътрешен одит на процесите"),
    ("9.2", "се разширят", "Разширяване на", "възможностите за електронно плащане на такси"),
)
WHEN = ("през следващата година", "като постоянна практика", "с ясен срок и отговорник")


def ideas() -> Iterator[tuple[str, str]]:
    """125 ideas with their sub-criteria: each topic in three wordings, the last one in two."""
    for place, (code, act, noun, what) in enumerate(TOPICS):
        yield code, f"Да {act} {what}."
        yield code, f"{noun} {what} {WHEN[place % 3]}."
        if place < len(TOPICS) - 1:
            yield code, f"Да се планира {noun.lower()} {what}."


def areas() -> Iterator[tuple[str, str]]:
    """An area for improvement of each sub-criterion."""
    for code, (noun, what) in {topic[0]: topic[2:] for topic in TOPICS}.items():
        yield code, f"Няма установена практика за {noun.lower()} {what}."


def town() -> dict[str, Any]:
    """The town with its approved report: what is to be known of it."""
    from merilo.assessment.models import State, Statement
    from tests.journeys.group import session_of
    from tests.people import a_member, an_assessment, an_organisation

    place = an_organisation(name="Община Тополово")
    people = {
        who: a_member(place, role, name=name, position=position)
        for who, (role, name, position) in PEOPLE.items()
    }
    report = an_assessment(place, people["member"], state=State.APPROVED, title=TITLE)
    rows = [("area", *row) for row in areas()] + [("idea", *row) for row in ideas()]
    Statement.objects.bulk_create(
        Statement(assessment=report, kind=kind, code=code, text=text, position=position)
        for position, (kind, code, text) in enumerate(rows)
    )
    return {
        "slug": place.slug,
        "sessions": {who: session_of(member.person) for who, member in people.items()},
    }


# --- backstage --------------------------------------------------------------------------------
@contextmanager
def backstage(folder: Path, slug: str) -> Iterator[Backstage]:
    """A process on the database of the installation in a folder, as long as the journey lasts."""
    environment = os.environ | {
        "MERILO_VAR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'merilo.sqlite3'}",
    }
    command = [sys.executable, "-m", "tests.journeys.improving", slug]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:
        yield Backstage(process)
        assert process.stdin is not None
        process.stdin.close()


@dataclass(frozen=True)
class Backstage:
    """The others, who do the same a hundred times."""

    process: subprocess.Popen[str]

    def play(self, step: str) -> None:
        """One of STEPS; comes back when it is done."""
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{step}\n")
        stdin.flush()
        assert stdout.readline() == f"{step}\n", f"{step} failed"


def main(slug: str) -> None:
    """Take the names of steps until no more come."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "merilo.site.settings")
    django.setup()
    from django.utils import translation

    translation.activate("bg")
    for line in sys.stdin:
        STEPS[line.strip()](Scene(slug))
        print(line.strip(), flush=True)


class Scene:
    """The town, its people and its only plan."""

    def __init__(self, slug: str) -> None:
        from merilo.improvement.models import Plan
        from merilo.organisations.models import Membership
        from tests.people import as_viewer

        named = {member.name: member for member in Membership.objects.filter(organisation__slug=slug)}
        self.members = {who: named[name] for who, (_role, name, _position) in PEOPLE.items()}
        self.viewers = {who: as_viewer(member) for who, member in self.members.items()}
        self.plan = Plan.objects.select_related("organisation", "group").get(organisation__slug=slug)

    @property
    def coordinator(self) -> Any:
        return self.viewers["coordinator"]

    def measures(self) -> Any:
        return self.plan.measures.order_by("number").prefetch_related("activities")


def now() -> datetime:
    from django.utils import timezone

    return timezone.now()


def gather(scene: Scene) -> None:
    """The group is composed; what is still alike is brought together, what is left alone or into its like."""
    from merilo.improvement.actions import items as actions
    from merilo.improvement.actions.ticked import Ticked
    from merilo.improvement.models import Item
    from merilo.improvement.queries import items as queries

    for place, (who, function) in enumerate((("member", "chair"), ("other", "member"))):
        scene.plan.group.seats.create(holder=scene.members[who], function=function, position=place)
    common = {"viewer": scene.coordinator, "at": now()}
    for group in queries.alike_in(list(queries.items_of(scene.plan))):
        ticks = [Ticked(item.pk, item.version) for item in group.items]
        actions.bring_together(plan=scene.plan, ticked=ticks, **common)
    for item in Item.objects.filter(plan=scene.plan, proposal=None, aside="").order_by("number"):
        tick = [Ticked(item.pk, item.version)]
        like = scene.plan.proposals.filter(items__code=item.code).order_by("number").first()
        if like is None:
            actions.each_alone(plan=scene.plan, ticked=tick, **common)
        else:
            actions.put_into(proposal=like, ticked=tick, **common)


def fill_in(scene: Scene) -> None:
    """All measures but the first, which the browser fills in, get an owner, a term and three activities."""
    from merilo.improvement.actions import measures as actions

    start, common = scene.plan.first, {"viewer": scene.coordinator, "at": now()}
    for measure in scene.measures()[1:]:
        owner = scene.members["owner" if measure.number % 3 else "member"]
        who = actions.Who(first=start, last=_ends(scene, measure.number), owner=owner)
        version = measure.version
        actions.change_measure(measure=measure, facts=who, version=version, **common)
        third = (who.last - start) / 3
        for place, text in enumerate(STEPS_OF_A_MEASURE):
            facts = actions.ActivityFacts(text, start + place * third, start + (place + 1) * third)
            actions.add_activity(measure=measure, facts=facts, **common)


def _ends(scene: Scene, number: int) -> date:
    """Two measures that nobody begins end before the half year is over; the others at the plan's end."""
    return scene.plan.first + timedelta(days=120) if number in LATE else scene.plan.last


STEPS_OF_A_MEASURE = ("Подготовка и възлагане", "Изпълнение", "Отчет пред ръководството")
DONE, UNDER_WAY, LATE, DROPPED = range(1, 9), range(9, 20), (20, 21), 25


def half_a_year(scene: Scene) -> None:
    """The approval moves into the past; since then owners have said month by month how it goes."""
    from merilo.improvement.actions import running
    from merilo.improvement.models import PlanRevision
    from merilo.improvement.rules.states import MeasureState

    for revision in PlanRevision.objects.filter(plan=scene.plan):
        revision.made_at, revision.decided_at = revision.made_at - HALF_YEAR, now() - HALF_YEAR
        revision.published_at = now() - HALF_YEAR
        revision.save(update_fields=["made_at", "decided_at", "published_at"])
    for number in (*UNDER_WAY, DROPPED, *DONE):
        measure = scene.measures().get(number=number)
        begun, done = MeasureState.UNDER_WAY, MeasureState.DONE
        _say(running, scene, measure, begun, 1, days=150 - number, text="Подготовката приключи, възложено е.")
        if number in DONE:
            _say(running, scene, measure, done, 3, days=30 + number, text="Изпълнено и отчетено.")


def _say(running: Any, scene: Scene, measure: Any, state: Any, carried: int, *, days: int, text: str) -> None:
    """A check-in so many days ago by which so many activities are carried out."""
    fresh = scene.measures().get(pk=measure.pk)
    percents = {one.pk: 100 for one in list(fresh.activities.all())[:carried]}
    said = running.Said(state=state, percents=percents, text=text)
    at = now() - timedelta(days=days)
    running.check_in(viewer=scene.coordinator, measure=fresh, said=said, version=fresh.version, at=at)


STEPS = {step.__name__: step for step in (gather, fill_in, half_a_year)}

if __name__ == "__main__":
    main(sys.argv[1])
