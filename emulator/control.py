"""The control interface: seed, switch, move the clock, read state and journal.

JSON for programs, forms for the page. It is for this machine only: a request whose
Host is not loopback, or that another site's page sent, is refused, so that a web
page open in a developer's browser cannot drive it.
"""

from __future__ import annotations

import json
from email.message import Message
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

from emulator import commands, page
from emulator.commands import Controlled
from emulator.reply import Reply
from emulator.wire import FORM, MAX_BODY, head

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_JSON = "application/json"
_CSS = Path(__file__).with_name("page.css")
_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def refusal(method: str, headers: Message) -> str:
    """Why a request is not for us, or nothing."""
    host = headers.get("Host", "")
    if _hostname(f"//{host}") not in _LOOPBACK:
        return "The control interface answers to loopback addresses only."
    origin = headers.get("Origin", "")
    foreign_origin = bool(origin) and origin != f"http://{host}"
    cross_site = headers.get("Sec-Fetch-Site", "") in ("cross-site", "same-site")
    if method == "POST" and (foreign_origin or cross_site):
        return "Requests from other sites are refused."
    return ""


def _hostname(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


class ControlHandler(BaseHTTPRequestHandler):
    """One connection to the control port."""

    protocol_version = "HTTP/1.1"
    emulator: Controlled

    def do_GET(self) -> None:
        """State, journal, switches, clock, and the page."""
        reason = refusal("GET", self.headers)
        parts = urlsplit(self.path)
        if reason:
            self._json({"error": reason}, 403)
        elif parts.path == "/":
            query = parse_qs(parts.query)
            self._page(200, domain=query.get("domain", [""])[0])
        elif parts.path == "/page.css":
            self._send(Reply(_CSS.read_bytes()), "text/css; charset=utf-8")
        elif parts.path in commands.READS:
            wish = dict(parse_qsl(parts.query))
            self._attempt(lambda: commands.READS[parts.path](self.emulator, wish))
        else:
            self._json({"error": "There is nothing here."}, 404)

    def do_POST(self) -> None:
        """Change something."""
        body = self._body()
        reason = refusal("POST", self.headers)
        path = urlsplit(self.path).path
        kind = self.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if reason:
            self._json({"error": reason}, 403)
        elif path not in commands.WRITES:
            self._json({"error": "There is nothing here."}, 404)
        elif kind == FORM:
            self._submitted(path, dict(parse_qsl(body.decode("utf-8", "replace"))))
        elif kind == _JSON:
            self._attempt(lambda: self._change(path, body))
        else:
            self._json({"error": f"Send {_JSON}."}, 415)

    def _change(self, path: str, body: bytes) -> object:
        wish = json.loads(body or b"{}")
        if not isinstance(wish, dict):
            raise TypeError("Send a JSON object.")
        commands.WRITES[path](self.emulator, wish)
        return {"ok": True}

    def _submitted(self, path: str, fields: dict[str, str]) -> None:
        try:
            commands.WRITES[path](self.emulator, commands.from_form(fields))
        except (ValueError, TypeError) as error:
            self._page(400, problem=str(error))
            return
        self._send(Reply(status=303, headers=[("Location", "/")]), "text/plain")

    def _attempt(self, work: commands.Work) -> None:
        try:
            answer = work()
        except (ValueError, TypeError) as error:
            self._json({"error": str(error)}, 400)
        else:
            self._json(answer, 200)

    def _page(self, status: int, *, domain: str = "", problem: str = "") -> None:
        text = page.render(self.emulator, domain=domain, problem=problem)
        self._send(Reply(text.encode(), status), "text/html; charset=utf-8")

    def _json(self, answer: object, status: int) -> None:
        self._send(Reply(json.dumps(answer).encode() + b"\n", status), _JSON)

    def _send(self, reply: Reply, content_type: str) -> None:
        reply.headers += [
            ("Content-Type", content_type),
            ("Content-Security-Policy", _POLICY),
            ("X-Content-Type-Options", "nosniff"),
            # Not no-referrer: it would make browsers send "Origin: null" with forms.
            ("Referrer-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ]
        self.connection.sendall(head(reply, close=self.close_connection) + reply.body)

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY:
            self.close_connection = True
            return b""
        return self.rfile.read(int(length))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Silent."""


def handler_for(emulator: Controlled) -> type[ControlHandler]:
    """The handler class of one emulator."""
    return type("BoundControlHandler", (ControlHandler,), {"emulator": emulator})
