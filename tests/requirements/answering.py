"""People who answer a survey while web processes are killed, and what was acknowledged to them.

Runs as a program of its own, too: `python -m tests.requirements.answering FOLDER` opens a survey in the
database that the environment names and writes FOLDER/survey.json.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from tests.journeys.platform import ROOT
from tests.requirements.killing import Visitor

STORED = """
import json
from merilo.surveys.models import Response, UsedForm
rows = Response.objects.order_by("pk").values_list("answers__wishes", flat=True)
print(json.dumps({"words": list(rows), "forms": UsedForm.objects.count()}))
"""


@dataclass
class Journal:
    """What was acknowledged, and how often no answer came."""

    thanked: list[str] = field(default_factory=list)
    begun: list[str] = field(default_factory=list)
    unanswered: int = 0


class Respondent(Visitor):
    """Answers again and again, each time with a word of its own; sends again what got no answer."""

    def __init__(self, port: int, short: str, number: int, journal: Journal) -> None:
        super().__init__(port)
        self.short, self.number, self.journal = short, number, journal

    def run(self) -> None:
        visit = 0
        while not self.over.is_set():
            visit += 1
            self.answer(f"word-{self.number}-{visit}")

    def answer(self, word: str) -> None:
        page = self.until_answered("GET", "", {})
        page = self.step(page, "answer/", {"go": "begin"})
        page = self.step(page, "answer/", {"go": "next", "age": "young", "visited": "no"})
        page = self.step(page, "answer/", {"go": "next", "overall": "4", "wishes": word})
        if page:
            self.journal.begun.append(word)
            if self.step(page, "check/", {"go": "send"}):
                self.journal.thanked.append(word)

    def step(self, page: str, path: str, fields: dict[str, str]) -> str:
        found = re.search(r'name="sealed" value="([^"]+)"', page)
        return self.until_answered("POST", path, {"sealed": unescape(found[1]), **fields}) if found else ""

    def until_answered(self, method: str, path: str, fields: dict[str, str]) -> str:
        """The page that came at last; empty when time was up before."""
        while not self.over.is_set():
            if page := self.ask(method, f"/s/{self.short}/{path}", urlencode(fields)):
                return page
            self.journal.unanswered += 1
            time.sleep(0.05)
        return ""

    def ask(self, method: str, path: str, body: str) -> str:
        try:
            status, text, _cookies = self.send(method, path, body, {})
        except (OSError, http.client.HTTPException, ValueError):
            return ""
        return text or "thanks" if status in {200, 303} else ""


# --- an open survey -------------------------------------------------------------------------------------
def write(folder: Path, environment: dict[str, str]) -> str:
    """Open it in a process of its own; answers the short name of its address."""
    command = [sys.executable, "-m", "tests.requirements.answering", str(folder)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return str(json.loads((folder / "survey.json").read_text("utf-8"))["short"])


def main(folder: Path) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "merilo.site.settings")
    django.setup()
    from tests.people import an_organisation
    from tests.surveys import a_survey

    survey = a_survey(an_organisation("answered"), challenge=False)
    (folder / "survey.json").write_text(json.dumps({"short": survey.short}), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
