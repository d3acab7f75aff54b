"""A whole self-assessment leaves as an archive, and one that was made elsewhere is taken over."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, models, transaction
from django.utils.translation import gettext as _

from merilo.assessment.archive import reading, writing
from merilo.assessment.archive.tables import TABLES, Table
from merilo.assessment.models import ArchiveOrigin, Assessment, FrameworkEdition, State
from merilo.assessment.rules.lifecycle import AGREED
from merilo.core import files
from merilo.core.errors import BadFile, MeriloError, Refused
from merilo.framework.findings import FrameworkInvalid
from merilo.framework.loading import from_json, to_json
from merilo.organisations.api import Unit, Viewer, record

Rows = dict[str, list[Any]]


def export(*, viewer: Viewer, assessment: Assessment, sink: IO[bytes], at: datetime) -> None:
    """Write the archive of a self-assessment whose scores are agreed.

    Errors: Refused, MeriloError (scores not agreed, a file that is missing).
    """
    viewer.require("assessment.plan")
    if assessment.organisation_id != viewer.organisation_id:
        raise Refused(_("This self-assessment belongs to another organisation."))
    if assessment.is_entered or assessment.state not in AGREED:
        raise MeriloError(
            _("An archive can be made of a self-assessment held here, when all its scores are agreed.")
        )
    origin = ArchiveOrigin.objects.filter(assessment=assessment).first()
    name = origin.organisation if origin else viewer.organisation.name
    with transaction.atomic():
        try:
            writing.write(assessment, organisation=name, sink=sink)
        except writing.FileMissing as error:
            raise MeriloError(_("A file is missing or damaged, so no archive was made.")) from error
        record(viewer, "assessment.archived", assessment, at=at)


def take_over(*, viewer: Viewer, source: IO[bytes], at: datetime) -> Assessment:
    """Take a self-assessment over from an archive: all of it, or nothing.

    The people in it become names of the record without accounts. What a refused archive has left among the
    files goes with the next sweep. Errors: Refused, BadFile.
    """
    viewer.require("assessment.plan")
    with reading.opened(source) as found:
        try:
            with transaction.atomic():
                assessment = _Taking(viewer, found, at).take()
                record(viewer, "assessment.taken_over", assessment, {"from": found.organisation}, at=at)
        except (ValidationError, FrameworkInvalid, DatabaseError, OverflowError, TypeError) as error:
            raise BadFile(_("The archive holds something that no self-assessment can hold.")) from error
    return assessment


class _Taking:
    """One archive on its way into the tables. New ids rise in the order of the file, which so is kept."""

    def __init__(self, viewer: Viewer, found: reading.Opened, at: datetime) -> None:
        self.viewer, self.found, self.at = viewer, found, at
        self.made: Rows = {}

    def take(self) -> Assessment:
        _check_sense(self.found.record)
        for table in TABLES:
            rows = self.found.record[table.name]
            self.made[table.name] = [
                self._make(table, row, key) for row, key in zip(rows, _keys(table, len(rows)), strict=True)
            ]
        assessment: Assessment = self.made["assessment"][0]
        ArchiveOrigin.objects.create(
            assessment=assessment, organisation=self.found.organisation, taken_over_at=self.at
        )
        return assessment

    def _make(self, table: Table, told: Mapping[str, Any], key: uuid.UUID | None) -> Any:
        match table.name:
            case "files":
                return self._file(told, key)
            case "units":
                return self._unit(told, key)
            case "framework":
                return self._framework(told, key)
        row = table.model(**({"pk": key} if key else {}))
        for column in table.columns:
            field = table.model._meta.get_field(column)
            setattr(row, column, _value(field, told[column], row))
        for column, name in table.links.items():
            setattr(row, column, self._linked(table, column, name, told[column]))
        for column, value in self._added(table).items():
            setattr(row, column, value)
        row.save(force_insert=True)
        for column, name in table.many.items():
            getattr(row, column).set([self.made[name][number - 1] for number in told[column]])
        return row

    def _linked(self, table: Table, column: str, name: str, number: int | None) -> Any:
        if number is not None:
            return self.made[name][number - 1]
        if not table.model._meta.get_field(column).null:
            raise ValidationError(column)
        return None

    def _added(self, table: Table) -> dict[str, Any]:
        """What an installation says itself about a row."""
        names = {field.name for field in table.model._meta.concrete_fields}
        added: dict[str, Any] = {}
        if "organisation" in names:
            added["organisation"] = self.viewer.organisation
        if table.name == "people":
            added |= {"joined_at": self.at, "left_at": self.at}
        return added

    def _file(self, told: Mapping[str, Any], key: uuid.UUID | None) -> Any:
        content = self.found.content(dict(told))
        name = str(told["name"])
        if files.safe_name(name) != name:
            raise ValidationError("name")
        return files.keep(
            content,
            key=key,
            name=name,
            content_type=files.KINDS[name.rpartition(".")[2].lower()][0],
            organisation=self.viewer.organisation_id,
            by=self.viewer.person_id,
            at=self.at,
        )

    def _unit(self, told: Mapping[str, Any], key: uuid.UUID | None) -> Unit:
        """The own unit of that name, or a new one."""
        name = _value(Unit._meta.get_field("name"), told["name"], None)
        own = Unit.objects.filter(organisation=self.viewer.organisation)
        found = next((unit for unit in own if unit.name.casefold() == name.casefold()), None)
        return found or Unit.objects.create(pk=key, organisation=self.viewer.organisation, name=name)

    def _framework(self, told: Mapping[str, Any], key: uuid.UUID | None) -> FrameworkEdition:
        """The same text if it is here already, else the one that the archive carries, not offered."""
        content, fingerprint = str(told["content"]), told["fingerprint"]
        if hashlib.sha256(content.encode()).hexdigest() != fingerprint:
            raise BadFile(_("The framework in the archive is not the one that it names."))
        framework = from_json(content)
        if to_json(framework) != content or (framework.code, framework.version) != (
            told["code"],
            told["version"],
        ):
            raise BadFile(_("The framework in the archive is not the one that it names."))
        here = models.Q(organisation=self.viewer.organisation) | models.Q(organisation=None)
        found = FrameworkEdition.objects.filter(here, fingerprint=fingerprint).first()
        return found or FrameworkEdition.objects.create(
            pk=key,
            organisation=self.viewer.organisation,
            code=framework.code,
            version=framework.version,
            fingerprint=fingerprint,
            content=content,
            added_at=self.at,
            withdrawn_at=self.at,
        )


def _keys(table: Table, count: int) -> list[uuid.UUID | None]:
    if not isinstance(table.model._meta.pk, models.UUIDField):
        return [None] * count
    return sorted(uuid.uuid4() for _number in range(count))  # type: ignore[return-value]


def _value(field: Any, told: Any, row: Any) -> Any:
    """A value as its column takes it, told exactly as we would tell it."""
    if told is None and not field.null:
        raise ValidationError(field.name)
    if isinstance(field, models.JSONField):
        return told
    if told == "" and not isinstance(field, models.CharField | models.TextField):
        raise ValidationError(field.name)
    value = field.clean(told, row) if told not in (None, "") else told
    if writing.plain(value) != told:
        raise ValidationError(field.name)
    return value


def _check_sense(told: writing.Told) -> None:
    """What the state says and what the framework knows must fit together."""
    assessment = told["assessment"][0]
    framework = from_json(str(told["framework"][0]["content"]))
    if assessment["state"] not in {State.REPORTING, State.APPROVED}:
        raise ValidationError("state")
    if assessment["method"] not in {method.code for method in framework.methods}:
        raise ValidationError("method")
    codes = {item.code for item in framework.items}
    for name in ("agreements", "contributions", "statements", "evidence_uses"):
        if not {row["code"] for row in told[name]} <= codes:
            raise ValidationError("code")
    if not all(_is_scores(row["values"]) for row in told["agreements"]):
        raise ValidationError("values")


def _is_scores(values: Any) -> bool:
    return isinstance(values, dict) and all(
        type(value) is int and 0 <= value <= 100 for value in values.values()
    )
