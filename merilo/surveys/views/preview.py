"""Walking through the questionnaire that is being written, in each language; nothing is stored.

The answers travel in a signed field of the form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core import signing
from django.http import HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from merilo.core.errors import Refused
from merilo.core.once import new_key
from merilo.organisations.api import OrgRequest
from merilo.surveys import permissions, worded
from merilo.surveys.answering.rendering import render_screen
from merilo.surveys.answering.turning import Left, filled_again, left_over, plain_fields
from merilo.surveys.outline import outline
from merilo.surveys.rules.answers import Fault, Form, carried
from merilo.surveys.rules.asking import Upload
from merilo.surveys.rules.checking import check
from merilo.surveys.rules.conditions import Answers, Value, holds
from merilo.surveys.rules.definition import Block, Definition, Page, Question
from merilo.surveys.rules.paths import Screen, Walk
from merilo.surveys.rules.plain import condition_to_plain, from_plain
from merilo.surveys.rules.reaching import Reaching
from merilo.surveys.views.base import crumbs, page
from merilo.surveys.views.desk import Desk

END = "-"  # after the last screen; no code of a page


@dataclass(frozen=True, slots=True)
class Branch:
    """A page, text or question that is shown on a condition only."""

    key: str  # "page:p1", "part:q3"
    title: str
    condition: str
    met: bool


@dataclass(slots=True)
class Trial:
    """Where the author stands: answers so far, the screen, what was typed there, what is wrong with it.

    `left` is what was typed on screens and is no answer: who comes back finds it again. `seed` draws
    what comes in random order, as it does for each respondent.
    """

    form: Form
    language: str
    seed: str = field(default_factory=new_key)
    answers: dict[str, Value] = field(default_factory=dict)
    screen: str = ""  # its code; "" is the first, END the end
    typed: Mapping[str, Sequence[str]] | None = None
    faults: Mapping[str, Fault] = field(default_factory=dict)
    left: Left = field(default_factory=dict)

    @property
    def definition(self) -> Definition:
        return self.form.paths.definition

    @property
    def walk(self) -> Walk:
        return self.form.paths.walk(self.answers)

    @property
    def here(self) -> Screen | None:
        """The screen that is shown; None at the end."""
        walk = self.walk
        if self.screen == END or not walk.screens:
            return None
        return walk.at(self.screen) or walk.screens[0]


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: OrgRequest, survey: UUID) -> HttpResponse:
    """One screen of the questionnaire, the way to it, and every condition to switch."""
    desk = Desk(request, survey)
    if not (
        permissions.may_read(request.viewer, desk.survey) or permissions.may_edit(request.viewer, desk.survey)
    ):
        raise Refused
    context = {"survey": desk.survey, "crumbs": crumbs(request, desk.survey), "may_write": desk.may_write}
    if check(desk.draft):
        return page(
            request, "questions/preview_blocked", {**context, "blocking": outline(desk.draft).blocking}
        )
    trial = Trial(Form(from_plain(desk.draft)), _language(request, desk.draft["languages"]))
    if request.method == "POST":
        _answer(request, desk, trial)
    elif code := request.GET.get("at", ""):
        _switch(trial, f"part:{code}", shown=True)
    status = 422 if trial.faults else 200
    _recall(trial)
    return page(request, "questions/preview", {**context, **_shown(desk, trial)}, status=status)


def _language(request: OrgRequest, languages: list[str]) -> str:
    wanted = request.POST.get("language") or request.GET.get("language") or get_language()
    return wanted if wanted in languages else languages[0]


# --- going on -------------------------------------------------------------------------------------
def _answer(request: OrgRequest, desk: Desk, trial: Trial) -> None:
    """Take the answers of the screen that was shown, and go where the button leads."""
    state = _carried(request, desk)
    trial.seed = str(state.get("seed", trial.seed))
    trial.answers = trial.form.restored(state.get("answers", {}))
    trial.left = state.get("left", {})
    screen = request.POST.get("screen", "")
    trial.screen = screen
    faults: dict[str, Fault] = {}
    if screen in trial.form.paths.screens:
        typed = plain_fields(request.POST)
        reading = trial.form.read(screen, typed, trial.answers, shown=request.POST.getlist("shown"))
        trial.answers = reading.answers
        faults = {code: fault for code, fault in reading.faults.items() if not _is_file(trial, code)}
        trial.left = left_over(trial.form, screen, trial.left, typed, reading)
        if reading.opened and not faults and request.POST.get("go") == "next":
            return
        if faults and request.POST.get("go") == "next":
            trial.faults, trial.typed = faults, typed
            return
    _go(trial, request.POST.get("go", ""))


def _recall(trial: Trial) -> None:
    """What was left on the screen that is shown, as in a real visit."""
    here = trial.here
    if here is None or trial.typed is not None:
        return
    shown = [question.code for question in here.questions]
    if left := {code: typed for code, typed in trial.left.items() if code in shown}:
        answers = trial.walk.answers
        trial.typed, trial.faults = filled_again(trial.form, here.code, shown, left, answers)


def _carried(request: OrgRequest, desk: Desk) -> dict[str, Any]:
    try:
        found = signing.loads(request.POST.get("state", ""), salt=_salt(desk))
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def _salt(desk: Desk) -> str:
    """Answers of another survey, or to an earlier state of the draft, are not taken."""
    return f"survey-preview/{desk.survey.pk}/{desk.survey.revision}"


def _is_file(trial: Trial, code: str) -> bool:
    return isinstance(trial.definition.question(code).asked, Upload)


def _go(trial: Trial, go: str) -> None:
    act, _colon, target = go.partition(":")
    known = trial.screen in trial.form.paths.screens
    if act == "next" and known:
        following = trial.walk.after(trial.screen)
        trial.screen = following.code if following else END
    elif act == "back":
        walk = trial.walk
        before = walk.before(trial.screen) if known else (walk.screens or (None,))[-1]
        trial.screen = before.code if before else ""
    elif act == "at":
        trial.screen = target
    elif act in {"met", "unmet"}:
        _switch(trial, target, shown=act == "met")


def _switch(trial: Trial, key: str, *, shown: bool) -> None:
    """Answers with which something is shown, or is not, in place of those given; then go there."""
    part = _part(trial.definition, key)
    if part is None:
        return
    reaching = Reaching(trial.definition)
    way = reaching.way_to(part, shown=shown)
    if way is not None:
        needed = reaching.needed(part)
        trial.answers = {key: value for key, value in trial.answers.items() if key not in needed} | way
        trial.left = {code: typed for code, typed in trial.left.items() if code not in needed}
    paths = trial.form.paths
    home = next(
        code for code, screen in paths.screens.items() if part.code in {one.code for one in screen.parts}
    )
    nearest = trial.walk.at(home) or trial.walk.after(home) or trial.walk.before(home)
    trial.screen = nearest.code if nearest else END


def _part(definition: Definition, key: str) -> Question | Block | None:
    """The text or question that a key names; of a page the first."""
    kind, _colon, code = key.partition(":")
    for owner in definition.pages:
        if kind == "page" and owner.code == code:
            return owner.parts[0]
        for part in owner.parts:
            if kind == "part" and part.code == code:
                return part
    return None


# --- what is shown --------------------------------------------------------------------------------
def _shown(desk: Desk, trial: Trial) -> dict[str, object]:
    walk, here = trial.walk, trial.here
    shown = [question.code for question in here.questions] if here else []
    thanks = trial.definition.thanks
    answers = walk.answers | {key: value for key, value in trial.answers.items() if here and key in shown}
    return {
        "trial": trial,
        "here": here,
        "shown": shown,
        "drawn": _drawn(trial, here, answers) if here else "",
        "first": bool(here and here == walk.screens[0]),
        "description": trial.definition.description.in_language(trial.language)
        if trial.definition.description
        else "",
        "thanks": thanks.in_language(trial.language) if thanks else "",
        "state": signing.dumps(
            {"seed": trial.seed, "answers": carried(trial.answers), "left": trial.left}, salt=_salt(desk)
        ),
        "languages": [(code, worded.language_name(code)) for code in trial.definition.languages],
        "path": [(screen.code, _named(screen, desk), screen == here) for screen in walk.screens],
        "branches": list(_branches(desk, trial)),
    }


def _drawn(trial: Trial, here: Screen, answers: Answers) -> SafeString:
    """The screen as respondents get it, below the heading of this page."""
    html = render_screen(
        trial.definition,
        here,
        answers,
        fields=trial.typed,
        faults=trial.faults,
        language=trial.language,
        seed=trial.seed,
        level=2,
    )
    return SafeString(html)


def _named(screen: Screen, desk: Desk) -> str:
    """What a screen is called: the title of its page, or its first question."""
    title = screen.page.title if screen.code == screen.page.code else None
    words = title or next((part.text for part in screen.questions), screen.parts[0].text)
    return worded.short(worded.in_reader(dict(words.entries), desk.draft), 60)


def _branches(desk: Desk, trial: Trial) -> Iterator[Branch]:
    walk = trial.walk
    shown = {part.code for screen in walk.screens for part in screen.parts}
    for owner in trial.definition.pages:
        if owner.show_if is not None:
            yield _branch(desk, f"page:{owner.code}", owner, met=holds(owner.show_if, walk.answers))
        for part in owner.parts:
            if part.show_if is not None:
                yield _branch(desk, f"part:{part.code}", part, met=part.code in shown)


def _branch(desk: Desk, key: str, owner: Page | Question | Block, *, met: bool) -> Branch:
    text = owner.title if isinstance(owner, Page) else owner.text
    title = worded.short(worded.in_reader(dict(text.entries), desk.draft), 60) if text else owner.code
    condition = condition_to_plain(owner.show_if) if owner.show_if else None
    return Branch(key, title, worded.in_words(condition, desk.draft), met)
