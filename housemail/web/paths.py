"""Which part of the house a path belongs to."""

from __future__ import annotations

from django.http import HttpRequest

API_PREFIX = "/api/"
# Parts of a path that open something by themselves; e-mails carry such links.
SECRET_PARTS = frozenset({"token", "key", "uidb36"})
_MOST = 200


def is_api(path: str) -> bool:
    """Return whether programs, not people, read the answer."""
    return path.startswith(API_PREFIX)


def loggable(request: HttpRequest) -> str:
    """Return the path without what is secret in it, for a log."""
    path = request.path
    match = request.resolver_match
    if match is None:
        return path[:_MOST]
    for name in SECRET_PARTS & match.kwargs.keys():
        path = path.replace(str(match.kwargs[name]), f"<{name}>")
    return path[:_MOST]
