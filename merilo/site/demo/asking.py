"""Requests of evidence in the demo: to colleagues outside the group, each at another point of its way."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from merilo.assessment.actions import answering
from merilo.assessment.actions import requests as actions
from merilo.assessment.models import Assessment
from merilo.assessment.queries import requests as queries
from merilo.site.demo.content import Node
from merilo.site.demo.scene import Scene


class _Way:
    """One request on its way, step by step."""

    def __init__(self, scene: Scene, assessment: Assessment, row: Node) -> None:
        self.scene, self.assessment, self.row = scene, assessment, row

    def ask(self, at: datetime) -> None:
        say, row = self.scene.voice, self.row
        asked = actions.Asked(
            what=say(row["what"]),
            codes=row["codes"],
            due=self.scene.calendar.day(row["due"]),
            name=say(row["name"]),
            email=row["email"],
        )
        self.made, _link = actions.ask(
            viewer=self.scene.coordinator, assessment=self.assessment, asked=asked, at=at
        )

    def answer(self, at: datetime) -> None:
        say, answer = self.scene.voice, self.row["answer"]
        file = SimpleUploadedFile(say(answer["file"]), say(answer["content"]).encode())
        sent = answering.Sent(uploads=[file], text=say(answer.get("text", "")))
        answering.send(request=self.made, sent=sent, at=at)

    def accept(self, at: datetime) -> None:
        self.made.refresh_from_db()
        actions.accept(
            viewer=self.scene.coordinator,
            request=self.made,
            version=self.made.version,
            taken=[actions.Taken(thing, self.made.what) for thing in queries.received(self.made)],
            shelved=actions.Shelved(uses=dict.fromkeys(self.made.codes, ""), year=at.year - 1),
            at=at,
        )


def ask(scene: Scene, assessment: Assessment, rows: list[Node]) -> None:
    """Ask as the content says; what a colleague answered comes and is settled on its days."""
    for row in rows:
        way, answer = _Way(scene, assessment, row), row.get("answer", {})
        scene.happens(scene.calendar.at(row["asked"], 9, 40), way.ask)
        if "sent" in answer:
            scene.happens(scene.calendar.at(answer["sent"], 15, 20), way.answer)
        if "accepted" in answer:
            scene.happens(scene.calendar.at(answer["accepted"], 10, 5), way.accept)
