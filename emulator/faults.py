"""Faults that replace an answer: before anything happened, or after it did.

Each function returns the reply to give instead and names the switch, or None. The
first fault that fires wins, so that the later ones are not counted.
"""

from __future__ import annotations

import random

from emulator.reply import CUT, RESET, Reply, error_page, held
from emulator.shaping import mangle
from emulator.switches import Activation, Consultation

Fault = tuple[str, Reply]

_FAILED = b'{"returncode":0,"returndata":"The request failed"}'
_FAKE = b'{"returncode":1,"returndata":"ok"}'


def delay(consult: Consultation, phase: str, rng: random.Random) -> float:
    """Seconds to wait, ``phase`` the change (latency)."""
    found = consult.on("latency", phase)
    if not found:
        return 0.0
    if found.params["maximum"] is None:
        return found.number("seconds")
    return rng.uniform(found.number("minimum"), found.number("maximum"))


def before(consult: Consultation, now: float) -> Fault | None:
    """Instead of doing anything."""
    return (
        _maintenance(consult, now)
        or _primary_down(consult)
        or _rate_limit(consult)
        or _held(consult, "timeout_before_apply", "before")
        or _reset(consult, "before")
        or _status(consult, "http_5xx_then_success", "before")
        or _page(consult, "before")
        or _empty(consult, "before")
        or _mangled(consult, "before", _FAKE)
    )


def after(consult: Consultation, body: bytes) -> Fault | None:
    """Instead of the answer ``body``, which is lost."""
    return (
        _held(consult, "timeout_after_apply", "after")
        or _reset(consult, "after", body)
        or _status(consult, "http_5xx_after_apply", "after")
        or _status(consult, "http_5xx_then_success", "after")
        or _page(consult, "after")
        or _empty(consult, "after")
        or _mangled(consult, "after", body)
    )


def page_failure(consult: Consultation, offset: str) -> Fault | None:
    """The nth page of a listing fails.

    Pages are told apart by their offset, so that a page asked for again fails
    again, and a new pass from offset 0 starts counting anew.
    """
    found = consult.on("page_failure")
    if not found:
        return None
    row = int(offset) if offset.isdecimal() else 0
    if row == 0:
        found.offsets.clear()
    if row not in found.offsets:
        found.offsets.append(row)
    if found.offsets.index(row) + 1 != int(found.number("page")):
        return None
    style = found.word("style")
    if style == "5xx":
        return "page_failure", error_page(502)
    body = _FAKE if style == "malformed" else _FAILED
    return "page_failure", Reply(mangle(body, "truncated") if body is _FAKE else body)


def _maintenance(consult: Consultation, now: float) -> Fault | None:
    found = consult.on("maintenance")
    if not found:
        return None
    if found.params["seconds"] is not None and now >= found.since + found.number(
        "seconds"
    ):
        return None
    reply = error_page(int(found.number("status")))
    if found.word("form") == "empty":
        reply.body = b""
    return "maintenance", reply


def _primary_down(consult: Consultation) -> Fault | None:
    found = consult.on("primary_down")
    if not found:
        return None
    if found.word("mode") == "refused":
        return "primary_down", Reply(manner=RESET)
    return "primary_down", error_page(int(found.number("status")))


def _rate_limit(consult: Consultation) -> Fault | None:
    found = consult.on("rate_limit")
    if not found:
        return None
    reply = error_page(429)
    if found.params["retry_after"] is not None:
        reply.headers.append(("Retry-After", str(int(found.number("retry_after")))))
    return "rate_limit", reply


def _held(consult: Consultation, name: str, phase: str) -> Fault | None:
    found = consult.on(name, phase)
    return (name, held(found.number("hold"))) if found else None


def _status(consult: Consultation, name: str, phase: str) -> Fault | None:
    found = consult.on(name, phase)
    return (name, error_page(int(found.number("status")))) if found else None


def _reset(consult: Consultation, phase: str, body: bytes = b"") -> Fault | None:
    found = consult.on("connection_reset", phase)
    if not found:
        return None
    if found.word("at") == "mid_body":
        return "connection_reset", Reply(body, manner=CUT)
    return "connection_reset", Reply(manner=RESET)


def _page(consult: Consultation, phase: str) -> Fault | None:
    return _status(consult, "html_error_page", phase)


def _empty(consult: Consultation, phase: str) -> Fault | None:
    found = consult.on("empty_body", phase)
    return ("empty_body", Reply(status=int(found.number("status")))) if found else None


def _mangled(consult: Consultation, phase: str, body: bytes) -> Fault | None:
    found: Activation | None = consult.on("malformed_json", phase)
    if not found:
        return None
    return "malformed_json", Reply(mangle(body, found.word("variant")))
