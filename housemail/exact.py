"""A column whose values are compared to the letter on every database.

PostgreSQL and SQLite do so by themselves. MariaDB and MySQL compare text without case
and accents unless the column says otherwise: there the services "abc" and "ABC" of a
billing system would be one, and what is asked of one would be done to the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _CharField = models.CharField[str, str]
else:
    _CharField = models.CharField

_BINARY = {"mysql": "utf8mb4_bin"}


class ExactCharField(_CharField):
    """A CharField for what others call their things: ids, references.

    There a search for a part of one minds the case too.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Name the collation where the database's own one would not do."""
        found = super().db_parameters(connection)
        collation = _BINARY.get(connection.vendor)
        return {**found, "collation": collation} if collation else found
