"""A small threaded HTTP server on the loopback address that can be cut off.

It stops at once: open connections are shut, so that handlers waiting on a silent
client, or holding a line on purpose, wake up and end.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import socketserver
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

LOOPBACK = "127.0.0.1"
_log = logging.getLogger(__name__)


class _Server(socketserver.TCPServer):
    """One thread per connection; every connection is known and can be shut."""

    allow_reuse_address = True
    request_queue_size = 256

    def __init__(
        self, port: int, handler: Callable[..., BaseHTTPRequestHandler]
    ) -> None:
        self._guard = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._reset: set[socket.socket] = set()
        self._closing = threading.Event()
        super().__init__((LOOPBACK, port), handler)

    def accept_until_closed(self) -> None:
        """Take connections; sleeps in accept, so an idle emulator costs nothing."""
        while not self._closing.is_set():
            try:
                request, address = self.get_request()
            except OSError:
                # Out of file descriptors, or a client gone before it was taken.
                self._closing.wait(0.01)
                continue
            if self._closing.is_set():
                request.close()
            else:
                self.process_request(request, address)

    def stop_accepting(self) -> None:
        """Wake the accepting thread by connecting to it; it then ends."""
        self._closing.set()
        with contextlib.suppress(OSError):
            socket.create_connection(self.socket.getsockname(), timeout=1).close()

    def process_request(self, request: object, client_address: object) -> None:
        """Serve the connection in a thread of its own."""
        assert isinstance(request, socket.socket)  # noqa: S101 - TCPServer's promise
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        thread = threading.Thread(
            target=self._serve, args=(request, client_address), daemon=True
        )
        with self._guard:
            self._open[request] = thread
        thread.start()

    def _serve(self, request: socket.socket, client_address: object) -> None:
        try:
            self.finish_request(request, client_address)
        except (ConnectionError, TimeoutError):
            pass  # the client went away, which is its right
        except Exception:  # noqa: BLE001 - the edge of a connection's thread
            _log.exception("The emulator failed on a request")
        finally:
            self._end(request)

    def _end(self, request: socket.socket) -> None:
        with self._guard:
            self._open.pop(request, None)
            torn = request in self._reset
            self._reset.discard(request)
        if not torn:
            self.shutdown_request(request)
            return
        # A close without shutdown and without lingering sends RST, not FIN.
        request.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.close()

    def tear(self, request: socket.socket) -> None:
        """End this connection with a reset once its handler returns."""
        with self._guard:
            self._reset.add(request)

    def hang_up(self) -> None:
        """Shut every connection and wait for the handlers."""
        with self._guard:
            current = list(self._open.items())
        for connection, _ in current:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # already gone
        for _, thread in current:
            thread.join(timeout=5)


class Listener:
    """A port that can be opened, closed and opened again on the same number."""

    def __init__(self, handler: Callable[..., BaseHTTPRequestHandler]) -> None:
        self._handler = handler
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self._kept: socket.socket | None = None
        self.port = 0

    @property
    def is_open(self) -> bool:
        """Whether connections are accepted."""
        return self._server is not None

    def open(self, port: int) -> None:
        """Accept connections; 0 takes a free port."""
        if self._server:
            return
        self._give_up()
        server = _Server(port, self._handler)
        self.port = int(server.server_address[1])
        self._server = server
        self._thread = threading.Thread(target=server.accept_until_closed, daemon=True)
        self._thread.start()

    def refuse(self) -> None:
        """Refuse connections, but keep the port from everybody else."""
        self.close()
        self._kept = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._kept.bind((LOOPBACK, self.port))
        # Bound, it shares the port with nobody, whatever they ask for.
        self._kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)

    def _give_up(self) -> None:
        kept, self._kept = self._kept, None
        if kept:
            kept.close()

    def close(self) -> None:
        """Refuse connections from now on, and end those that are open."""
        self._give_up()
        server, thread = self._server, self._thread
        self._server = self._thread = None
        if server and thread:
            server.stop_accepting()
            thread.join(timeout=5)
            server.server_close()
            server.hang_up()
