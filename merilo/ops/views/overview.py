"""The first page of the operator's room, the assessment models, and the room on the disk."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from merilo.accounts.api import operators, people
from merilo.assessment.api import installed, own_frameworks
from merilo.core import mail
from merilo.core.version import version
from merilo.ops import doctor, queue
from merilo.ops.storage import storage as looked_at
from merilo.ops.views.base import office, shown
from merilo.organisations.api import PersonRequest, all_organisations
from merilo.web.items import Link


@office()
def overview(request: PersonRequest) -> HttpResponse:
    """How the installation is, what needs attention, and the way to every page."""
    findings = list(doctor.look())
    context = {
        "findings": findings,
        "attention": [*_unhealthy(findings), *_undecided()],
        "version": version(),
        "organisations": all_organisations().count(),
        "people": people().count(),
    }
    return shown(request, "overview", _("Operator's room"), context)


def _unhealthy(findings: list[doctor.Finding]) -> Iterator[Link]:
    for finding in findings:
        if not finding.is_fine:
            yield Link(f"{finding.what}: {finding.wrong}. {finding.remedy}")


def _undecided() -> Iterator[Link]:
    if failed := queue.counts()["failed"]:
        words = ngettext("%(count)s task has failed.", "%(count)s tasks have failed.", failed)
        yield Link(words % {"count": failed}, reverse("operator:tasks"))
    if stuck := len(mail.undecided(at=timezone.now())):
        words = ngettext(
            "%(count)s mail waits for your decision.", "%(count)s mails wait for your decision.", stuck
        )
        yield Link(words % {"count": stuck}, reverse("operator:mail"))
    if len(operators()) == 1:
        words = _("You are the only operator. Give the role to a second person, so that somebody stands in.")
        yield Link(words, reverse("operator:people"))


@office()
def frameworks(request: PersonRequest) -> HttpResponse:
    """The assessment models that are installed, and how many self-assessments use each version."""
    language = get_language() or "en"
    rows = [
        {
            "title": found.framework.title.in_language(language),
            "edition": found.framework.edition.in_language(language),
            "code": found.framework.code,
            "version": found.framework.version,
            "is_current": found.is_current,
            "uses": found.uses,
        }
        for found in installed()
    ]
    return shown(request, "frameworks", _("Assessment models"), {"rows": rows, "own": own_frameworks()})


@office()
def storage(request: PersonRequest) -> HttpResponse:
    """Database, files, disk and the last backup."""
    found = looked_at()
    context = {
        "found": found,
        "kind": {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(found.kind, found.kind),
        "backup_is_fine": next(doctor.look()).is_fine,
        "missing_words": ngettext(
            "%(count)s file is missing", "%(count)s files are missing", found.files.missing
        )
        % {"count": found.files.missing},
    }
    return shown(request, "storage", _("Storage"), context)
