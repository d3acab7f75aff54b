"""Pages of evaluators: points alone, points agreed, texts, handing over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from merilo.feedback import permissions, words
from merilo.feedback.actions import judging as actions
from merilo.feedback.forms.judging import MarksForm, TextsForm, stored_values
from merilo.feedback.models import Actor, Feedback
from merilo.feedback.queries import facts, feedbacks
from merilo.feedback.queries.marks import (
    Given,
    OwnMark,
    all_marks,
    joints,
    own_marks,
    points_in,
    without_points,
)
from merilo.feedback.rules.readiness import Fact
from merilo.feedback.rules.scheme import Item, Pillar, Scheme
from merilo.feedback.rules.scoring import all_points, awarded, range_of, verdicts
from merilo.feedback.views.base import (
    Look,
    Question,
    confirmed,
    edited,
    feedback_or_404,
    here,
    page,
    require,
    today,
)
from merilo.organisations.api import OrgRequest, sent, version_of


def _item_or_404(scheme: Scheme, code: str) -> tuple[Pillar, Item]:
    found = next((pair for pair in scheme.items() if pair[1].code == code), None)
    if found is None:
        raise Http404
    return found


def _next(scheme: Scheme, item: Item) -> Item | None:
    """The item after one, None after the last."""
    items = [one for _pillar, one in scheme.items()]
    place = items.index(item) + 1
    return items[place] if place < len(items) else None


def _rows(
    request: OrgRequest, feedback: Feedback, given: Mapping[str, Given], name: str
) -> list[dict[str, Any]]:
    """The items of each pillar with their points and where they are given."""
    scheme = feedbacks.scheme_of(feedback)
    known = points_in(dict(given))
    points = all_points(scheme, known)

    def row(item: Item) -> dict[str, Any]:
        done = sum(question.code in known for question in item.questions)
        return {
            "name": f"{item.code}. {words.said(item.title)}",
            "url": here(request, feedback, name, step=item.code),
            "status": "done" if done == len(item.questions) else "progress" if done else "idle",
            "text": words.points(points[item.code])
            if done == len(item.questions)
            else _("%(done)s of %(all)s") % {"done": done, "all": len(item.questions)},
        }

    return [
        {"title": words.said(pillar.title), "rows": [row(item) for item in pillar.items]}
        for pillar in scheme.pillars
    ]


# --- alone --------------------------------------------------------------------------------------
def _scorer(request: OrgRequest, pk: UUID) -> tuple[Feedback, Actor]:
    """The feedback and the viewer as evaluator who gives points now."""
    found = feedback_or_404(request, pk)
    actor = permissions.actor_of(request.viewer, found, on=today())
    require(permissions.may_score(request.viewer, found, on=today()))
    assert actor is not None  # noqa: S101  may_score has asked
    return found, actor


@require_safe
def sheets(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """The evaluator's own points, item by item."""
    found, actor = _scorer(request, feedback)
    context = {"feedback": found, "pillars": _rows(request, found, own_marks(actor), "sheet")}
    return page(request, "sheets", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: OrgRequest, feedback: UUID, step: str) -> HttpResponse:
    """Points and remarks for the questions of one item, given alone."""
    found, actor = _scorer(request, feedback)
    scheme = feedbacks.scheme_of(found)
    pillar, item = _item_or_404(scheme, step)
    scale = scheme.scale_of(pillar)
    form = MarksForm(sent(request), item=item, scale=scale, given=own_marks(actor))

    def effect() -> str:
        actions.save_own(
            viewer=request.viewer,
            feedback=found,
            marks=form.marks(),
            version=version_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("Saved."))
        after = _next(scheme, item)
        return here(request, found, "sheet", step=after.code) if after else here(request, found, "sheets")

    def stored() -> tuple[int, dict[str, Any]]:
        now = feedbacks.actor(found, actor.pk)
        return now.version, stored_values(item, own_marks(now))

    more = {
        "scale": [(one.points, words.said(one.title), words.said(one.meaning)) for one in scale.degrees],
        "facts": _facts(request, found, item),
    }
    look = Look(
        f"{item.code}. {words.said(item.title)}",
        back=here(request, found, "sheets"),
        submit=_("Save and go on"),
        lead=words.said(pillar.title),
        template="marks",
        more=more,
    )
    return edited(request, found, form, look, effect, stored=stored)


def _facts(request: OrgRequest, feedback: Feedback, item: Item) -> list[tuple[str, str, str]]:
    """What the platform knows about an item: name, words, shape."""
    if not item.known:
        return []
    known = facts.facts_of(request.viewer, feedback)
    found = [known.get(code, Fact(code, 0)) for code in item.known]
    return [(str(words.FACTS[one.code][0]), words.fact(one), words.SHAPES[one.standing]) for one in found]


@require_http_methods(["GET", "HEAD", "POST"])
def close_own(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """Close the points that all gave alone."""
    found = feedback_or_404(request, feedback)
    is_due = permissions.may_score(request.viewer, found, on=today())
    require(is_due and permissions.leads(request.viewer, found, on=today()))
    questions = list(feedbacks.scheme_of(found).questions())
    lacking = without_points(found, questions, on=today())

    def effect() -> str:
        actions.close_own(viewer=request.viewer, feedback=found, at=timezone.now())
        messages.success(request, _("Now you can agree on points."))
        return here(request, found, "joint")

    question = Question(
        _("Close the points given alone"),
        _("Nobody changes their own points any more. All evaluators see the points of all from now on."),
        _("Close the points given alone"),
        [
            ngettext(
                "%(name)s: %(count)s question without points",
                "%(name)s: %(count)s questions without points",
                count,
            )
            % {"name": name, "count": count}
            for name, count in lacking
        ],
    )
    return confirmed(request, found, question, effect)


# --- together -----------------------------------------------------------------------------------
def _together(request: OrgRequest, pk: UUID) -> Feedback:
    found = feedback_or_404(request, pk)
    require(permissions.may_see_joint(request.viewer, found, on=today()))
    return found


@require_safe
def joint(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """What is agreed, item by item, and what it would lead to."""
    found = _together(request, feedback)
    scheme, given = feedbacks.scheme_of(found), joints(found)
    points = all_points(scheme, points_in(given))
    proposed = awarded(scheme, points)
    context = {
        "feedback": found,
        "pillars": _rows(request, found, given, "joint_item"),
        "awards": [
            {
                "title": words.said(award.title),
                "rules": [
                    {
                        "text": words.rule(scheme, one.rule),
                        "reached": words.points(one.reached),
                        "status": "done" if one.is_met else "waiting" if one.reached is None else "problem",
                        "met": _("met") if one.is_met else _("open") if one.reached is None else _("not met"),
                    }
                    for one in verdicts(award, points)
                ],
            }
            for award in scheme.awards
        ],
        "proposed": words.said(proposed.title) if proposed else "",
        "may_agree": permissions.may_agree(request.viewer, found, on=today()),
    }
    return page(request, "joint", context)


@require_http_methods(["GET", "HEAD", "POST"])
def joint_item(request: OrgRequest, feedback: UUID, step: str) -> HttpResponse:
    """What each gave for the questions of one item, and what all agree on."""
    found = _together(request, feedback)
    scheme = feedbacks.scheme_of(found)
    pillar, item = _item_or_404(scheme, step)
    scale = scheme.scale_of(pillar)
    may_agree = permissions.may_agree(request.viewer, found, on=today())
    require(may_agree or request.method != "POST")
    given = joints(found)
    form = MarksForm(sent(request), item=item, scale=scale, given=given)

    def effect() -> str:
        actions.save_joint(
            viewer=request.viewer,
            feedback=found,
            marks=form.marks(),
            version=version_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("Saved."))
        after = _next(scheme, item)
        return here(request, found, "joint_item", step=after.code) if after else here(request, found, "joint")

    def stored() -> tuple[int, dict[str, Any]]:
        now = feedback_or_404(request, feedback)
        return now.report_version, stored_values(item, joints(now))

    own = all_marks(request.viewer, found, on=today())
    compared = {question.code: _compared(own.get(question.code, [])) for question in item.questions}
    more = {
        "scale": [(one.points, words.said(one.title), words.said(one.meaning)) for one in scale.degrees],
        "facts": _facts(request, found, item),
        "own": compared,
        "agreed": [
            (words.said(one.text), given.get(one.code, Given()), compared[one.code]) for one in item.questions
        ],
        "read_only": not may_agree,
    }
    look = Look(
        f"{item.code}. {words.said(item.title)}",
        back=here(request, found, "joint"),
        submit=_("Save and go on"),
        lead=words.said(pillar.title),
        template="marks",
        more=more,
    )
    return edited(request, found, form, look, effect, stored=stored)


def _compared(marks: list[OwnMark]) -> dict[str, Any]:
    """What each gave, and from how few to how many points."""
    ends = range_of(one.given.points for one in marks if one.given.points is not None)
    told = ""
    if ends and ends[0] != ends[1]:
        told = _("From %(least)s to %(most)s points: talk about it.") % {"least": ends[0], "most": ends[1]}
    return {"marks": marks, "range": told}


# --- the report ---------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def texts(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """The texts of the report."""
    found = feedback_or_404(request, feedback)
    require(permissions.may_agree(request.viewer, found, on=today()))
    form = TextsForm(sent(request), scheme=feedbacks.scheme_of(found), texts=found.texts)

    def effect() -> str:
        actions.write_texts(
            viewer=request.viewer,
            feedback=found,
            texts=form.texts(),
            version=version_of(request),
            at=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return here(request, found)

    def stored() -> tuple[int, dict[str, Any]]:
        now = feedback_or_404(request, feedback)
        return now.report_version, now.texts

    look = Look(
        _("Texts of the report"),
        back=here(request, found),
        lead=_("Points and remarks come from what you agreed on. The organisation reads all of it."),
    )
    return edited(request, found, form, look, effect, stored=stored)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """Freeze the report and hand it to the organisation."""
    found = feedback_or_404(request, feedback)
    require(permissions.may_agree(request.viewer, found, on=today()))

    def effect() -> str:
        actions.hand_over(
            viewer=request.viewer, feedback=found, language=found.organisation.language, at=timezone.now()
        )
        messages.success(request, _("The report is handed over."))
        return here(request, found, "report")

    question = Question(
        _("Hand over the report"),
        _("The report stays as it is from now on, and the organisation can read it."),
        _("Hand over the report"),
    )
    return confirmed(request, found, question, effect)
