"""What of a call may be logged, shown or raised.

Source: API 8.3; design 3 (module log).
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Mapping
from itertools import islice

from housemail.platforms.base import Address
from housemail.platforms.emailarray.actions import (
    RULES,
    SECRET_ANSWERS,
    SECRET_KEYS,
    Action,
    Permit,
)
from housemail.platforms.emailarray.envelope import Envelope, rows
from housemail.platforms.emailarray.secrecy import MASK, Secrets

TEXT_CUT = 300
# Only this much of a text is looked at: patterns on 20 MB would stall a thread.
TEXT_READ = 4000
_TAG = re.compile(r"<[^<>]*>")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]+")
_AT = re.compile(r"%(?:25)*40|\\+u0040")
# Each run of characters is looked at once, from its start: no text takes long.
_RUN = r"[^\s@<>\"'(),;:]"
_ADDRESS = re.compile(rf'(?:"[^"]{{1,64}}"|(?<!{_RUN}){_RUN}++)@([\w.-]{{0,255}})')
# A key of a row is the name of a field; whatever else is one may be anything.
_FIELD = re.compile(r"\w{1,40}", re.ASCII)
MOST_FIELDS = 40
_LONGEST_NUMBER_BITS = 64
# Rows of these say whom they are about (API 5.1, 5.3, 5.4).
_NAME_KEYS = ("username", "alias", "lname", "email", "member")


def clean_text(raw: str, *, secrets: Secrets, own: Collection[str]) -> str:
    """Return a platform's sentence fit for logs and people.

    Secrets that were sent are struck out wherever the answer quotes them, markup
    goes, addresses other than ``own`` lose their local part. Units: 300 characters.
    """
    text = secrets.cleared(html.unescape(_beginning(raw, secrets)))
    text = _BLANK.sub(" ", _TAG.sub(" ", text)).strip()
    return _mask_addresses(text, own)[:TEXT_CUT]


def _beginning(raw: str, secrets: Secrets) -> str:
    """Return the part to look at, struck; no secret that the cut went through."""
    margin = 2 * secrets.longest
    most = TEXT_READ + margin
    text = secrets.struck(raw[:most])
    return text if len(raw) <= most else text[: max(0, len(text) - margin)]


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
    secrets: Secrets,
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
    row: object, secrets: Secrets, own: Collection[str]
) -> dict[str, object]:
    shown: dict[str, object] = {}
    items = row.items() if isinstance(row, dict) else ()
    for key, value in islice(items, MOST_FIELDS):
        name = str(key)
        if not _FIELD.fullmatch(name) or secrets.struck(name) != name:
            shown[MASK] = MASK
        elif name == "p" or any(w in name.lower() for w in SECRET_KEYS - {"p"}):
            shown[name] = MASK
        else:
            shown[name] = _shown_value(value, secrets, own)
    return shown


def _shown_value(value: object, secrets: Secrets, own: Collection[str]) -> object:
    if isinstance(value, str):
        return clean_text(value, secrets=secrets, own=own)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and value.bit_length() > _LONGEST_NUMBER_BITS:
        return MASK
    if isinstance(value, int | float):
        text = str(value)
        return value if secrets.struck(text) == text else MASK
    return type(value).__name__


def _mask_addresses(text: str, own: Collection[str]) -> str:
    def masked(match: re.Match[str]) -> str:
        whole = match.group(0)
        return whole if whole.lower().rstrip(".") in own else f"{MASK}@{match.group(1)}"

    text = _AT.sub("@", text)
    return _ADDRESS.sub(masked, text) if "@" in text else text
