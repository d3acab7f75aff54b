"""Changing what an organisation says of itself: names, codes, languages, colours, logo."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from merilo.core import files
from merilo.organisations.models import Organisation
from merilo.organisations.recording import record
from merilo.organisations.viewers import Viewer

CHANGEABLE = (
    "name",
    "name_en",
    "kind",
    "country",
    "register_number",
    "territory_code",
    "languages",
    "time_zone",
    "colour",
    "accent",
)


def change_organisation(*, viewer: Viewer, values: Mapping[str, Any], at: datetime) -> None:
    """Store the changed details; nothing is recorded when nothing changed."""
    viewer.require("organisation.edit")
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=viewer.organisation_id)
        before = {name: getattr(organisation, name) for name in CHANGEABLE if name in values}
        after = {name: values[name] for name in before}
        changed = sorted(name for name in before if before[name] != after[name])
        if not changed:
            return
        for name in changed:
            setattr(organisation, name, after[name])
        organisation.save(update_fields=changed)
        record(
            viewer,
            "organisation.changed",
            organisation,
            payload={
                "before": {name: before[name] for name in changed},
                "after": {name: after[name] for name in changed},
            },
            at=at,
        )


def change_logo(*, viewer: Viewer, picture: bytes | None, at: datetime) -> None:
    """Set the logo to a PNG (made by `organisations.logos.redrawn`), or take it away with None."""
    viewer.require("organisation.edit")
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=viewer.organisation_id)
        stored = None
        if picture is not None:
            stored = files.keep(
                picture,
                name="logo.png",
                content_type="image/png",
                organisation=organisation.pk,
                by=viewer.person_id,
                at=at,
            )
        organisation.logo = stored
        organisation.save(update_fields=["logo"])
        record(
            viewer,
            "organisation.logo_changed",
            organisation,
            payload={"sha256": stored.sha256 if stored else ""},
            at=at,
        )
