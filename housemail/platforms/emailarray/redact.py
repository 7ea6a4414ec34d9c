"""What of a call may be logged, shown or raised.

Source: API 8.3; design 3 (module log).
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Collection, Mapping
from urllib.parse import quote, quote_plus

from housemail.platforms.base import Address
from housemail.platforms.emailarray.actions import (
    RULES,
    SECRET_ANSWERS,
    SECRET_KEYS,
    Action,
    Permit,
)
from housemail.platforms.emailarray.envelope import Envelope, rows

TEXT_CUT = 300
# Only this much of a text is looked at: patterns on 20 MB would stall a thread.
TEXT_READ = 4000
_TAG = re.compile(r"<[^<>]*>")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]+")
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:]{1,64}@([a-z0-9.-]{1,255})", re.IGNORECASE)
# Rows of these say whom they are about (API 5.1, 5.3, 5.4).
_NAME_KEYS = ("username", "alias", "lname", "email", "member")
MASK = "***"


def clean_text(raw: str, *, secrets: Collection[str], own: Collection[str]) -> str:
    """Return a platform's sentence fit for logs and people.

    Secrets that were sent are struck out wherever the answer quotes them, markup
    goes, addresses other than ``own`` lose their local part. Units: 300 characters.
    """
    text = _strike(html.unescape(_strike(raw[:TEXT_READ], secrets)), secrets)
    text = _BLANK.sub(" ", _TAG.sub(" ", text)).strip()
    return _mask_addresses(text, own)[:TEXT_CUT]


def own_names(params: Mapping[str, str], permit: Permit) -> set[str]:
    """Return the names the operation itself is about, lower case."""
    names = {value.lower() for value in params.values() if "@" in value}
    if isinstance(permit, Address):
        names |= {permit.handle.lower(), str(permit).lower()}
    return names


def shown_request(action: Action, params: Mapping[str, str]) -> dict[str, str]:
    """Return the request as it may be shown; secrets are not in ``params`` at all."""
    shown = {"action": action.value}
    for key, value in params.items():
        shown[key] = MASK if key.lower() in SECRET_KEYS else value[:TEXT_CUT]
    return shown


def shown_response(
    action: Action,
    envelope: Envelope,
    *,
    permit: Permit,
    secrets: Collection[str],
    own: Collection[str],
) -> dict[str, object]:
    """Return the answer reduced to code, type, row count, own rows and its text."""
    shown: dict[str, object] = {
        "returncode": int(envelope.ok),
        "type": type(envelope.data).__name__,
    }
    if action in SECRET_ANSWERS:
        return shown
    if envelope.total is not None:
        shown["total"] = envelope.total
    if envelope.text:
        shown["text"] = clean_text(envelope.text, secrets=secrets, own=own)
    found = rows(envelope.data)
    if found is not None:
        shown["rows"] = len(found)
        if RULES[action].handle and isinstance(permit, Address):
            mine = [row for row in found if _about(row, permit)]
            shown["own"] = [_shown_row(row, secrets, own) for row in mine[:3]]
    return shown


def _about(row: object, permit: Address) -> bool:
    if not isinstance(row, dict):
        return False
    names = {str(row[key]).strip().lower() for key in _NAME_KEYS if row.get(key)}
    return bool(names & {permit.handle.lower(), str(permit).lower()})


def _shown_row(
    row: object, secrets: Collection[str], own: Collection[str]
) -> dict[str, object]:
    shown: dict[str, object] = {}
    for key, value in row.items() if isinstance(row, dict) else ():
        if any(word in str(key).lower() for word in SECRET_KEYS - {"p"}) or key == "p":
            shown[str(key)] = MASK
        elif isinstance(value, str):
            shown[str(key)] = clean_text(value, secrets=secrets, own=own)
        elif value is None or isinstance(value, bool | int | float):
            shown[str(key)] = value
        else:
            shown[str(key)] = type(value).__name__
    return shown


def _strike(text: str, secrets: Collection[str]) -> str:
    for secret in filter(None, secrets):
        encoded = base64.b64encode(secret.encode()).decode()
        forms = {
            secret,
            quote(secret),
            quote_plus(secret),
            html.escape(secret),
            encoded,
        }
        for form in sorted(forms, key=len, reverse=True):
            text = text.replace(form, MASK)
    return text


def _mask_addresses(text: str, own: Collection[str]) -> str:
    def masked(match: re.Match[str]) -> str:
        whole = match.group(0)
        return whole if whole.lower().rstrip(".") in own else f"{MASK}@{match.group(1)}"

    return _ADDRESS.sub(masked, text)
