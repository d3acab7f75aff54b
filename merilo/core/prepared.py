"""Queries put together once in a process, for pages that many people open at the same time.

Putting a query together costs Django several times what the database needs to answer it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

Found = TypeVar("Found", bound=Model)


class Prepared(Generic[Found]):
    """A queryset of which one row is asked for again and again, by a field that is unique.

    Its relations, annotations and locks count; it may have no condition with a value of its own.
    """

    def __init__(self, rows: Callable[[], QuerySet[Found]], *, by: str) -> None:
        self._rows, self._by = rows, by
        self._statements: dict[str, _Statement] = {}

    def get(self, value: object) -> Found:
        """What `rows().get(by=value)` answers. Errors: the model's DoesNotExist."""
        statement = self._statements.get(connection.vendor)
        if statement is None:
            statement = self._statements[connection.vendor] = _Statement(self._rows(), self._by)
        found: Found = statement.get(value)
        return found


class _Statement:
    """What is asked of a database, and how objects are made of its answer, as Django's ModelIterable does."""

    def __init__(self, rows: QuerySet[Any], by: str) -> None:
        self.model, self.field = rows.model, rows.model._meta.get_field(by)
        some = self.field.to_python("0" * 32)  # any value that the field may have
        compiler = rows.order_by().filter(**{by: some}).query.get_compiler(connection=connection)
        self.sql, values = compiler.as_sql()
        if len(values) != 1:
            raise ValueError(self.sql)
        columns = [column for column, _sql, _alias in compiler.select]
        self.convert = compiler.apply_converters
        self.converters = compiler.get_converters(columns)
        self.own: list[int] = compiler.klass_info["select_fields"]
        self.names = [columns[place].target.attname for place in self.own]
        related: Any = get_related_populators  # the stubs know a later Django
        self.related = related(compiler.klass_info, compiler.select, connection.alias)
        self.annotations: dict[str, int] = compiler.annotation_col_map

    def get(self, value: object) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [self.field.get_db_prep_value(value, connection)])
            rows = cursor.fetchall()
        if not rows:
            raise self.model.DoesNotExist
        (row,) = self.convert(rows, self.converters)
        made = self.model.from_db(connection.alias, self.names, [row[place] for place in self.own])
        for populator in self.related:
            populator.populate(row, made)
        for name, place in self.annotations.items():
            setattr(made, name, row[place])
        return made
