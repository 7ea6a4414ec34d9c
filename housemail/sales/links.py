"""Where e-mails lead: the paths that the doors above serve, in one place.

A room below knows no URL names of its doors; a test of the doors holds these paths
against the URL table.
"""

from __future__ import annotations

from django.conf import settings

ORDER = "/orders/{number}/"
MAILBOX = "/mailboxes/{ref}/"
FIRST_PASSWORD = "/mailboxes/first-password/{token}/"  # noqa: S105 - a path
SHOP = "/"


def absolute(path: str, **parts: str) -> str:
    """Return the whole address of a path on the public host."""
    return settings.HOUSEMAIL_PUBLIC_URL + path.format(**parts)
