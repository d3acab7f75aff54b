"""What the templates of requests of evidence show, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from merilo.assessment import messages, permissions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.forms.evidence import Uses
from merilo.assessment.forms.requests import AcceptForm, RequestForm
from merilo.assessment.models import Assessment, EvidenceRequest
from merilo.assessment.queries import requests as queries
from merilo.assessment.rules import requests as rules
from merilo.assessment.rules.requests import Standing, State
from merilo.assessment.views.evidence_pages import shelf_crumbs, uses_shown
from merilo.assessment.views.sheet_pages import say
from merilo.core import mail
from merilo.organisations.api import OrgRequest, address
from merilo.web.items import Link

STATUS = {
    Standing.REQUESTED: "waiting",
    Standing.LATE: "late",
    Standing.RECEIVED: "progress",
    Standing.RETURNED: "waiting",
    Standing.ACCEPTED: "done",
    Standing.WITHDRAWN: "idle",
    Standing.EXPIRED: "late",
    Standing.CLOSED: "idle",
}

URGENCY = [
    Standing.RECEIVED,
    Standing.LATE,
    Standing.EXPIRED,
    Standing.RETURNED,
    Standing.REQUESTED,
    Standing.ACCEPTED,
    Standing.WITHDRAWN,
    Standing.CLOSED,
]


def tag(request: EvidenceRequest) -> dict[str, str]:
    """Where a request is: the shape and the word."""
    found = queries.standing_of(request, on=timezone.localdate())
    return {"status": STATUS[found], "text": messages.standing(found)}


def listed(request: OrgRequest, assessment: Assessment, rows: Iterable[EvidenceRequest]) -> dict[str, Any]:
    """The list, first what waits for the asker; what came is opened by those who may see it."""
    viewer, today = request.viewer, timezone.localdate()
    urgent = sorted(rows, key=lambda row: URGENCY.index(queries.standing_of(row, on=today)))
    return {
        "assessment": assessment,
        "crumbs": shelf_crumbs(request, assessment),
        "rows": [
            {"request": row, "tag": tag(row), "may_open": permissions.may_see_received(viewer, row)}
            for row in urgent
        ],
        "may_ask": permissions.may_request(viewer, assessment),
    }


def _crumbs(request: OrgRequest, assessment: Assessment) -> list[Link]:
    here = address(request.viewer, "assessment:requests", pk=assessment.pk)
    return [*shelf_crumbs(request, assessment), Link(_("Requests to colleagues"), here)]


def new(request: OrgRequest, assessment: Assessment, form: RequestForm, uses: Uses) -> dict[str, Any]:
    """The form with which a colleague is asked."""
    return {
        "assessment": assessment,
        "crumbs": _crumbs(request, assessment),
        "form": form,
        "has_server": mail.has_server(),
        **uses_shown(uses),
    }


def one(request: OrgRequest, found: EvidenceRequest) -> dict[str, Any]:
    """One request with what came, and what may be done with it now."""
    today, now = timezone.localdate(), timezone.now()
    assessment, standing = found.assessment, queries.standing_of(found, on=today)
    state, framework = State(found.state), framework_of(found.assessment)
    may_settle, is_over = permissions.may_settle(request.viewer, found), standing in rules.OVER
    remind_from = rules.remind_from(queries.last_written(found))
    return {
        "assessment": assessment,
        "crumbs": _crumbs(request, assessment),
        "ask": found,
        "tag": tag(found),
        "codes": [f"{code} {say(framework.item(code).short)}" for code in found.codes],
        "things": list(queries.received(found)),
        "last_day": rules.last_day(found.due),
        "remind_from": remind_from,
        "has_server": mail.has_server(),
        "may_decide": may_settle and state == State.RECEIVED,
        "may_write": may_settle and state in rules.WAITING and not is_over,
        "may_remind": now >= remind_from,
        "may_lengthen": may_settle and state in rules.WAITING,
        "may_withdraw": may_settle and state not in rules.SETTLED,
    }


def accept(
    request: OrgRequest, found: EvidenceRequest, form: AcceptForm, uses: Uses, *, is_stale: bool
) -> dict[str, Any]:
    """The form with which what came is put on the shelf; `is_stale`: something came meanwhile."""
    errors = form.error_links if form.is_bound else []
    errors += [Link(uses.error, "#uses")] if uses.error else []
    return one(request, found) | {
        "form": form,
        "errors": errors,
        "has_errors": bool(errors),
        "is_stale": is_stale,
        **uses_shown(uses),
    }
