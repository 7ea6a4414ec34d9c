"""Who may call what: tokens, cookies, hosts, permissions (API reference 3).

How the real platform refuses a stale token is not known, so expired_token offers
several ways; the texts are inventions and a client must not match them.
"""

from __future__ import annotations

from emulator.call import USER, Call, Refused
from emulator.sessions import Token
from emulator.switches import Activation

EXPIRED_TEXTS = (
    "Session expired, please login again",
    "Invalid token",
    "You are not logged in",
    "Authentication required",
    "Access not allowed",
)
_LEVELS = ("view", "edit", "delete")
_NEEDS = {"read": "view", "write": "edit", "secret": "edit", "delete": "delete"}


def enter(call: Call) -> Token | None:
    """The caller's token, or a refusal; a login needs none."""
    if call.action.kind == "auth":
        return None
    token = call.sessions.find(call.text("token"), call.now)
    wrong_door = token is not None and (token.owner is None) == (
        call.request.endpoint == USER
    )
    if token is None or wrong_door:
        raise Refused(EXPIRED_TEXTS[0])
    if call.consult.on("token_bound_to_host") and token.host != call.request.host:
        raise Refused(EXPIRED_TEXTS[1], fault="token_bound_to_host")
    if call.consult.on("require_cookie") and token.cookie != call.request.cookie:
        raise Refused(EXPIRED_TEXTS[2], fault="require_cookie")
    _expiry(call, token)
    token.last_used = call.now
    _permission(call)
    return token


def _expiry(call: Call, token: Token) -> None:
    found = call.consult.on("expired_token")
    if not found or not _is_stale(call, found, token):
        return
    if not found.params["always"]:
        call.sessions.drop(token.value)
    style = found.word("style")
    text = found.word("text") or EXPIRED_TEXTS[found.fired % len(EXPIRED_TEXTS)]
    status = 200 if style == "text" else int(style)
    raise Refused(text, status=status, fault="expired_token")


def _is_stale(call: Call, found: Activation, token: Token) -> bool:
    """Tokens up to the boundary are stale; a period moves the boundary."""
    if found.limited or found.params["always"]:
        return True
    period = found.number("period")
    if period and call.now >= found.since + period:
        found.since = call.now
        found.boundary = call.sessions.serial
    return token.serial <= found.boundary


def _permission(call: Call) -> None:
    found = call.consult.on("permission_denied")
    if not found or found.word("section") not in ("any", call.action.section):
        return
    needed = _NEEDS[call.action.kind]
    if _LEVELS.index(needed) >= _LEVELS.index(found.word("level")):
        raise Refused(found.word("text"), fault="permission_denied")
