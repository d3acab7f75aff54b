"""Areas and ideas of a plan: the list with its bar, one of them, what belongs together, more of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from merilo.core.errors import Conflict
from merilo.improvement import permissions
from merilo.improvement.actions import following as following_actions
from merilo.improvement.actions import items as actions
from merilo.improvement.actions import plans as plan_actions
from merilo.improvement.forms.items import (
    STATES,
    AlikeForm,
    BarForm,
    FilterForm,
    ItemForm,
    SplitForm,
    TakeForm,
    ticked,
)
from merilo.improvement.models import Item, Plan
from merilo.improvement.queries import items as queries
from merilo.improvement.queries import plans as plan_queries
from merilo.improvement.queries.following import left_for
from merilo.improvement.queries.proposals import proposals_of
from merilo.improvement.queries.titles import Titles, titles_of
from merilo.improvement.views.base import crumbs, draft_or_404, page
from merilo.organisations.api import OrgRequest, act, address, sent, version_of
from merilo.web.items import Link

PER_PAGE = 200


def items_link(request: OrgRequest, plan: Plan) -> Link:
    """Back to the list."""
    return Link(_("Areas and ideas"), address(request.viewer, "improvement:items", plan=plan.pk))


# --- the list ---------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def items(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Everything gathered; a bar says what is done with the ticked ones."""
    found = draft_or_404(request, plan)
    if request.method == "POST":
        plan_actions.require_edit(request.viewer, found)
    bar = BarForm(sent(request), proposals=list(proposals_of(found)))
    if (
        request.method == "POST"
        and bar.is_valid()
        and (done := act(request, bar, lambda: _do(request, found, bar)))
    ):
        return done
    shown = Shown(request, found)
    listed = Paginator(shown.items, PER_PAGE).get_page(request.GET.get("page"))
    query = _query(request)
    context = {
        "plan": found,
        "crumbs": crumbs(request, found),
        "states": _states(request, shown.counts, shown.filters.state),
        "state": request.GET.get("state", ""),
        "filter": shown.find,
        "is_filtered": shown.is_filtered,
        "query": query,
        "here": _page_of(query, listed.number),
        "listed": listed,
        "rows": list(_rows(request, found, listed, shown.titles)),
        "bar": bar,
        "themes": shown.themes,
        "ticked": {str(one.pk) for one in ticked(request.POST.getlist("items"))},
        "tick_all": "all" in request.GET,
        "waiting": shown.counts[queries.WAITING],
        "only_waiting": shown.filters.state == queries.WAITING,
        "may_edit": permissions.may_edit(request.viewer, found),
    }
    return page(request, "items/list", context, bar)


class Shown:
    """The items that the address asks for, and what they are chosen by."""

    def __init__(self, request: OrgRequest, plan: Plan) -> None:
        everything = list(queries.items_of(plan))
        self.counts, self.titles = queries.counted(everything), titles_of(plan)
        self.themes = list(queries.themes_of(plan))
        self.find = FilterForm(request.GET, titles=self.titles, themes=self.themes)
        self.filters = self.find.filters(_state(request, self.counts))
        self.items = queries.narrowed(everything, self.filters, self.titles)

    @property
    def is_filtered(self) -> bool:
        """Whether more than the state narrows the list."""
        wanted = self.filters
        return bool(wanted.text or wanted.kind or wanted.criterion or wanted.theme)

    def after(self, gone: set[UUID]) -> str:
        """The anchor of the row where somebody goes on who has done something with these; the last of all."""
        kept = [item for item in self.items if item.pk not in gone]
        last = max((item.number for item in self.items if item.pk in gone), default=0)
        following = next((item for item in kept if item.number > last), kept[-1] if kept else None)
        return f"#i-{following.number}" if following else ""


def _page_of(query: str, number: int) -> str:
    return urlencode([*parse_qsl(query), *([("page", str(number))] if number > 1 else [])])


def _state(request: OrgRequest, counts: dict[str, int]) -> str:
    """The state asked for; without one, what waits as long as something does."""
    asked = request.GET.get("state", "")
    if asked in STATES:
        return asked
    return queries.WAITING if not asked and counts[queries.WAITING] else ""


def _states(request: OrgRequest, counts: dict[str, int], state: str) -> list[Link]:
    words = {
        queries.WAITING: _("Waiting (%(count)s)"),
        queries.TOGETHER: _("In a proposal (%(count)s)"),
        queries.ASIDE: _("Set aside (%(count)s)"),
    }
    every = [(name, text % {"count": counts[name]}) for name, text in words.items()]
    every.append(("all", _("All (%(count)s)") % {"count": sum(counts.values())}))
    return [
        Link(text, f"?{urlencode({'state': name})}", current=name == (state or "all")) for name, text in every
    ]


def _query(request: OrgRequest) -> str:
    """What stands behind the question mark, without the page and the ticks."""
    query = request.GET.copy()
    for name in ("page", "all"):
        query.pop(name, None)
    return query.urlencode()


def _rows(request: OrgRequest, plan: Plan, items: Iterable[Item], titles: Titles) -> Iterator[dict[str, Any]]:
    """What the rows show; their addresses are put together here, for there are hundreds of them."""
    here = items_link(request, plan).url
    proposals = address(request.viewer, "improvement:proposals", plan=plan.pk)
    for item in items:
        yield {
            "item": item,
            "code": titles.of(item.code) if item.code else "",
            "url": f"{here}{item.pk}/",
            "proposal_url": f"{proposals}{item.proposal_id}/",
        }


def _do(request: OrgRequest, plan: Plan, bar: BarForm) -> str:
    deeds: dict[str, Callable[..., str]] = {
        "together": _together,
        "each": _each,
        "into": _into,
        "theme_on": _theme,
        "theme_off": _theme_off,
        "aside": _aside,
        "back": _back,
    }
    boxes = ticked(request.POST.getlist("items"))
    where = Shown(request, plan).after({one.pk for one in boxes})
    common = {"viewer": request.viewer, "ticked": boxes, "at": timezone.now()}
    messages.success(request, deeds[bar.deed](plan, bar, **common))
    here = address(request.viewer, "improvement:items", plan=plan.pk)
    number = request.GET.get("page", "")
    query = _page_of(_query(request), int(number) if number.isdecimal() and len(number) < 6 else 1)
    return f"{here}?{query}{where}" if query else f"{here}{where}"


def _together(plan: Plan, bar: BarForm, **common: Any) -> str:
    made = actions.bring_together(plan=plan, text=bar.cleaned_data["wording"], **common)
    return _("Proposal %(number)s has begun: “%(text)s”.") % {"number": made.number, "text": made.text}


def _each(plan: Plan, bar: BarForm, **common: Any) -> str:
    count = actions.each_alone(plan=plan, **common)
    return ngettext("%(count)s proposal has begun.", "%(count)s proposals have begun.", count) % {
        "count": count
    }


def _into(plan: Plan, bar: BarForm, **common: Any) -> str:
    proposal = bar.proposals[bar.cleaned_data["proposal"]]
    count = actions.put_into(proposal=proposal, **common)
    told = ngettext("%(count)s is in proposal %(number)s.", "%(count)s are in proposal %(number)s.", count)
    return told % {"count": count, "number": proposal.number}


def _theme(plan: Plan, bar: BarForm, **common: Any) -> str:
    name = bar.cleaned_data["theme"]
    count = actions.give_theme(plan=plan, name=name, **common)
    told = ngettext("%(count)s has the theme “%(name)s”.", "%(count)s have the theme “%(name)s”.", count)
    return told % {"count": count, "name": name}


def _theme_off(plan: Plan, _bar: BarForm, **common: Any) -> str:
    count = actions.give_theme(plan=plan, name="", **common)
    told = ngettext("%(count)s has no theme any more.", "%(count)s have no theme any more.", count)
    return told % {"count": count}


def _aside(plan: Plan, bar: BarForm, **common: Any) -> str:
    count = actions.set_aside(plan=plan, reason=bar.cleaned_data["reason"], **common)
    told = ngettext("%(count)s is set aside.", "%(count)s are set aside.", count)
    return told % {"count": count}


def _back(plan: Plan, bar: BarForm, **common: Any) -> str:
    count = actions.take_back(plan=plan, **common)
    return ngettext("%(count)s waits again.", "%(count)s wait again.", count) % {"count": count}


# --- one of them ------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def new_item(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Add one that no self-assessment found."""
    found = draft_or_404(request, plan)
    plan_actions.require_edit(request.viewer, found)
    form = ItemForm(sent(request), titles=titles_of(found), initial={"kind": "idea"})

    def effect() -> str:
        actions.add_item(viewer=request.viewer, plan=found, facts=form.facts(), at=timezone.now())
        messages.success(request, _("It is added and waits."))
        return items_link(request, found).url

    if request.method == "POST" and form.is_valid() and (done := act(request, form, effect)):
        return done
    context = {"plan": found, "form": form, "crumbs": crumbs(request, found, items_link(request, found))}
    return page(request, "items/form", context, form)


def _item_or_404(request: OrgRequest, plan: UUID, pk: UUID) -> Item:
    found = draft_or_404(request, plan)
    plan_actions.require_edit(request.viewer, found)
    try:
        return queries.item_in(found, pk)
    except Item.DoesNotExist as error:
        raise Http404 from error


@require_http_methods(["GET", "HEAD", "POST"])
def item(request: OrgRequest, plan: UUID, item: UUID) -> HttpResponse:
    """Reword one area or idea."""
    found = _item_or_404(request, plan, item)
    initial = {name: getattr(found, name) for name in ("text", "kind", "code", "origin")}
    form = ItemForm(sent(request), titles=titles_of(found.plan), item=found, initial=initial)

    def effect() -> str:
        facts = form.facts()
        actions.change_item(
            viewer=request.viewer, item=found, facts=facts, version=version_of(request), at=timezone.now()
        )
        messages.success(request, _("Saved."))
        return items_link(request, found.plan).url

    return _item_page(request, found, form, effect, "items/form")


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: OrgRequest, plan: UUID, item: UUID) -> HttpResponse:
    """Make several of one."""
    found = _item_or_404(request, plan, item)
    form = SplitForm(sent(request), initial={"parts": [found.text]})

    def effect() -> str:
        parts = form.cleaned_data["parts"]
        actions.split_item(
            viewer=request.viewer, item=found, parts=parts, version=version_of(request), at=timezone.now()
        )
        messages.success(request, _("It is split; the new parts wait."))
        return items_link(request, found.plan).url

    return _item_page(request, found, form, effect, "items/split")


def _item_page(
    request: OrgRequest, item: Item, form: Any, effect: Callable[[], str], name: str
) -> HttpResponse:
    """The page of one item; what somebody else changed meanwhile stands beside one's own."""
    conflict, stored = "", item
    if request.method == "POST" and form.is_valid():
        try:
            if done := act(request, form, effect):
                return done
        except Conflict as error:
            conflict, stored = error.sentence, queries.item_in(item.plan, item.pk)
    context = {
        "plan": item.plan,
        "item": stored,
        "code": titles_of(item.plan).of(item.code) if item.code else "",
        "form": form,
        "conflict": conflict,
        "crumbs": crumbs(request, item.plan, items_link(request, item.plan)),
    }
    return page(request, name, context, form, status=409 if conflict else 200)


# --- what belongs together --------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def alike(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Groups of waiting items that say nearly the same, each to be accepted as it is or in part."""
    found = draft_or_404(request, plan)
    plan_actions.require_edit(request.viewer, found)
    refused = (
        AlikeForm(request.POST, prefix=request.POST.get("group", "")) if sent(request) is not None else None
    )
    if refused is not None and refused.is_valid():
        form = refused

        def effect() -> str:
            made = actions.bring_together(
                viewer=request.viewer,
                plan=found,
                ticked=ticked(request.POST.getlist("items")),
                text=form.cleaned_data["wording"],
                at=timezone.now(),
            )
            told = _("Proposal %(number)s has begun: “%(text)s”.")
            messages.success(request, told % {"number": made.number, "text": made.text})
            return address(request.viewer, "improvement:alike", plan=found.pk)

        if done := act(request, form, effect):
            return done
    titles = titles_of(found)
    groups = list(queries.alike_in(list(queries.items_of(found))))
    kept = {one.pk for one in ticked(request.POST.getlist("items"))}
    context = {
        "plan": found,
        "crumbs": crumbs(request, found, items_link(request, found)),
        "groups": [_group(group, titles, refused, kept) for group in groups],
        "refused": refused,
        "gathered": sum(len(group.items) for group in groups),
    }
    return page(request, "items/alike", context, *([refused] if refused else []))


def _group(
    group: queries.Alike, titles: Titles, refused: AlikeForm | None, kept: set[UUID]
) -> dict[str, Any]:
    """A proposed group with its form; the refused one as it was sent."""
    prefix = f"g{group.key}"
    is_sent = refused is not None and refused.prefix == prefix
    form = refused if is_sent else AlikeForm(prefix=prefix, initial={"wording": group.wording})
    rows = [(item, titles.of(item.code), not is_sent or item.pk in kept) for item in group.items]
    return {"prefix": prefix, "form": form, "rows": rows, "wording": group.wording}


# --- more of them -----------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: OrgRequest, plan: UUID) -> HttpResponse:
    """Take from further self-assessments, what is new in those taken before, what the plan before left."""
    found = draft_or_404(request, plan)
    plan_actions.require_edit(request.viewer, found)
    assessments = plan_queries.possible_sources(request.viewer, on=timezone.localdate())
    left = _left(found)
    form = TakeForm(sent(request), assessments=assessments, left=left)

    def effect() -> str:
        count = _take(request, found, form)
        told = ngettext("%(count)s has come and waits.", "%(count)s have come and wait.", count)
        messages.success(request, told % {"count": count} if count else _("There was nothing new."))
        return items_link(request, found).url

    if request.method == "POST" and form.is_valid() and (done := act(request, form, effect)):
        return done
    context = {
        "plan": found,
        "form": form,
        "offered": bool(assessments or left),
        "sources": plan_queries.sources_of(found),
        "crumbs": crumbs(request, found, items_link(request, found)),
    }
    return page(request, "items/take", context, form)


def _take(request: OrgRequest, plan: Plan, form: TakeForm) -> int:
    common: dict[str, Any] = {"viewer": request.viewer, "plan": plan, "at": timezone.now()}
    count = sum(plan_actions.take_from(assessment=one, **common) for one in form.chosen())
    return count + (following_actions.take_left(**common) if form.takes_left() else 0)


def _left(plan: Plan) -> str:
    """What the plan before left and is not here yet, in words; empty where there is nothing."""
    left = left_for(plan)
    if not len(left) or plan.previous is None:
        return ""
    told = _("What “%(title)s” left: unfinished measures – %(measures)s, proposals kept – %(proposals)s")
    return told % {
        "title": plan.previous.title,
        "measures": len(left.measures),
        "proposals": len(left.proposals),
    }
