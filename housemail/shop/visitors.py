"""Who is looking: a cookie that names a visitor's hold, and a mark for throttling.

Not the session: signing in and out gives a session another key or ends it, and the
name that somebody holds shall survive both.
"""

from __future__ import annotations

import secrets
from dataclasses import replace

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac
from django_htmx.middleware import HtmxDetails

from housemail.mailboxes.context import Actor, ActorKind
from housemail.platforms.base import Deadline
from housemail.sales.holds import Visitor
from housemail.web import deadlines
from housemail.web.remote_address import remote_address

COOKIE = "housemail_visitor"
_SALT = "housemail.shop.visitor"


def visitor_of(request: HttpRequest) -> Visitor:
    """Return who is looking; the key is "" while nothing was ever held."""
    key = request.get_signed_cookie(COOKIE, default="", salt=_SALT)
    customer = request.user if request.user.is_authenticated else None
    return Visitor(key or "", _mark(request), customer)


def holder_of(request: HttpRequest) -> Visitor:
    """Return who is looking, with a key to hold a name by; ``remember`` it then."""
    visitor = visitor_of(request)
    if visitor.session_key:
        return visitor
    return replace(visitor, session_key=secrets.token_urlsafe(24))


def remember(response: HttpResponseBase, visitor: Visitor) -> None:
    """Give the browser the visitor's key, for as long as it stays open."""
    response.set_signed_cookie(
        COOKIE,
        visitor.session_key,
        salt=_SALT,
        secure=True,
        httponly=True,
        samesite="Lax",
    )


def _mark(request: HttpRequest) -> str:
    """Return a mark of where the request comes from, which tells no address."""
    where = remote_address(request.META) or "unknown"
    return salted_hmac(_SALT, where, algorithm="sha256").hexdigest()[:32]


def asks_for_part(request: HttpRequest) -> bool:
    """Say whether a script asks, for a part of the page that is open."""
    return bool(HtmxDetails(request))


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts, as journals and timelines name them."""
    return Actor(ActorKind.CLIENT, str(request.user.pk))


def deadline() -> Deadline:
    """Return by when a page has to have its answer."""
    return Deadline.after(deadlines.page_seconds())
