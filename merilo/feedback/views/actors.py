"""External evaluators: who is invited, until when; their access is ended here."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from merilo.feedback import permissions
from merilo.feedback.actions import actors as actions
from merilo.feedback.forms.feedback import AccessForm, ActorForm
from merilo.feedback.models import Actor, Feedback
from merilo.feedback.queries import feedbacks
from merilo.feedback.queries.marks import progress_of
from merilo.feedback.views.base import Look, edited, feedback_or_404, here, page, require, today
from merilo.organisations.api import InvitationLink, OrgRequest, act, do, sent


@require_http_methods(["GET", "HEAD", "POST"])
def actors(request: OrgRequest, feedback: UUID) -> HttpResponse:
    """The evaluators; one more is invited at the foot. Where no mail brings the link, it is shown once."""
    found = feedback_or_404(request, feedback)
    viewer = request.viewer
    require(viewer.can("feedback.read"))
    may = permissions.may_prepare(viewer, found) and viewer.can("people.manage")
    require(may or request.method != "POST")
    form = ActorForm(sent(request)) if may else None
    made: list[tuple[Actor, InvitationLink | None]] = []

    def effect() -> str:
        assert form is not None  # noqa: S101  else nobody gets here
        is_lead = form.cleaned_data["is_lead"]
        made.append(
            actions.invite(
                viewer=viewer, feedback=found, guest=form.guest(), is_lead=is_lead, at=timezone.now()
            )
        )
        return here(request, found, "actors")

    if form is not None and form.is_bound and form.is_valid():
        done = act(request, form, effect)
        if made:
            return _invited(request, found, *made[0])
        if done is not None:
            return done
    return _page(request, found, form)


def _page(request: OrgRequest, feedback: Feedback, form: ActorForm | None) -> HttpResponse:
    given = progress_of(feedback) if feedback.state == "applied" else {}
    of = sum(1 for _code in feedbacks.scheme_of(feedback).questions())
    on = today()
    rows = [(one, _standing(one, given.get(one.pk, 0), of, on)) for one in feedbacks.actors_of(feedback)]
    context = {
        "feedback": feedback,
        "rows": rows,
        "form": form,
        "counts": feedback.state == "applied",
        "may_manage": permissions.may_manage(request.viewer, feedback),
        "may_change": form is not None,
    }
    return page(request, "actors", context, *([form] if form else []))


def _standing(one: Actor, given: int, of: int, on: date) -> dict[str, object]:
    ended = one.ended_at is not None or one.until < on
    return {
        "given": _("%(done)s of %(all)s") % {"done": given, "all": of},
        "shape": "idle" if ended else "ontime",
        "text": _("ended") if ended else _("open"),
        "is_ended": one.ended_at is not None,
    }


def _invited(
    request: OrgRequest, feedback: Feedback, actor: Actor, link: InvitationLink | None
) -> HttpResponse:
    context = {
        "feedback": feedback,
        "actor": actor,
        "invitation": link and link.invitation,
        "url": link.to_show() if link else "",
    }
    return page(request, "invited", context)


def _actor_or_404(feedback: Feedback, pk: UUID) -> Actor:
    try:
        found = feedbacks.actor(feedback, pk)
    except Actor.DoesNotExist as error:
        raise Http404 from error
    found.feedback = feedback
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def actor(request: OrgRequest, feedback: UUID, actor: UUID) -> HttpResponse:
    """Until when an evaluator reads, and who leads."""
    found = feedback_or_404(request, feedback)
    require(permissions.may_prepare(request.viewer, found))
    one = _actor_or_404(found, actor)
    require(one.ended_at is None)
    form = AccessForm(sent(request), initial={"until": one.until, "is_lead": one.is_lead})

    def effect() -> str:
        actions.change(viewer=request.viewer, actor=one, access=form.access(), at=timezone.now())
        return here(request, found, "actors")

    look = Look(one.membership.on_record, back=here(request, found, "actors"))
    return edited(request, found, form, look, effect)


@require_POST
def end(request: OrgRequest, feedback: UUID, actor: UUID) -> HttpResponse:
    """End the access of an evaluator at once."""
    found = feedback_or_404(request, feedback)
    one = _actor_or_404(found, actor)

    def effect() -> str:
        actions.end(viewer=request.viewer, actor=one, at=timezone.now())
        messages.success(request, _("The access is ended."))
        return here(request, found, "actors")

    return do(request, effect)
