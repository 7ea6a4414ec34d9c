"""Statements that Django compiles once; each run only brings other values.

A verb's own statements are always the same, and building and compiling one costs
Django many times what the database needs for it (benchmarks/README.md). Here the SQL is
still Django's own, made from an ordinary query set for whichever database it is; what
is kept is the text, with the places where values go.

    _KNOWN = Prepared(lambda: Mailbox.objects.filter(ref=Given(Mailbox, "ref")))
    _KNOWN.exists(ref="17")

For statements that every request makes; others are plain query sets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType, SimpleNamespace
from typing import Any, Generic, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet, sql
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=Model)


class Given(Expression):
    """Stands in a query set for a value that is given at each run, never NULL."""

    def __init__(self, model: type[Model], name: str, *, saved: bool = False) -> None:
        """Name a field of a model, by which the value is adapted to the database."""
        self.name = name
        self.saved = saved
        field: Field[Any, Any] = model._meta.get_field(name)  # type: ignore[assignment]
        super().__init__(output_field=field)

    def as_sql(
        self, compiler: SQLCompiler, connection: Any, **extra: Any
    ) -> tuple[str, list[Any]]:
        """Return the place, with ourselves as the parameter."""
        del compiler, connection, extra
        return "%s", [self]

    def adapted(self, value: object, connection: BaseDatabaseWrapper) -> object:
        """Return a value as the database's driver takes it."""
        field = self.output_field
        if self.saved:
            return field.get_db_prep_save(value, connection)
        # In two steps as a lookup does: a key that no row can have may be asked for.
        return field.get_db_prep_value(field.get_prep_value(value), connection, True)


@dataclass(frozen=True, slots=True)
class _Part:
    """The columns of a row that make one object, and how the first one gets it."""

    model: type[Model]
    start: int
    names: tuple[str, ...]
    # Those columns whose values the driver gives in another form than Python's.
    raw: tuple[tuple[int, Any], ...]
    give: Callable[[Any, Model], None]

    def read(self, row: tuple[Any, ...], connection: BaseDatabaseWrapper) -> Model:
        """Make the object as Django's own iteration does."""
        values = list(row[self.start : self.start + len(self.names)])
        for index, column in self.raw:
            for convert in _converters(column, connection):
                values[index] = convert(values[index], column, connection)
        return self.model.from_db(connection.alias, self.names, values)


def _converters(column: Any, connection: BaseDatabaseWrapper) -> list[Any]:
    return [
        *connection.ops.get_db_converters(column),
        *column.get_db_converters(connection),
    ]


@dataclass(frozen=True, slots=True)
class _Statement:
    """What Django compiled, and what the rows are made of that it returns."""

    text: str
    parameters: tuple[object, ...]
    parts: tuple[_Part, ...] = ()

    def run(
        self,
        cursor: Any,
        given: Mapping[str, object],
        values: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        """Execute it; ``given`` for the conditions, ``values`` to be saved."""
        bound = []
        for parameter in self.parameters:
            if isinstance(parameter, Given):
                named = values if parameter.saved else given
                bound.append(parameter.adapted(named[parameter.name], cursor.db))
            else:
                bound.append(parameter)
        cursor.execute(self.text, bound)

    def read(self, row: tuple[Any, ...], connection: BaseDatabaseWrapper) -> Model:
        """Return the object of a row, with what ``select_related`` asked for."""
        first, *others = self.parts
        found = first.read(row, connection)
        for part in others:
            part.give(found, part.read(row, connection))
        return found


def _connection() -> BaseDatabaseWrapper:
    # Of this thread; the proxy django.db.connection asks anew at each attribute.
    return connections[DEFAULT_DB_ALIAS]


def _compiled(query: Any, connection: BaseDatabaseWrapper) -> _Statement:
    compiler = query.get_compiler(connection=connection)
    text, parameters = compiler.as_sql()
    parts = tuple(_parts(compiler, connection))
    return _Statement(text, tuple(parameters), parts)


def _to_nobody(owner: object, part: Model) -> None:
    """The first part of a row belongs to no other."""


def _parts(compiler: Any, connection: BaseDatabaseWrapper) -> Iterator[_Part]:
    info = compiler.klass_info
    for one in (info, *info.get("related_klass_infos", ())) if info else ():
        start, last = one["select_fields"][0], one["select_fields"][-1]
        columns = [column for column, _, _ in compiler.select[start : last + 1]]
        names = tuple(column.target.attname for column in columns)
        raw = tuple(
            (index, column)
            for index, column in enumerate(columns)
            if _converters(column, connection)
        )
        give = one.get("local_setter", _to_nobody)
        yield _Part(one["model"], start, names, raw, give)


class Prepared(Generic[M]):
    """A query set that is built and compiled at its first run, once a database."""

    def __init__(self, build: Callable[[], QuerySet[M]]) -> None:
        """Keep how to build it: with ``Given`` wherever a value comes with the run."""
        self._build = build
        self._statements: dict[tuple[str, ...], _Statement] = {}

    def _statement(
        self,
        connection: BaseDatabaseWrapper,
        key: tuple[str, ...],
        shape: Callable[[QuerySet[M]], Any],
    ) -> _Statement:
        key = (connection.vendor, *key)
        known = self._statements.get(key)
        if known is None:
            known = _compiled(shape(self._build()), connection)
            self._statements[key] = known
        return known

    def exists(self, **given: object) -> bool:
        """Say whether there is such a row."""
        connection = _connection()
        statement = self._statement(connection, ("exists",), _existing)
        with connection.cursor() as cursor:
            statement.run(cursor, given)
            return cursor.fetchone() is not None

    def one(self, **given: object) -> M | None:
        """Return the first such row, and what ``select_related`` wants (never NULL)."""
        connection = _connection()
        statement = self._statement(connection, ("one",), _first)
        with connection.cursor() as cursor:
            statement.run(cursor, given)
            row = cursor.fetchone()
        return None if row is None else cast(M, statement.read(row, connection))

    def update(self, values: Mapping[str, object], **given: object) -> int:
        """Write plain values into such rows; return how many were there."""
        connection = _connection()

        def writing(rows: QuerySet[M]) -> Any:
            query: Any = rows.query.chain(sql.UpdateQuery)
            query.add_update_values(
                {name: Given(rows.model, name, saved=True) for name in values}
            )
            return query

        statement = self._statement(connection, ("update", *values), writing)
        return _changed(connection, statement, given, values)

    def delete(self, **given: object) -> int:
        """Delete such rows by one statement, without signals; return how many."""
        connection = _connection()
        statement = self._statement(connection, ("delete",), _deleting)
        return _changed(connection, statement, given, {})


def _existing(rows: QuerySet[Any]) -> Any:
    return rows.query.exists()


def _first(rows: QuerySet[Any]) -> Any:
    return rows[:1].query


def _deleting(rows: QuerySet[Any]) -> Any:
    return rows.query.chain(sql.DeleteQuery)


def _changed(
    connection: BaseDatabaseWrapper,
    statement: _Statement,
    given: Mapping[str, object],
    values: Mapping[str, object],
) -> int:
    marking = transaction.mark_for_rollback_on_error(connection.alias)
    with marking, connection.cursor() as cursor:
        statement.run(cursor, given, values)
        return int(cursor.rowcount)


_inserts: dict[tuple[str, type[Model]], _Statement] = {}


def insert(row: M) -> M:
    """Insert a new object whose key the database makes, without signals.

    Errors: IntegrityError, as ``save`` has it.
    """
    connection = _connection()
    fields = [
        field
        for field in row._meta.local_concrete_fields
        if not field.primary_key and not field.generated
    ]
    key = (connection.vendor, type(row))
    statement = _inserts.get(key)
    if statement is None:
        statement = _inserts[key] = _insert_of(type(row), fields, connection)
    values = {field.attname: field.pre_save(row, add=True) for field in fields}
    marking = transaction.mark_for_rollback_on_error(connection.alias)
    with marking, connection.cursor() as cursor:
        statement.run(cursor, {}, values)
        row.pk = _key_made(cursor, row)
    row._state.adding = False
    row._state.db = connection.alias
    return row


def _insert_of(
    model: type[Model], fields: list[Any], connection: BaseDatabaseWrapper
) -> _Statement:
    places = {f.attname: Given(model, f.attname, saved=True) for f in fields}
    query: Any = sql.InsertQuery(model)
    query.insert_values(fields, [SimpleNamespace(**places)], raw=True)
    compiler = query.get_compiler(connection=connection)
    compiler.returning_fields = [model._meta.pk]
    ((text, parameters),) = compiler.as_sql()
    return _Statement(text, tuple(parameters))


def _key_made(cursor: Any, row: Model) -> object:
    if cursor.db.features.can_return_columns_from_insert:
        return cursor.fetchone()[0]
    meta = row._meta
    return cursor.db.ops.last_insert_id(cursor, meta.db_table, meta.pk.column)
