"""Frameworks: pinned when first used, added by an organisation, withdrawn without touching what used them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from merilo.assessment.models import FrameworkEdition
from merilo.assessment.queries.frameworks import Choice
from merilo.core.errors import MeriloError, Refused
from merilo.framework.catalogue import Framework
from merilo.framework.loading import fingerprint, load_text, to_json
from merilo.organisations.api import Organisation, Viewer, record


def pinned(choice: Choice, *, at: datetime) -> FrameworkEdition:
    """The edition to point an assessment at; a shipped framework is written down when first used."""
    return choice.edition or _kept(choice.framework, None, at)


def _kept(framework: Framework, organisation: Organisation | None, at: datetime) -> FrameworkEdition:
    content = to_json(framework)
    edition, _made = FrameworkEdition.objects.get_or_create(
        organisation=organisation,
        fingerprint=fingerprint(content),
        defaults={
            "code": framework.code,
            "version": framework.version,
            "content": content,
            "added_at": at,
        },
    )
    return edition


def add_framework(*, viewer: Viewer, text: str | bytes, at: datetime) -> FrameworkEdition:
    """Keep a framework the organisation wrote in YAML; the same text again brings a withdrawn one back.

    Errors: Refused; framework.findings.FrameworkInvalid with every mistake, and nothing is kept.
    """
    viewer.require("framework.manage")
    framework = load_text(text)
    with transaction.atomic():
        edition = _kept(framework, viewer.organisation, at)
        if edition.withdrawn_at is not None:
            edition.withdrawn_at = None
            edition.save(update_fields=["withdrawn_at"])
        _record("framework.added", viewer, edition, at)
    return edition


def withdraw_edition(*, viewer: Viewer, edition: FrameworkEdition, at: datetime) -> None:
    """No longer offer an own framework; assessments that began with it keep it.

    Errors: Refused, MeriloError (withdrawn already).
    """
    viewer.require("framework.manage")
    if edition.organisation_id != viewer.organisation_id:
        raise Refused(_("Only a framework of your own organisation can be withdrawn."))
    if edition.withdrawn_at is not None:
        raise MeriloError(_("This framework is already withdrawn."))
    with transaction.atomic():
        edition.withdrawn_at = at
        edition.save(update_fields=["withdrawn_at"])
        _record("framework.withdrawn", viewer, edition, at)


def _record(verb: str, viewer: Viewer, edition: FrameworkEdition, at: datetime) -> None:
    record(
        viewer,
        verb,
        edition,
        payload={"code": edition.code, "version": edition.version, "fingerprint": edition.fingerprint},
        at=at,
    )
