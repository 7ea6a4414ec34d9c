"""What the platform accepts as names, addresses, passwords and quotas."""

from __future__ import annotations

import math
import re

from emulator.call import Call, Refused
from emulator.state import BASIC, ENHANCED, MB_PER_GB, Domain, Mailbox

# The real alphabet is not known (API reference 8.1, 18); this is the safe one.
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9_-])?", re.ASCII)
_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")
# The symbols the vendor's own form counts (API reference 6.6).
_SYMBOLS = frozenset("!@#$%^&*()_+-=[]{};':\"\\|,.<>/?")
_MIN_PASSWORD = 8


def new_name(call: Call, key: str, domain: Domain) -> str:
    """A name nothing in the domain holds yet (API reference 6.1)."""
    name = call.need(key).strip().lower()
    if not _NAME.fullmatch(name):
        raise Refused("Invalid characters in the name")
    holder = domain.holder(name)
    if holder:
        raise Refused(f"{name} is already in use ({holder})")
    return name


def address(call: Call, key: str) -> str:
    """A full mail address."""
    value = call.need(key).strip()
    if not _ADDRESS.fullmatch(value):
        raise Refused("Invalid e-mail address")
    return value


def quota_mb(call: Call, key: str) -> int:
    """Gigabytes on the wire, megabytes inside (API reference 6.7)."""
    try:
        gigabytes = float(call.need(key))
    except ValueError:
        gigabytes = math.nan
    if not math.isfinite(gigabytes) or gigabytes <= 0:
        raise Refused("Invalid quota")
    return round(gigabytes * MB_PER_GB)


def account_type(call: Call, key: str, domain: Domain) -> int:
    """1 or 2; a Basic domain takes only 1 (API reference 6.8)."""
    value = call.need(key).strip()
    if value not in (str(BASIC), str(ENHANCED)):
        raise Refused("Invalid account type")
    chosen = int(value)
    basic_only = not domain.enhanced or call.consult.on("domain_basic_only")
    if chosen == ENHANCED and basic_only:
        raise Refused("This domain accepts Basic accounts only")
    return chosen


def password(call: Call, key: str, box: Mailbox | None) -> str:
    """A password the platform accepts (API reference 6.6)."""
    value = call.text(key)
    reason = _weakness(call, value) or _reuse(call, value, box)
    if reason:
        raise Refused(call.consult.word("password_refused_text", "text", reason))
    return value


def _weakness(call: Call, value: str) -> str:
    strict = call.consult.on("weak_password")
    if strict and (
        strict.params["min_length"] is None
        or len(value) < int(strict.number("min_length"))
    ):
        return "Password is too weak"
    kinds = (
        any(c.isupper() for c in value),
        any(c.islower() for c in value),
        any(c.isdigit() for c in value),
        any(c in _SYMBOLS for c in value),
    )
    if len(value) < _MIN_PASSWORD or not all(kinds):
        return (
            f"Password needs at least {_MIN_PASSWORD} characters with upper and "
            "lower case, digit and symbol"
        )
    return ""


def _reuse(call: Call, value: str, box: Mailbox | None) -> str:
    reused = call.consult.on("reused_password") if box else None
    if not reused or not box:
        return ""
    if value == box.password:
        return "Password is the same as the current password"
    last = int(reused.number("last"))
    if last and value in box.former_passwords[-last:]:
        return "Password was used previously"
    return ""
