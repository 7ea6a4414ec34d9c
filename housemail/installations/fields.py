"""A text column that is encrypted at rest, failing closed.

The keys live outside the database (``HOUSEMAIL_ENCRYPTION_KEYS``). The first one
encrypts, all of them decrypt: rotate by putting a new key in front and running
``housemail keys reencrypt``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def cipher() -> MultiFernet:
    """Return the cipher of the configured keys."""
    return _cipher(tuple(settings.HOUSEMAIL_ENCRYPTION_KEYS))


class EncryptedTextField(_TextField):
    """Stores text encrypted; a wrong key is an error, never garbage."""

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        if value is None:
            return None
        return cipher().encrypt(str(value).encode()).decode("ascii")

    def from_db_value(
        self, value: str | None, expression: object, connection: object
    ) -> str | None:
        """Decrypt on the way out; Errors: ImproperlyConfigured for a wrong key."""
        del expression, connection
        if value is None:
            return None
        try:
            return cipher().decrypt(value.encode("ascii")).decode()
        except InvalidToken as exc:
            msg = (
                "A stored credential cannot be decrypted: HOUSEMAIL_ENCRYPTION_KEYS "
                "lacks the key it was written with."
            )
            raise ImproperlyConfigured(msg) from exc
