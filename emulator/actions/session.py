"""Logging in: the admin, and a mailbox on the user API (API reference 3)."""

from __future__ import annotations

import hmac

from emulator.call import ADMIN, USER, Action, Answer, Call, Refused
from emulator.sessions import OneTimePassword, Sessions
from emulator.state import Domain, Mailbox
from emulator.switches import Consultation

_FAILURES = {
    "bad_password": "Wrong username or password",
    "two_factor": "This login requires a two-factor code",
    "ip_refused": "Access from this IP is restricted",
    "locked": "This account is locked",
}


def admin_login(call: Call) -> Answer:
    """``returndata`` is the token; a failure has a text in the same place."""
    failure = call.consult.on("login_failure")
    if failure:
        text = failure.word("text") or _FAILURES[failure.word("reason")]
        raise Refused(text, fault="login_failure")
    admin = call.state.admin
    right = _same(call.text("username"), admin.username)
    if not (_same(call.text("password"), admin.password) and right):
        raise Refused(_FAILURES["bad_password"])
    if call.consult.on("single_token"):
        call.sessions.drop_admin()
    token = call.sessions.issue(call.request.host, call.now)
    return Answer(token.value, cookie=token.cookie)


def user_login(call: Call) -> Answer:
    """The password is the mailbox's own or a one-time password."""
    domain, box = call.mailbox()
    given = call.text("password")
    otp = call.sessions.find_otp(given)
    if otp and (otp.domain, otp.username) == (domain.name, box.username):
        spend(otp, call.now, call.consult)
    elif not (box.password and _same(given, box.password)):
        raise Refused(_FAILURES["bad_password"])
    admit(box, call.now)
    token = call.sessions.issue(
        call.request.host, call.now, (domain.name, box.username)
    )
    return Answer(token.value, cookie=token.cookie)


def spend(otp: OneTimePassword, now: float, consult: Consultation) -> None:
    """Use a one-time password up, or refuse it."""
    mode = consult.word("otp", "mode", "")
    if otp.used or mode == "used":
        raise Refused("This one-time password was already used")
    if now > otp.expires or mode == "expired":
        raise Refused("This one-time password has expired")
    otp.used = True


def admit(box: Mailbox, now: float) -> None:
    """A disabled mailbox cannot sign in; an enabled one has its time noted."""
    if box.disabled:
        raise Refused("This account is disabled")
    box.lastauth = now


def panel_sign_in(
    sessions: Sessions,
    domain: Domain | None,
    login: tuple[str, str],
    now: float,
    consult: Consultation,
) -> Mailbox:
    """The control panel's login link: ``login`` is (user name, password)."""
    username, given = login
    box = domain.mailboxes.get(username) if domain else None
    otp = sessions.find_otp(given)
    if not (domain and box and otp):
        raise Refused("This link is not valid")
    if (otp.domain, otp.username) != (domain.name, username):
        raise Refused("This link is not valid")
    spend(otp, now, consult)
    admit(box, now)
    return box


def _same(given: str, kept: str) -> bool:
    return hmac.compare_digest(given.encode(), kept.encode())


ACTIONS = (
    Action("login", "auth", "session", admin_login, ADMIN),
    Action("login", "auth", "session", user_login, USER),
)
