"""From an answer to bytes: row shapes, scalar types, and damage to the envelope."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from typing import TypeGuard

from emulator.call import Answer, Call
from emulator.reply import Reply
from emulator.switches import Activation, Consultation

Row = dict[str, object]

_WARNING = (
    "<br />\n<b>Warning</b>:  Undefined array key &quot;x&quot; in "
    "<b>/srv/imitation/json.php</b> on line <b>12</b><br />\n"
)
# Only these keys are numbers; a mailbox called "12345" keeps its name a string.
_NUMERIC = frozenset(
    {
        "account_type",
        "quota",
        "usage",
        "disabled",
        "twofa_allowed",
        "listtype",
        "id",
        "domaintype",
        "active",
        "isauditdomain",
        "webmail",
        "exchange_enabled",
        "audit_enabled",
        "localdelivery",
        "expiry_notifications",
        "vusers",
        "aliases",
        "lists",
        "totalQuota",
        "totalquota",
        "dkim_enabled",
        "alias_domain_id",
        "curemails",
        "cureemails",
        "curocemails",
        "curexemails",
        "maxemails",
        "maxeemails",
        "maxocemails",
        "maxexemails",
        "curdomains",
        "maxdomains",
        "curquota",
        "maxquota",
        "autogrow_quota",
        "all",
    }
)
_EXTRA: dict[str, Row] = {
    "plain": {"x_added": "1", "x_nested": {"a": [1, "2"]}, "0": None},
    # What PHP lets through when asked for partial output, and Python reads.
    "odd": {"half \ud800\x00": "half \udfff\x00", "x_nan": math.nan, "x_inf": math.inf},
}
_EMPTY: dict[str, object] = {"[]": [], "{}": {}, '""': "", "null": None, "false": False}


def shaped(call: Call, answer: Answer) -> Answer:
    """Apply the switches that change what a success looks like."""
    consult = call.consult
    data = answer.data
    rows = _rows(data)
    if rows is not None:
        for row in rows:
            _edit(consult, row)
    if call.action.listing and isinstance(data, list):
        data = _listing(consult, data, answer)
    scalars = consult.on("scalar_types")
    if scalars:
        mode = scalars.word("mode")
        data = _retyped(data, mode)
        answer.extra = {key: _retyped(v, mode) for key, v in answer.extra.items()}
    answer.data = data
    return answer


def _rows(data: object) -> list[Row] | None:
    if isinstance(data, list):
        return [row for row in data if isinstance(row, dict)]
    return [data] if isinstance(data, dict) else None


def _edit(consult: Consultation, row: Row) -> None:
    missing = consult.on("missing_fields")
    for key in missing.words("fields") if missing else ():
        row.pop(key, None)
    nulls = consult.on("null_fields")
    for key in nulls.words("fields") if nulls else ():
        if key in row:
            row[key] = None
    extra = consult.on("extra_fields")
    if extra:
        row |= _EXTRA[extra.word("values")]


def _listing(consult: Consultation, rows: list[object], answer: Answer) -> object:
    if not rows:
        shape = consult.word("empty_shape", "shape", "[]")
        if shape == "fail":
            answer.returncode = 0
            return "Nothing found"
        return _EMPTY[shape]
    shape = consult.word("row_shape", "shape", "list")
    if shape == "php_object":
        # An array with holes in its keys: PHP encodes it as an object.
        return {str(2 * index): row for index, row in enumerate(rows)}
    return rows[0] if shape == "single_object" and len(rows) == 1 else rows


def _retyped(data: object, mode: str, key: str = "") -> object:
    if isinstance(data, list):
        return [_retyped(entry, mode) for entry in data]
    if isinstance(data, dict):
        flip = _alternating(mode)
        return {k: _retyped(v, next(flip), k) for k, v in data.items()}
    if key in _NUMERIC or (not key and _is_int(data)):
        return _number(data, mode)
    return data


def _alternating(mode: str) -> Iterator[str]:
    """mixed: neighbouring fields differ, and the same field always looks the same."""
    while True:
        yield "ints" if mode == "mixed" else mode
        yield "strings" if mode == "mixed" else mode


def _number(data: object, mode: str) -> object:
    if mode == "strings" and _is_int(data):
        return str(data)
    if mode == "ints" and isinstance(data, str):
        try:
            return float(data) if "." in data else int(data)
        except ValueError:
            return data
    return data


def _is_int(data: object) -> TypeGuard[int]:
    return isinstance(data, int) and not isinstance(data, bool)


def encoded(consult: Consultation, answer: Answer) -> bytes:
    """The envelope as JSON (API reference 2)."""
    body: dict[str, object] = {"returncode": answer.returncode}
    scalars = consult.on("scalar_types")
    if scalars and scalars.word("mode") == "strings":
        body["returncode"] = str(answer.returncode)
    odd = consult.on("odd_returncode")
    if odd:
        code = odd.word("code")
        body["returncode"] = None if code == "null" else code
        if code == "missing":
            del body["returncode"]
        elif code in ("2", "-1"):
            body["returncode"] = int(code)
    body["returndata"] = answer.data
    text = json.dumps(body | answer.extra, separators=(",", ":"))
    return text.replace("/", "\\/").encode()  # as PHP's json_encode does


_MANGLERS: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda body: body[: max(len(body) * 2 // 3, 1)],
    "trailing_comma": lambda body: body[:-1] + b",}",
    "two_documents": lambda body: body + body,
    "json_string": lambda body: json.dumps(body.decode()).encode(),
    "json_list": lambda body: b"[" + body + b"]",
    "null": lambda _body: b"null",
}


def mangle(body: bytes, variant: str) -> bytes:
    """A body that is not one JSON object."""
    return _MANGLERS[variant](body)


def prefixed(consult: Consultation, body: bytes) -> bytes:
    """A PHP warning, a byte-order mark, or both before the JSON."""
    if consult.on("warning_prefix"):
        body = _WARNING.encode() + body
    return b"\xef\xbb\xbf" + body if consult.on("bom") else body


def delivery(reply: Reply, trickle: Activation | None) -> Reply:
    """Sent at once, or a few bytes at a time."""
    if trickle:
        reply.interval = trickle.number("interval")
        reply.chunk = max(int(trickle.number("chunk")), 1)
    return reply
