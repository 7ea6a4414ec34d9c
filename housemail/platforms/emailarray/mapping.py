"""Their rows to our values. Every field but the name is optional.

Source: API 5.1 (row fields), 6.2, 6.7 (quota), 8.1 no. 5 to 7 and 19.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from housemail.platforms.base import Address, RemoteAlias, RemoteMailbox
from housemail.platforms.emailarray.envelope import flag, num

# Assumption: usage counts like the quota is read, in decimal megabytes (API 6.7).
BYTES_PER_MB = 1_000_000
_UNITS = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12}
_USAGE = re.compile(r"([0-9]+(?:[.,][0-9]+)?) ?([kmgt]?b)", re.IGNORECASE)
_MAX_BYTES = 10**18
_EPOCH_RANGE = range(1, 4_102_444_800)  # to the year 2100


def quota_text(quota_gb: Decimal) -> str:
    """Return gigabytes as the wire wants them: ``5``, ``0.5``, ``2.25``.

    Units: GB, at most 3 decimals, no exponent. Errors: ValueError unless > 0.
    Source: API 6.7.
    """
    if not quota_gb.is_finite():
        raise ValueError("a quota must be a number")
    rounded = quota_gb.quantize(Decimal("0.001"), rounding=ROUND_HALF_UP)
    if rounded <= 0:
        raise ValueError("a quota must be above zero")
    text = format(rounded, "f")
    return text.rstrip("0").rstrip(".")


def text_of(value: object) -> str | None:
    """Return a text field unescaped and trimmed, None when it is not a text."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return html.unescape(str(value)).strip()


def row_address(row: object, domain: str) -> Address | None:
    """Return whose row this is, lower case; None when it does not say.

    The name may or may not carry ``@domain``; ``email`` speaks when it is missing.
    """
    if not isinstance(row, Mapping):
        return None
    name = text_of(row.get("username")) or text_of(row.get("email"))
    if not name:
        return None
    handle, _, at = name.lower().partition("@")
    shown = at or (text_of(row.get("domain")) or domain).lower()
    return Address(handle, shown) if handle else None


def mailbox(row: Mapping[Any, object], address: Address) -> RemoteMailbox:
    """Return a row as we see it; what is missing or odd is None."""
    kind = num(row.get("account_type"))
    disabled = row.get("disabled")
    return RemoteMailbox(
        address=address,
        account_type=int(kind) if kind is not None else None,
        quota_raw=num(row.get("quota")),
        display_name=text_of(row.get("uname")),
        disabled=None if disabled is None else flag(disabled),
        used_bytes=used_bytes(row.get("usage")),
        last_login_at=last_login(row.get("lastauth_timestamp")),
        language=text_of(row.get("user_language")) or None,
        timezone=text_of(row.get("timezone")) or None,
        date_format=text_of(row.get("dateformat")) or None,
    )


def used_bytes(value: object) -> int | None:
    """Return the usage in bytes: a bare number is MB, a unit may be written.

    A percentage says nothing without the quota's unit, so it is None.
    Source: API 5.1, 8.1 no. 6.
    """
    number = num(value)
    factor = BYTES_PER_MB
    if number is None and isinstance(value, str):
        found = _USAGE.fullmatch(value.strip())
        if not found:
            return None
        number = Decimal(found.group(1).replace(",", "."))
        factor = _UNITS[found.group(2).lower()]
    if number is None or not 0 <= number * factor <= _MAX_BYTES:
        return None
    return int(number * factor)


def last_login(value: object) -> datetime | None:
    """Return a log-in time, aware UTC: epoch seconds or ``YYYY-MM-DD HH:MM:SS``.

    The zone of the text is not known; UTC is an assumption (API 8.1 no. 7). Null,
    empty, 0, the zero date and all else are None.
    """
    number = num(value)
    if number is not None:
        seconds = int(number)
        return datetime.fromtimestamp(seconds, UTC) if seconds in _EPOCH_RANGE else None
    if not isinstance(value, str):
        return None
    try:
        return datetime.strptime(f"{value.strip()} +0000", "%Y-%m-%d %H:%M:%S %z")
    except ValueError:
        return None


def alias(row: object, domain: str) -> RemoteAlias | None:
    """Return one alias row, None when unusable. Source: API 5.3."""
    if not isinstance(row, Mapping):
        return None
    name = (text_of(row.get("alias")) or "").lower()
    destination = text_of(row.get("forward"))
    handle, _, at = name.partition("@")
    if not handle or not destination or (at and at != domain):
        return None
    return RemoteAlias(handle, destination)


def domain_name(row: object) -> str | None:
    """Return the name in one row of ``getAllDomains``. Source: API 5.6."""
    if not isinstance(row, Mapping):
        return None
    return (text_of(row.get("domain")) or "").lower() or None


def list_handle(row: object) -> str | None:
    """Return the handle of one list row, None when unusable. Source: API 5.4."""
    if not isinstance(row, Mapping):
        return None
    return (text_of(row.get("lname")) or "").lower().partition("@")[0] or None


def member(row: object) -> str | None:
    """Return one member exactly as the platform writes it, None when unusable."""
    value = row.get("member") if isinstance(row, Mapping) else row
    return value if isinstance(value, str) and value.strip() else None
