"""What goes back over the socket, or deliberately does not."""

from __future__ import annotations

from dataclasses import dataclass, field

SEND, HOLD, RESET, CUT = "send", "hold", "reset", "cut"
# PHP scripts often answer text/html; nobody shall depend on it (reference 1).
CONTENT_TYPE = "text/html; charset=UTF-8"


@dataclass
class Reply:
    """An HTTP answer with its manner of delivery.

    ``manner``: send it, hold the line silently, reset the connection, or cut it in
    the middle of the body. ``interval`` above 0 trickles ``chunk`` bytes at a time.
    """

    body: bytes = field(default=b"", repr=False)
    status: int = 200
    headers: list[tuple[str, str]] = field(default_factory=list, repr=False)
    manner: str = SEND
    hold: float = 0.0
    interval: float = 0.0
    chunk: int = 1


def held(seconds: float) -> Reply:
    """No answer until the client gives up."""
    return Reply(manner=HOLD, hold=seconds)


def error_page(status: int) -> Reply:
    """The kind of page a proxy or a web server shows."""
    body = (
        "<!DOCTYPE html>\n<html><head><title>Error</title></head><body>"
        f"<h1>Error {status}</h1><p>Please try again later.</p></body></html>\n"
    )
    return Reply(body.encode(), status)
