"""Statements put together once in a process, for pages that many people open at the same time.

Putting a statement together costs Django several times what the database needs to do it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
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


@cache
def insertion(model: type[Model]) -> str:
    """The statement that stores a row of a model: a value for each of its concrete fields, in their order."""
    name, fields = connection.ops.quote_name, model._meta.concrete_fields
    columns, places = ", ".join(name(str(one.column)) for one in fields), ", ".join("%s" for _one in fields)
    return f"INSERT INTO {name(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608  our own names


def put(model: type[Model], **values: object) -> None:
    """Store a new row with a value for each column: no defaults, no signals, nothing is read back.

    Errors: IntegrityError, KeyError (a value is missing).
    """
    own, fields = connections[DEFAULT_DB_ALIAS], model._meta.concrete_fields
    ready = [field.get_db_prep_save(values[field.attname], own) for field in fields]
    with own.cursor() as cursor:
        cursor.execute(insertion(model), ready)
