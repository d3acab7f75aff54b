"""Adapting explanations and examples to the organisation; criteria, titles and scales stay as they are."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.assessment.models import OwnWording
from merilo.assessment.queries.own_wording import own_wording, texts_of
from merilo.assessment.rules.own_wording import Texts, differing
from merilo.core.errors import Conflict
from merilo.framework.catalogue import Framework
from merilo.organisations.api import Viewer, record


def adapt(
    *,
    viewer: Viewer,
    framework: Framework,
    code: str,
    language: str,
    texts: Texts,
    version: int,
    at: datetime,
) -> None:
    """Store what differs from the model's texts; with nothing that differs the original is back.

    The same again changes nothing. Errors: Refused, UnknownCode, Conflict with both texts.
    """
    viewer.require("framework.manage")
    own = differing(framework.item(code), language, texts)
    if own == texts_of(own_wording(viewer, framework, code, language)):
        return
    with transaction.atomic():
        row, _made = OwnWording.objects.select_for_update(of=("self",)).get_or_create(
            organisation=viewer.organisation,
            framework=framework.code,
            code=code,
            language=language,
            defaults={"changed_at": at, "version": 0},
        )
        before = texts_of(row)
        if row.version != version:
            words = _("Somebody changed these texts after you opened them.")
            raise Conflict(words, mine=texts, theirs=before, version=row.version)
        row.explanation, row.examples = own.explanation, "\n".join(own.examples)
        row.changed_at, row.changed_by, row.version = at, viewer.membership, version + 1
        row.save(update_fields=["explanation", "examples", "changed_at", "changed_by", "version"])
        verb = "framework.adapted" if own != Texts() else "framework.original_taken"
        record(viewer, verb, row, _told(row, before, own), at=at)


def _told(row: OwnWording, before: Texts, own: Texts) -> dict[str, object]:
    """What changed, not the texts themselves: these stand on the page."""
    changed = [name for name in ("explanation", "examples") if getattr(before, name) != getattr(own, name)]
    return {
        "framework": row.framework,
        "code": row.code,
        "language": row.language,
        "changed": changed,
        "version": row.version,
    }
