"""Surveys of the demo: three asked twice and closed, one open now, one draft."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

from merilo.site.demo import content
from merilo.site.demo.answering import Crowd
from merilo.site.demo.content import Node
from merilo.site.demo.scene import Calendar, Scene
from merilo.surveys import library
from merilo.surveys.actions import running, starting
from merilo.surveys.models import Response, Survey, Totals
from merilo.surveys.rules.definition import Definition
from merilo.surveys.rules.plain import from_json

PREPARED = 9  # days before a survey opens


def survey(scene: Scene) -> None:
    """Ask everybody. The days do not move with the self-assessment."""
    node, calendar = content.surveys(), Calendar(scene.calendar.now, scene.calendar.zone)
    _draft(scene, node["draft"], calendar)
    _Series(scene, node["open"], calendar).ask(close=False)
    for asked in node["closed"]:
        _Series(scene, asked, calendar).ask()
    scene.play()


def _draft(scene: Scene, node: Node, calendar: Calendar) -> None:
    def act(at: datetime) -> None:
        titles = dict(node["title"])
        starting.start_ready(viewer=scene.coordinator, code=node["library"], titles=titles, at=at)

    scene.happens(calendar.at(-2, 15), act)


class _Series:
    """The waves of one survey, each begun, opened, answered and closed in its time."""

    def __init__(self, scene: Scene, node: Node, calendar: Calendar) -> None:
        self.scene, self.node, self.calendar = scene, node, calendar
        self.last: Survey | None = None

    def ask(self, *, close: bool = True) -> None:
        for number, wave in enumerate(self.node["waves"]):
            self._ask(number, wave, close=close)

    def _ask(self, number: int, wave: Node, *, close: bool) -> None:
        """What happens to one wave; the survey is there once the first of it has happened."""
        made: list[Survey] = []
        first, last = wave["opens"], wave["opens"] + wave["days"]

        def begin(at: datetime) -> None:
            made.append(self._begun(wave, at))

        def open_(at: datetime) -> None:
            running.open_survey(viewer=self.scene.coordinator, survey=_now(made[0]), at=at)

        def finish(at: datetime) -> None:
            self._answer(made[0], number, wave)
            if close:
                running.close_survey(viewer=self.scene.coordinator, survey=_now(made[0]), at=at)

        self.scene.happens(self.calendar.at(first - PREPARED, 11), begin)
        self.scene.happens(self.calendar.at(first, 9), open_)
        self.scene.happens(self.calendar.at(last + 1, 9), finish)

    def _begun(self, wave: Node, at: datetime) -> Survey:
        viewer, year = self.scene.coordinator, self.calendar.day(wave["opens"]).year
        titles = {language: f"{title}, {year}" for language, title in self.node["title"].items()}
        if self.last is None:
            plain = library.plain(self.node["library"]) | {"population": self.node["population"]}
            plain["title"] = titles
            draft = json.dumps(plain, ensure_ascii=False)
            made = running.start_survey(viewer=viewer, draft=draft, title=titles["bg"], at=at)
        else:
            made = starting.start_wave(viewer=viewer, earlier=self.last, titles=titles, at=at)
        self.last = made
        terms = running.Terms(
            entry="open",
            opens_on=self.calendar.day(wave["opens"]),
            closes_on=self.calendar.day(wave["opens"] + wave["days"]),
            kiosk="kiosk" in self.node["sources"],
            contact=self.node["contact"],
        )
        running.change_terms(viewer=viewer, survey=made, terms=terms, version=made.settled, at=at)
        return made

    def _answer(self, survey: Survey, number: int, wave: Node) -> None:
        """Everybody's answers at once, spread over the days, and the known totals of those who were asked."""
        crowd = Crowd(self.node, _definition(survey), seed=f"{self.node['library']} {number}", later=number)
        Response.objects.bulk_create(self._responses(survey, crowd, wave), batch_size=500)
        totals = self.node.get("totals", {})
        Totals.objects.bulk_create(
            Totals(survey=survey, question=question, shares=shares, source=totals["source"]["bg"])
            for question, shares in totals.items()
            if question != "source"
        )

    def _responses(self, survey: Survey, crowd: Crowd, wave: Node) -> Iterator[Response]:
        last = min(wave["days"], -wave["opens"])
        for answered in crowd.everybody(wave["answers"], days=last):
            yield Response(
                id=answered.id,
                survey=survey,
                version=1,
                day=self.calendar.day(wave["opens"] + answered.day),
                source=answered.source,
                language=answered.language,
                answers=answered.answers,
            )


def _now(survey: Survey) -> Survey:
    survey.refresh_from_db()
    return survey


def _definition(survey: Survey) -> Definition:
    return from_json(survey.versions.get().definition)
