"""Rows that know when they last changed: calendars of people follow them."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.db.models.functions import Now

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class DatedRows(models.QuerySet[Row_co]):
    """Rows of which a change by `update` that counts the version also has its moment."""

    def update(self, **values: Any) -> int:
        """As ever, with the moment of the change."""
        if "version" in values:
            values.setdefault("changed_at", Now())
        return super().update(**values)


class Dated(models.Model):
    """Something with the moment of its last change."""

    changed_at = models.DateTimeField(auto_now=True)

    objects = DatedRows.as_manager()

    class Meta:
        abstract = True
