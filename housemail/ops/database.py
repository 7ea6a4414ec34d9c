"""Whether the database answers and is up to date."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from housemail.ops import demo_data


def why_not() -> str:
    """Return why the database cannot be used, or nothing."""
    try:
        connection.ensure_connection()
    except (DatabaseError, OSError) as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        return lines[0]
    return ""


def need() -> None:
    """Go on only with a database that answers; Errors: CommandError."""
    why = why_not()
    if why:
        raise CommandError(
            f"The database does not answer: {why}. Check HOUSEMAIL_DATABASE_URL, or "
            "unset it to use a file in the data directory.",
            returncode=1,
        )


def pending() -> list[str]:
    """Return the migrations that are not applied yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def need_current() -> None:
    """Go on only with a database that is up to date; Errors: CommandError."""
    need()
    if pending():
        raise CommandError(
            "The database is not up to date: run `housemail migrate` first."
            + demo_data.hint(),
            returncode=1,
        )
