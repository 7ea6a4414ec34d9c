"""Reading answers: tolerant of PHP's shapes, strict about success.

Source: API 2, 2.2 and 8.2. None of the known texts is certain, so nothing here
decides by a text; the two patterns at the end only choose between two safe paths.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

AUTH_HINT = re.compile(
    r"token|session|log ?in|logged|auth|expired|not allowed", re.IGNORECASE
)
PERMISSION_HINT = re.compile(
    r"permission|not allowed|denied|restricted|\bip\b", re.IGNORECASE
)
# What no database and no answer of ours can write: half of a surrogate pair, and NUL.
_UNWRITABLE = re.compile(r"[\ud800-\udfff\x00]")
_UNWRITABLE_ESCAPE = re.compile(r"\\u(?:d[89a-f]|0000)", re.IGNORECASE)
REPLACEMENT = "\ufffd"


class UnreadableError(Exception):
    """The body is not an answer of the API. Never carries the body."""


class OddReturncodeError(UnreadableError):
    """A JSON object, but its ``returncode`` is neither 1 nor 0."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One parsed answer. ``total`` is ``meta.all``, None when absent or odd."""

    ok: bool
    data: object
    total: int | None = None
    message: str = ""

    @property
    def text(self) -> str:
        """Return the human text: ``returndata`` first (API 2), raw and uncut."""
        return self.data if isinstance(self.data, str) else self.message


def parse(body: bytes, *, lenient: bool) -> Envelope:
    """Return the envelope in ``body``.

    ``lenient`` (reads only) allows one more attempt from the first ``{``, past a
    PHP warning. For a write, such an answer stays unreadable.

    Errors: UnreadableError, OddReturncodeError. Source: API 2, 8.2.
    """
    text = body.decode("utf-8-sig", errors="replace").strip()
    found = _load(text)
    if found is None and lenient and "{" in text:
        found = _load(text[text.index("{") :])
    if not isinstance(found, dict):
        raise UnreadableError("the answer is not a JSON object")
    meta = found.get("meta")
    message = found.get("message")
    return Envelope(
        ok=_returncode(found.get("returncode")),
        data=found.get("returndata"),
        total=_count(meta.get("all")) if isinstance(meta, dict) else None,
        message=message if isinstance(message, str) else "",
    )


def _load(text: str) -> object:
    """Return the JSON in ``text`` with nothing in it that could not be written again.

    NaN, infinities and numbers too large for one are None: they are no JSON, and an
    answer of ours must be.
    """
    # RecursionError: a hostile body may nest deeper than the parser can follow.
    try:
        loaded: object = json.loads(
            text, parse_constant=lambda _: None, parse_float=_finite
        )
        # Only an escape can bring such a character: most answers are not walked.
        return _writable(loaded) if _UNWRITABLE_ESCAPE.search(text) else loaded
    except (ValueError, RecursionError):
        return None


def _finite(text: str) -> float | None:
    number = float(text)
    return number if math.isfinite(number) else None


def _writable(value: object) -> object:
    if isinstance(value, str):
        return _UNWRITABLE.sub(REPLACEMENT, value)
    if isinstance(value, list):
        return [_writable(item) for item in value]
    if isinstance(value, dict):
        return {_writable(key): _writable(item) for key, item in value.items()}
    return value


def _returncode(value: object) -> bool:
    # JSON true is not 1 here: stricter than API 2, and for a write safer.
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise OddReturncodeError("the returncode is missing or odd")
    text = str(value).strip()
    if text not in {"0", "1"}:
        raise OddReturncodeError("the returncode is neither 0 nor 1")
    return text == "1"


def _count(value: object) -> int | None:
    number = num(value)
    if number is None or number < 0 or number != number.to_integral_value():
        return None
    return int(number)


def flag(value: object) -> bool:
    """Return a PHP flag as a bool: ``"0"`` is false, unlike in Python (API 2.1)."""
    if isinstance(value, str):
        no = {"", "0", "false", "no", "n", "off", "null"}
        return value.strip().lower() not in no
    return bool(value)


def num(value: object) -> Decimal | None:
    """Return a JSON number or numeric string, None for all else (API 2.1)."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    # A quota of 1e999999 would make later arithmetic explode.
    return number if number.is_finite() and abs(number.adjusted()) < 30 else None


def rows(value: object) -> list[object] | None:
    """Return the rows of a listing; None means unusable, which is not empty.

    A PHP list with holes arrives as an object, a single row perhaps bare.
    Source: API 2.2.
    """
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        if value and all(isinstance(row, dict) for row in value.values()):
            return list(value.values())
        return [value] if value else []
    return None
