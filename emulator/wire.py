"""The platform's HTTP face: three scripts, and misbehaviour at the socket.

``/admin/json.php`` and ``/json.php`` take a form by POST; ``/processlogin.php`` is
the control panel's login link (API reference 1, 6.13).
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import html
import socket
import threading
from email.utils import formatdate
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler
from io import BufferedIOBase
from urllib.parse import parse_qs, parse_qsl, urlsplit

from emulator.actions.session import panel_sign_in
from emulator.call import ADMIN, PANEL, USER, Refused, Request
from emulator.engine import Engine
from emulator.journal import Params
from emulator.reply import CONTENT_TYPE, CUT, HOLD, RESET, Reply
from emulator.switches import CallScope, Consultation

SCRIPTS = {"/admin/json.php": ADMIN, "/json.php": USER}
PANEL_PATH = "/processlogin.php"
FORM = "application/x-www-form-urlencoded"
MAX_BODY = 20_000_000
LINE = 1024  # the longest line of a chunked body


def form(body: bytes) -> Params:
    """A form the way PHP reads it: the last value wins, brackets nest."""
    params: Params = {}
    text = body.decode("utf-8", "replace")
    for key, value in parse_qsl(text, keep_blank_values=True):
        outer, bracket, rest = key.partition("[")
        inner = rest.removesuffix("]")
        if not bracket or not outer or inner == rest:
            params[key] = value
            continue
        nested = params.get(outer)
        if not isinstance(nested, dict):
            nested = params[outer] = {}
        nested[inner or str(len(nested))] = value
    return params


def chunked(stream: BufferedIOBase) -> bytes | None:
    """A body sent in chunks; None when it is malformed or too large."""
    body = b""
    while size := _chunk_size(stream):
        if len(body) + size > MAX_BODY:
            return None
        body += stream.read(size)
        if stream.readline(LINE) != b"\r\n":
            return None
    if size is None:
        return None
    while stream.readline(LINE).strip():
        pass  # trailers say nothing to PHP
    return body


def _chunk_size(stream: BufferedIOBase) -> int | None:
    text = stream.readline(LINE).partition(b";")[0].strip()
    digits = text.isalnum() and len(text) <= 8
    try:
        return int(text, 16) if digits else None
    except ValueError:
        return None


class ApiHandler(BaseHTTPRequestHandler):
    """One connection; subclassed per host by ``handler_for``."""

    protocol_version = "HTTP/1.1"
    engine: Engine
    stopping: threading.Event
    host_label: str

    def do_POST(self) -> None:
        """An API call."""
        body = self._body()
        path = urlsplit(self.path).path
        if body is None:
            return
        if path not in SCRIPTS:
            self._send(Reply(b"Not found", 404))
            return
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        request = Request(
            host=self.host_label,
            endpoint=SCRIPTS[path],
            params=form(body) if kind == FORM else {},
            cookie=self._cookie(),
            remote=self.client_address[0],
        )
        self._send(self.engine.handle(request, self._pause))

    def do_GET(self) -> None:
        """The login link, or an error for the API scripts."""
        parts = urlsplit(self.path)
        if parts.path == PANEL_PATH:
            query = parse_qs(parts.query)
            u, p = query.get("u", [""])[0], query.get("p", [""])[0]
            self._send(panel(self.engine, self.host_label, u, p))
        elif parts.path in SCRIPTS:
            self._send(self.engine.wrong_method(self.host_label, SCRIPTS[parts.path]))
        else:
            self._send(Reply(b"Not found", 404))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Silent: the journal is the log."""

    def _pause(self, seconds: float) -> None:
        if seconds > 0 and self.stopping.wait(seconds):
            raise ConnectionAbortedError  # stopped meanwhile: nothing more happens

    def _body(self) -> bytes | None:
        """The whole body; None when it was refused, and the connection ends."""
        coding = self.headers.get("Transfer-Encoding", "").strip().lower()
        length = self.headers.get("Content-Length", "0")
        refusal = Reply(b"Too large", 413)
        if coding:
            body = chunked(self.rfile) if coding == "chunked" else None
            refusal = Reply(b"Send the length of the body", 411)
        elif length.isdecimal() and int(length) <= MAX_BODY:
            body = self.rfile.read(int(length))
        else:
            body = None
        if body is None:
            self.close_connection = True
            self._send(refusal)
        return body

    def _cookie(self) -> str:
        try:
            jar = SimpleCookie(self.headers.get("Cookie", ""))
        except CookieError:
            return ""
        return jar["PHPSESSID"].value if "PHPSESSID" in jar else ""

    def _send(self, reply: Reply) -> None:
        if reply.manner == HOLD:
            self._hold(reply.hold)
            return
        if reply.manner == RESET:
            self._tear()
            return
        data = head(reply, close=self.close_connection) + reply.body
        if reply.manner == CUT:
            self.connection.sendall(data[: len(data) - (len(reply.body) + 1) // 2])
            self._tear()
        elif reply.interval > 0:
            self._trickle(reply, data)
        else:
            self.connection.sendall(data)

    def _trickle(self, reply: Reply, data: bytes) -> None:
        start = len(data) - len(reply.body)
        self.connection.sendall(data[:start])
        for index in range(start, len(data), reply.chunk):
            if self.stopping.wait(reply.interval):
                return
            self.connection.sendall(data[index : index + reply.chunk])

    def _hold(self, seconds: float) -> None:
        """Say nothing until the client leaves, the time is up, or we stop."""
        self.close_connection = True
        self.connection.settimeout(seconds)
        with contextlib.suppress(OSError):
            if self.connection.recv(1, socket.MSG_PEEK):
                self.stopping.wait(seconds)

    def _tear(self) -> None:
        self.close_connection = True
        self.server.tear(self.connection)  # type: ignore[attr-defined]


def head(reply: Reply, *, close: bool = False) -> bytes:
    """Status line and headers."""
    try:
        phrase = HTTPStatus(reply.status).phrase
    except ValueError:
        phrase = "Unknown Error"  # 520 and its kin belong to a proxy vendor
    lines = [
        f"HTTP/1.1 {reply.status} {phrase}",
        "Server: emailarray-imitation",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Length: {len(reply.body)}",
        *(f"{key}: {value}" for key, value in reply.headers),
    ]
    if not any(key == "Content-Type" for key, _ in reply.headers):
        lines.append(f"Content-Type: {CONTENT_TYPE}")
    if close:
        lines.append("Connection: close")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def panel(engine: Engine, host: str, u: str, p: str) -> Reply:
    """Check a login link: ``u`` and ``p`` are base64 of address and password."""
    address, given = _plain(u).lower(), _plain(p)
    username, _, name = address.rpartition("@")
    params: Params = {"u": address, "p": given}
    with engine.lock:
        engine.settle()
        now = engine.clock.now()
        entry = engine.journal.open(
            host=host, endpoint=PANEL, action="processlogin", params=params, at=now
        )
        scope = CallScope("processlogin", host, (), name, username)
        consult = Consultation(engine.switches, scope)
        domain = engine.state.domains.get(name)
        try:
            box = panel_sign_in(
                engine.sessions, domain, (username, given), now, consult
            )
        except Refused as refusal:
            entry.outcome = "refused"
            return _panel_page(403, "Not signed in", refusal.text)
        entry.outcome = "ok"
    shown = f"{box.uname or box.username}, you are in the mailbox {address}."
    return _panel_page(200, "Signed in", shown)


def _plain(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _panel_page(status: int, title: str, text: str) -> Reply:
    body = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} (imitation)</title></head><body><main><h1>{title}</h1>"
        f"<p>{html.escape(text)}</p><p>This is an imitation of the mail platform's "
        "control panel.</p></main></body></html>\n"
    )
    headers = [
        ("Cache-Control", "no-store"),
        ("Referrer-Policy", "no-referrer"),
        ("Content-Security-Policy", "default-src 'none'"),
    ]
    return Reply(body.encode(), status, headers)


def handler_for(
    engine: Engine, host: str, stopping: threading.Event
) -> type[ApiHandler]:
    """The handler class of one host."""
    name = f"ApiHandler_{host}"
    values = {"engine": engine, "host_label": host, "stopping": stopping}
    return type(name, (ApiHandler,), values)
