"""Changing the shared shelf: add, change, remove, use for items, bring over from the last cycle."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from merilo.assessment import permissions
from merilo.assessment.catalogue import framework_of
from merilo.assessment.models import Assessment, Evidence, EvidenceUse
from merilo.core import files
from merilo.core.errors import Conflict, MeriloError, Refused
from merilo.core.models import StoredFile
from merilo.organisations.api import Membership, Unit, Viewer, record

_TOLD = ("kind", "title", "year", "url", "text", "details", "only_coordinator")


@dataclass(frozen=True, slots=True)
class Content:
    """What a person says about one thing on the shelf.

    `upload` is a new file and `stored` one that lies here already; without either the old one stays.
    """

    title: str
    year: int | None = None
    unit: Unit | None = None
    url: str = ""
    text: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    only_coordinator: bool = False
    upload: files.Upload | None = None
    stored: StoredFile | None = None


def add(
    *,
    viewer: Viewer,
    assessment: Assessment,
    kind: str,
    content: Content,
    uses: Mapping[str, str],
    at: datetime,
) -> Evidence:
    """Put something on the shelf, used for the given items (code -> page). Raises BadFile, Refused."""
    require_shelf(viewer, assessment)
    with transaction.atomic():
        evidence = Evidence(assessment=assessment, kind=kind, added_by=viewer.membership, added_at=at)
        _fill(viewer, evidence, content, at)
        evidence.save(force_insert=True)
        _set_uses(assessment, evidence, uses)
        record(viewer, "evidence.added", evidence, {"after": _told(evidence, uses)}, at=at)
    return evidence


def change(
    *,
    viewer: Viewer,
    evidence: Evidence,
    version: int,
    content: Content,
    shown: Mapping[str, str],
    uses: Mapping[str, str],
    at: datetime,
) -> None:
    """Change something on the shelf, over exactly the version that was read.

    Of the uses only what differs from those shown is changed, so that no tick of a colleague is lost.
    Raises Conflict (details: stored) when somebody changed it in between; nothing is overwritten.
    """
    assessment = evidence.assessment
    require_shelf(viewer, assessment)
    with transaction.atomic():
        is_claimed = _claim(evidence, version)
        held = Evidence.objects.select_related("unit", "file").get(pk=evidence.pk)
        if not is_claimed:
            raise Conflict(_("Somebody changed this evidence while you were writing."), stored=held)
        standing = {use.code: use.page for use in held.uses.all()}
        before = _told(held, standing)
        _fill(viewer, held, content, at)
        held.save()
        wanted = _merged(standing, shown, uses)
        _set_uses(assessment, held, wanted)
        record(viewer, "evidence.changed", held, {"before": before, "after": _told(held, wanted)}, at=at)


def _merged(
    standing: Mapping[str, str], shown: Mapping[str, str], wanted: Mapping[str, str]
) -> dict[str, str]:
    """What stands, with what a person changed of what they were shown."""
    untouched = {code: page for code, page in standing.items() if shown.get(code) == wanted.get(code)}
    return untouched | {code: page for code, page in wanted.items() if shown.get(code) != page}


def remove(*, viewer: Viewer, evidence: Evidence, at: datetime) -> None:
    """Take something off the shelf and away from every item that uses it; it can be put back for 30 days."""
    require_shelf(viewer, evidence.assessment)
    with transaction.atomic():
        if _move(evidence, at, viewer.membership):
            before = _told(evidence, {use.code: use.page for use in evidence.uses.all()})
            record(viewer, "evidence.removed", evidence, {"before": before}, at=at)


def put_back(*, viewer: Viewer, evidence: Evidence, at: datetime) -> None:
    """Put something removed on the shelf again, with all its uses; doing so twice changes nothing."""
    require_shelf(viewer, evidence.assessment)
    with transaction.atomic():
        if _move(evidence, None, None):
            after = _told(evidence, {use.code: use.page for use in evidence.uses.all()})
            record(viewer, "evidence.put_back", evidence, {"after": after}, at=at)


def _move(evidence: Evidence, at: datetime | None, by: Membership | None) -> bool:
    """Off the shelf or back on it; False when it lies there already."""
    lies_elsewhere = Evidence.objects.filter(pk=evidence.pk, removed_at__isnull=at is not None)
    return bool(lies_elsewhere.update(removed_at=at, removed_by=by))


def use_for_item(
    *,
    viewer: Viewer,
    assessment: Assessment,
    code: str,
    shown: Mapping[UUID, str],
    pages: Mapping[UUID, str],
    at: datetime,
) -> None:
    """Say which things are used for one item (id -> page); `shown` is what the person saw as used.

    Only what they ticked, unticked or rewrote is changed: what a colleague did meanwhile stays.
    """
    require_shelf(viewer, assessment)
    touched = {pk for pk in shown.keys() | pages.keys() if shown.get(pk) != pages.get(pk)}
    rows = Evidence.objects.filter(pk__in=touched, assessment=assessment, removed_at=None).order_by("pk")
    with transaction.atomic():
        here = [row.pk for row in rows.select_for_update()]
        standing = EvidenceUse.objects.filter(code=code, evidence__in=here)
        before = dict(standing.values_list("evidence_id", "page"))
        after = {pk: pages[pk] for pk in here if pk in pages}
        changed = [pk for pk in here if before.get(pk) != after.get(pk)]
        if not changed:
            return
        standing.delete()
        EvidenceUse.objects.bulk_create(
            EvidenceUse(evidence_id=pk, code=code, page=page) for pk, page in after.items()
        )
        Evidence.objects.filter(pk__in=changed).update(version=F("version") + 1)
        payload = {"code": code, "before": _by_text(before), "after": _by_text(after)}
        record(viewer, "evidence.used", assessment, payload, at=at)


def _by_text(pages: Mapping[UUID, str]) -> dict[str, str]:
    return {str(pk): page for pk, page in pages.items()}


def bring_over(
    *, viewer: Viewer, assessment: Assessment, chosen: Iterable[Evidence], at: datetime
) -> list[Evidence]:
    """Copy things from the last cycle's shelf with their uses; the originals stay where they are."""
    require_shelf(viewer, assessment)
    codes = {item.code for item in framework_of(assessment).items}
    with transaction.atomic():
        return [_copy(viewer, assessment, row, codes, at) for row in chosen]


def _copy(
    viewer: Viewer, assessment: Assessment, row: Evidence, codes: Collection[str], at: datetime
) -> Evidence:
    uses = {use.code: use.page for use in row.uses.all() if use.code in codes}
    told = ("kind", "title", "unit_id", "year", "file_id", "url", "text", "details", "only_coordinator")
    copy = Evidence.objects.create(
        assessment=assessment,
        added_by=viewer.membership,
        added_at=at,
        **{name: getattr(row, name) for name in told},
    )
    _set_uses(assessment, copy, uses)
    record(viewer, "evidence.added", copy, {"after": _told(copy, uses), "copy_of": str(row.pk)}, at=at)
    return copy


def require_shelf(viewer: Viewer, assessment: Assessment) -> None:
    """Raise Refused unless the viewer may change the shelf now."""
    if not permissions.may_use_shelf(viewer, assessment):
        raise Refused(_("You cannot change the evidence shelf of this self-assessment."))


def _claim(evidence: Evidence, version: int) -> bool:
    standing = Evidence.objects.filter(pk=evidence.pk, version=version, removed_at=None)
    return bool(standing.update(version=version + 1))


def _fill(viewer: Viewer, evidence: Evidence, content: Content, at: datetime) -> None:
    for name in ("title", "year", "unit", "url", "text", "details", "only_coordinator"):
        setattr(evidence, name, getattr(content, name))
    evidence.file = content.stored or evidence.file
    if content.upload is not None:
        evidence.file = files.receive(
            content.upload, organisation=viewer.organisation_id, by=viewer.person_id, at=at
        )


def _set_uses(assessment: Assessment, evidence: Evidence, uses: Mapping[str, str]) -> None:
    known = {item.code for item in framework_of(assessment).items}
    if unknown := set(uses) - known:
        raise MeriloError(_("There is no sub-criterion %(code)s.") % {"code": min(unknown)})
    EvidenceUse.objects.filter(evidence=evidence).exclude(code__in=uses).delete()
    rows = [EvidenceUse(evidence=evidence, code=code, page=page) for code, page in uses.items()]
    EvidenceUse.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["evidence", "code"], update_fields=["page"]
    )


def _told(evidence: Evidence, uses: Mapping[str, str]) -> dict[str, Any]:
    """What the record says; nothing of what only the coordinator sees, for others read the record too."""
    if evidence.only_coordinator:
        return {"kind": evidence.kind, "only_coordinator": True, "uses": dict(uses)}
    told = {name: getattr(evidence, name) for name in _TOLD}
    return told | {"file": evidence.file.sha256 if evidence.file else "", "uses": dict(uses)}
