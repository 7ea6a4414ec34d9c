"""One POST, sent at most once, answered within its deadline or not at all.

urllib3 re-sends nothing here (no retries, no redirects). Three things are ours:

* a flag, set before the first byte of a request leaves, so that "certainly not
  sent" is known and not guessed from an exception's class;
* a deadline for the whole answer: a server that sends one byte now and then would
  otherwise outlast any read time-out;
* a bounded look-up and connect, over all addresses of a name together.

Source: API 1.1, 1.3, 7.2, 8.2; protocol 7.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
)
from urllib3.response import BaseHTTPResponse
from urllib3.util import Timeout

from housemail.platforms.addresses import is_private, resolve
from housemail.platforms.base import Deadline

if TYPE_CHECKING:
    from urllib3._base_connection import BaseHTTPConnection

CONNECT_SECONDS = 3.0
IDLE_SECONDS = 10.0
POOL_SIZE = 32
MAX_BYTES = 20 * 1024 * 1024
CHUNK_BYTES = 64 * 1024
HEADERS = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "User-Agent": "housemail",
}


class TransportError(Exception):
    """No whole answer. ``sent`` is false only when no byte can have left."""

    def __init__(self, detail: str, *, sent: bool) -> None:
        """Keep a fixed sentence: foreign exceptions may quote what they carried."""
        super().__init__(detail)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body of a whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class _Attempt:
    deadline: Deadline
    sent: bool = False


_attempt: ContextVar[_Attempt] = ContextVar("emailarray_attempt")


class _DeadlineReader(io.RawIOBase):
    """The raw socket file; each recv gets what is left of the whole deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._file = sock.makefile("rb", buffering=0)
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline.remaining()
        if left <= 0:
            raise TimeoutError("the whole-response deadline has passed")
        self._sock.settimeout(left)
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


class _DeadlineResponse(http.client.HTTPResponse):
    """Status line, headers and body all read under the attempt's deadline."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_DeadlineReader(sock, _attempt.get().deadline))


class _Bounded(HTTPConnection):
    """Connects within its time-out over all addresses; flags the first byte."""

    family: int = socket.AF_UNSPEC
    public_only: bool = False
    response_class = _DeadlineResponse
    idle_since: float = 0.0

    def _new_conn(self) -> socket.socket:
        limit = Deadline.after(float(self.timeout or CONNECT_SECONDS))
        try:
            found = resolve(
                self._dns_host, self.port or 0, self.family, limit.remaining()
            )
        except socket.gaierror as exc:
            raise NameResolutionError(self.host, self, exc) from exc
        except TimeoutError as exc:
            raise ConnectTimeoutError(self, "name look-up timed out") from exc
        # Asked here, of the very addresses that are connected to: a name that led
        # elsewhere a moment ago may lead into our own network now.
        if self.public_only and any(is_private(str(entry[4][0])) for entry in found):
            raise NewConnectionError(self, "the name leads to a private address")
        last = "no address"
        for family, kind, proto, _, address in found:
            sock = socket.socket(family, kind, proto)
            try:
                sock.settimeout(max(limit.remaining(), 0.001))
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.connect(address)
            except OSError as exc:
                sock.close()
                last = type(exc).__name__
            else:
                return sock
        raise NewConnectionError(self, f"no connection: {last}")

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        _attempt.get().sent = True
        super().send(data)


class _BoundedTLS(_Bounded, HTTPSConnection):
    """The same over TLS."""


class _FreshPool(HTTPConnectionPool):
    """Never hands out a connection that has been idle too long.

    A server or a proxy may have dropped it, and a write on a dropped connection is
    a write whose outcome is unknown (protocol 7).
    """

    def _get_conn(self, timeout: float | None = None) -> BaseHTTPConnection:
        conn = super()._get_conn(timeout)
        idle_since = getattr(conn, "idle_since", 0.0)
        if not conn.is_closed and time.monotonic() - idle_since > IDLE_SECONDS:
            conn.close()
        return conn

    def _put_conn(self, conn: BaseHTTPConnection | None) -> None:
        if isinstance(conn, _Bounded):
            conn.idle_since = time.monotonic()
        super()._put_conn(conn)


class _FreshTLSPool(_FreshPool, HTTPSConnectionPool):
    """The same over TLS."""


def _pool_classes(family: int, *, public_only: bool) -> dict[str, Any]:
    wish = {"family": family, "public_only": public_only}
    plain = type("Plain", (_Bounded,), wish)
    secure = type("Secure", (_BoundedTLS,), wish)
    return {
        "http": type("PlainPool", (_FreshPool,), {"ConnectionCls": plain}),
        "https": type("SecurePool", (_FreshTLSPool,), {"ConnectionCls": secure}),
    }


class Transport:
    """The connections to one server, shared by all threads."""

    def __init__(
        self,
        *,
        force_ipv4: bool = False,
        public_only: bool = False,
        ca_file: str | None = None,
        size: int = POOL_SIZE,
    ) -> None:
        """Make the pool of ``size`` connections; connects to nothing yet.

        Certificates are verified. ``public_only``: no name may lead to an address
        of a private network.
        """
        self._pools = PoolManager(
            block=True, maxsize=size, cert_reqs="CERT_REQUIRED", ca_certs=ca_file
        )
        family = socket.AF_INET if force_ipv4 else socket.AF_UNSPEC
        self._pools.pool_classes_by_scheme = _pool_classes(
            family, public_only=public_only
        )

    def post(
        self, url: str, body: bytes, deadline: Deadline, *, cookie: str = ""
    ) -> Answer:
        """Send one form and return the whole answer, whatever its status.

        Errors: TransportError only. Units: at most ``MAX_BYTES`` of body.
        """
        attempt = _Attempt(deadline)
        mark = _attempt.set(attempt)
        try:
            return self._exchange(url, body, deadline, cookie)
        except (HTTPError, http.client.HTTPException, OSError, ValueError) as exc:
            raise TransportError(_sentence(exc), sent=attempt.sent) from None
        finally:
            _attempt.reset(mark)

    def _exchange(
        self, url: str, body: bytes, deadline: Deadline, cookie: str
    ) -> Answer:
        left = deadline.remaining()
        if left <= 0:
            raise TimeoutError("no time left")
        response = self._pools.urlopen(
            "POST",
            url,
            body=body,
            headers=HEADERS | ({"Cookie": cookie} if cookie else {}),
            retries=False,
            redirect=False,
            preload_content=False,
            timeout=Timeout(connect=min(CONNECT_SECONDS, left), read=left, total=left),
            pool_timeout=left,
        )
        try:
            content = _read_all(response)
        except BaseException:
            # What is left of the answer must not meet the next request; the place
            # in the pool is given back all the same.
            response.close()
            response.release_conn()
            raise
        response.release_conn()
        return Answer(response.status, response.headers, content)


def _read_all(response: BaseHTTPResponse) -> bytes:
    parts: list[bytes] = []
    size = 0
    while chunk := response.read(CHUNK_BYTES):
        size += len(chunk)
        if size > MAX_BYTES:
            raise ValueError("the answer is too long")
        parts.append(chunk)
    return b"".join(parts)


def _sentence(exc: Exception) -> str:
    return f"no whole answer ({type(exc).__name__})"
