"""The client: one call in, one envelope or one error of the contract out.

Order of things in a call: allow-list and permit (before any I/O), a place among
those who may wait on this server, a token, the sending, and at most one new login
with one repetition when the answer may mean "your token is no good" (API 3.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from housemail.platforms.base import (
    Deadline,
    OutcomeUnknown,
    PermissionRefused,
    PlatformRefused,
    PlatformUnavailable,
)
from housemail.platforms.emailarray.actions import (
    Action,
    Kind,
    Permit,
    check_permit,
)
from housemail.platforms.emailarray.config import EmailArrayConfig
from housemail.platforms.emailarray.delivery import Delivery, Order, Reply
from housemail.platforms.emailarray.endpoints import Hosts, endpoints_for
from housemail.platforms.emailarray.envelope import (
    AUTH_HINT,
    PERMISSION_HINT,
    Envelope,
)
from housemail.platforms.emailarray.places import places_at
from housemail.platforms.emailarray.redact import TEXT_READ
from housemail.platforms.emailarray.session import Session, Token
from housemail.platforms.emailarray.transport import Transport

DEFAULT_THREADS = 16
# A refusal by a token older than this may be about the token (API 3.3).
TRUSTED_TOKEN_SECONDS = 60.0


class Client:
    """One account on one server, shared by all threads; make it once and keep it.

    The token, the connections and the circuits live here: a client made anew for
    each call would log in each time.
    """

    def __init__(
        self,
        endpoint: str,
        username: str,
        password: str,
        *,
        config: EmailArrayConfig | None = None,
        threads: int = DEFAULT_THREADS,
    ) -> None:
        """Connect to nothing yet.

        ``threads``: how many threads the process has; half of them may wait on
        this server at a time. Errors: ValueError for an unsuitable endpoint.
        """
        config = config or EmailArrayConfig()
        endpoints = endpoints_for(endpoint, config.endpoint_groups)
        self._hosts = Hosts(endpoints)
        self.host = self._hosts.first.host
        # Fail-over hosts are one server, whichever of them was given.
        self._places = places_at(min(each.host for each in endpoints), threads)
        # As many connections as places: nobody waits inside the pool.
        transport = Transport(
            force_ipv4=config.force_ipv4,
            public_only=config.public_only,
            ca_file=config.ca_file,
            size=self._places.count,
        )
        self._delivery = Delivery(transport, self._hosts)
        self._session = Session(
            self._delivery, username, password, cookies=config.cookies
        )

    def __repr__(self) -> str:
        """Return the host only: the rest is secret."""
        return f"<Client {self.host}>"

    def login(self, deadline: Deadline) -> None:
        """Log in afresh, whatever token there is.

        Errors: LoginRefused, PlatformUnavailable (NotAnAdminApi, HostUnreachable).
        """
        with self._places.one(deadline, Action.LOGIN.value):
            self._session.login(deadline)

    def call(
        self,
        action: Action | str,
        params: Mapping[str, str],
        *,
        permit: Permit,
        deadline: Deadline,
        secrets: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send one action and return its successful answer.

        Errors: ValueError before any I/O when the action or a name in ``params``
        is not allowed; PlatformRefused, PlatformUnavailable, and for writes
        OutcomeUnknown. Source: API 3.3, 7.2.
        """
        action = Action(action)
        if action is Action.LOGIN:
            raise ValueError("the login is not a call")
        check_permit(action, params, permit)
        _check_secrets(params, secrets or {})
        _check_text(action, {**params, **(secrets or {})})
        with self._places.one(deadline, action.value):
            token = self._session.token(deadline)
            order, reply = self._send(action, params, permit, secrets, token, deadline)
            if not _may_be_the_token(reply, token):
                return _judged(order, reply)
            with _in_doubt(order, reply):
                token = self._session.renew(token, deadline, via=reply.host)
                return _judged(
                    *self._send(action, params, permit, secrets, token, deadline)
                )

    def _send(
        self,
        action: Action,
        params: Mapping[str, str],
        permit: Permit,
        secrets: Mapping[str, str] | None,
        token: Token,
        deadline: Deadline,
    ) -> tuple[Order, Reply]:
        order = Order(
            action,
            params,
            permit,
            {"token": token.value, **(secrets or {})},
            token.cookie,
        )
        return order, self._delivery.deliver(order, deadline)


def envelope_of(reply: Reply) -> Envelope:
    """Return the envelope of a judged reply, which always has one."""
    if reply.envelope is None:
        raise PlatformUnavailable("the answer has no envelope")
    return reply.envelope


def _check_secrets(params: Mapping[str, str], secrets: Mapping[str, str]) -> None:
    if set(secrets) - {"password", "editpassword"} or set(params) & {
        *("action", "token", "password", "editpassword")
    }:
        raise ValueError("secrets travel in their own argument, and only they do")


def _check_text(action: Action, values: Mapping[str, str]) -> None:
    """Refuse what UTF-8 cannot write, such as half of a surrogate pair."""
    try:
        for value in values.values():
            value.encode()
    except UnicodeEncodeError:
        detail = "a value cannot be written as text"
        raise PlatformRefused(detail, action=action.value) from None


def _may_be_the_token(reply: Reply, token: Token) -> bool:
    """Say whether a new login may help. Source: API 3.3."""
    if reply.denied:
        return True
    envelope = envelope_of(reply)
    if envelope.ok:
        return False
    old = token.age() > TRUSTED_TOKEN_SECONDS
    return old or AUTH_HINT.search(envelope.text[:TEXT_READ]) is not None


@contextmanager
def _in_doubt(order: Order, first: Reply) -> Iterator[None]:
    """Believe only a success, when the first answer to a write was a mute 401 or 403.

    It may have been carried out all the same; a refusal of its repetition may then
    mean that it was, and is no word about what was sent first (protocol 3).
    """
    try:
        yield
    except (PlatformRefused, PlatformUnavailable) as exc:
        if order.kind is not Kind.WRITE or first.envelope is not None:
            raise
        raise OutcomeUnknown(exc.detail, action=order.action.value) from exc


def _judged(order: Order, reply: Reply) -> Reply:
    """Return a success, raise what the answer refused. Source: API 7.2."""
    action = order.action.value
    if reply.envelope is None:
        detail = f"the server answered HTTP {reply.status}"
        raise PlatformUnavailable(detail, action=action)
    if reply.envelope.ok:
        return reply
    detail = order.clean(reply.envelope.text) or "the platform gave no reason"
    if reply.denied or PERMISSION_HINT.search(detail):
        raise PermissionRefused(detail, action=action)
    raise PlatformRefused(detail, action=action)
