"""A raw socket server that behaves as badly as a test wants, and counts requests.

Each request takes the next behaviour of the script; the last one stays. Logins are
answered well and take nothing from the script, unless ``on_login`` says otherwise.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable
from urllib.parse import parse_qsl

from housemail.platforms.base import Address, Deadline
from housemail.platforms.emailarray.client import Client
from housemail.platforms.emailarray.config import EmailArrayConfig

Behaviour = Callable[["Hostile", socket.socket], bool]
Form = list[tuple[str, str]]

TOKEN = "f0c1e2d3a4b59687"
ANNA = Address("anna", "house.test")
PASSWORD = "Secret-pass-9"


def answer(
    body: bytes | str, status: int = 200, headers: str = "", length: int | None = None
) -> Behaviour:
    """Answer with this body; ``length`` lies about its length."""
    raw = body if isinstance(body, bytes) else body.encode()
    size = len(raw) if length is None else length
    head = (
        f"HTTP/1.1 {status} Whatever\r\nContent-Type: text/html\r\n"
        f"Content-Length: {size}\r\n{headers}\r\n"
    ).encode()

    def behave(_: Hostile, conn: socket.socket) -> bool:
        conn.sendall(head + raw)
        return size == len(raw)

    return behave


def envelope(returncode: object, data: object = "", **more: object) -> Behaviour:
    """Answer with an envelope."""
    body = {"returncode": returncode, "returndata": data, **more}
    return answer(json.dumps(body))


def ok(data: object = "done", **more: object) -> Behaviour:
    return envelope(1, data, **more)


def refused(text: str = "no") -> Behaviour:
    return envelope(0, text)


def close(_: Hostile, conn: socket.socket) -> bool:
    """Take the request, close without a word."""
    return False


def reset(_: Hostile, conn: socket.socket) -> bool:
    """Take the request, send RST."""
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    return False


def silence(server: Hostile, _: socket.socket) -> bool:
    """Take the request and never answer."""
    server.stopping.wait(30)
    return False


def trickle(raw: bytes, pause: float = 0.05) -> Behaviour:
    """Send these bytes one by one."""

    def behave(server: Hostile, conn: socket.socket) -> bool:
        for index in range(len(raw)):
            if server.stopping.wait(pause):
                break
            conn.sendall(raw[index : index + 1])
        return False

    return behave


GOOD_BODY = b'{"returncode": 1, "returndata": "done"}'
TRICKLED_HEADERS = trickle(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 600)
TRICKLED_BODY = trickle(
    b"HTTP/1.1 200 OK\r\nContent-Length: 39\r\n\r\n" + b" " * 200 + GOOD_BODY
)
TRICKLED_CHUNKS = trickle(
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 100
)


class Hostile:
    """One listening port on the loopback, a thread for each connection."""

    def __init__(self) -> None:
        self.forms: list[Form] = []
        self.heads: list[str] = []
        self.connections = 0
        self.on_login: Behaviour | None = None
        self.stopping = threading.Event()
        self._script: list[Behaviour] = [ok()]
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._logins = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    @property
    def endpoint(self) -> str:
        return f"http://{self.host}/admin/json.php"

    def script(self, *steps: Behaviour) -> None:
        with self._lock:
            self._script = list(steps)

    def actions(self) -> list[str]:
        with self._lock:
            return [dict(form).get("action", "") for form in self.forms]

    def count(self, action: str) -> int:
        return self.actions().count(action)

    def client(self, *others: Hostile, **options: object) -> Client:
        """Return a client of this server; ``others`` are its fallbacks."""
        group = tuple(server.host for server in (self, *others))
        config = EmailArrayConfig(
            endpoint_groups=(group,), cookies=bool(options.pop("cookies", False))
        )
        threads = options.pop("threads", 16)
        assert isinstance(threads, int)
        return Client(
            self.endpoint, "admin", "Admin-pw-1", config=config, threads=threads
        )

    def stop(self) -> None:
        self.stopping.set()
        # Closing alone would leave the port to the thread that waits in accept.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for conn in self._open:
                conn.close()

    def _accept(self) -> None:
        while True:
            try:
                conn, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.append(conn)
            threading.Thread(target=self._serve, args=(conn,), daemon=True).start()

    def _serve(self, conn: socket.socket) -> None:
        try:
            with conn, conn.makefile("rb") as stream:
                while (request := _request(stream)) is not None:
                    if not self._next(*request)(self, conn):
                        return
        except OSError:
            return

    def _next(self, head: str, form: Form) -> Behaviour:
        with self._lock:
            self.forms.append(form)
            self.heads.append(head)
            if dict(form).get("action") == "login":
                self._logins += 1
                cookie = f"Set-Cookie: PHPSESSID=s{self._logins}; path=/\r\n"
                body = {"returncode": 1, "returndata": f"{TOKEN}{self._logins}"}
                return self.on_login or answer(json.dumps(body), headers=cookie)
            return self._script.pop(0) if len(self._script) > 1 else self._script[0]


def _request(stream: object) -> tuple[str, Form] | None:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()  # type: ignore[attr-defined]
        if not line:
            return None
        head += line
    text = head.decode("latin-1")
    size = int(text.lower().split("content-length:")[1].split("\r\n")[0])
    body = stream.read(size).decode()  # type: ignore[attr-defined]
    return text, parse_qsl(body, keep_blank_values=True)


def free_port() -> int:
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def write(client: Client, seconds: float = 5.0) -> None:
    """Send one write that must never be sent twice."""
    client.call(
        "addUser",
        {"username": "anna", "domain": "house.test", "quota": "5"},
        permit=ANNA,
        deadline=Deadline.after(seconds),
        secrets={"password": PASSWORD},
    )


def read(client: Client, seconds: float = 5.0) -> object:
    """Send one read."""
    reply = client.call(
        "getUserInfo",
        {"username": "anna", "domain": "house.test"},
        permit=ANNA,
        deadline=Deadline.after(seconds),
    )
    assert reply.envelope is not None
    return reply.envelope.data
