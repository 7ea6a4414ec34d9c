"""What may be concluded from an answer about mailboxes.

Source: API 2.2, 5.1, 6.2; protocol 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import TypeVar

from housemail.platforms.base import Address, PlatformUnavailable, RemoteMailbox
from housemail.platforms.emailarray import mapping
from housemail.platforms.emailarray.actions import Action
from housemail.platforms.emailarray.envelope import Envelope, rows

T = TypeVar("T")


def rows_of(envelope: Envelope, action: Action) -> list[object]:
    """Return the rows, or raise PlatformUnavailable: unusable is not empty."""
    found = rows(envelope.data)
    if found is None:
        raise _unusable(action)
    return found


def each(
    read: Callable[[object], T | None], found: Iterable[object], action: Action
) -> list[T]:
    """Return every row read, or raise PlatformUnavailable at the first odd one."""
    values: list[T] = []
    for row in found:
        value = read(row)
        if value is None:
            raise _unusable(action)
        values.append(value)
    return values


def matching(
    envelope: Envelope, address: Address, *, asked_for: bool = False
) -> RemoteMailbox | None:
    """Return the row of exactly this address, compared without case.

    ``asked_for``: the action names one mailbox, so a single row without any name
    that looks like a mailbox is that one (``getUserInfo``, whose fields are not
    known).
    """
    found = rows(envelope.data) or []
    for row in found:
        if mapping.row_address(row, address.domain) == address:
            return mapping.mailbox(_fields(row), address)
    if asked_for and len(found) == 1 and _anonymous_mailbox(_fields(found[0])):
        return mapping.mailbox(_fields(found[0]), address)
    return None


def count_named(envelope: Envelope, domain: str) -> int | None:
    """Return how many rows there are, None when any does not say whose it is."""
    found = rows(envelope.data)
    if found is None:
        return None
    named = [row for row in found if mapping.row_address(row, domain)]
    return len(named) if len(named) == len(found) else None


def is_whole(envelope: Envelope, count: int, limit: int) -> bool:
    """Say whether ``count`` rows are all there are (protocol 2)."""
    if envelope.total is not None:
        return envelope.total <= count
    return count < limit


def merged(
    first: RemoteMailbox | None, second: RemoteMailbox | None
) -> RemoteMailbox | None:
    """Return ``first`` with its gaps filled from ``second``."""
    if first is None or second is None:
        return first or second
    gaps = {
        item.name: getattr(second, item.name)
        for item in fields(first)
        if getattr(first, item.name) is None
    }
    return replace(first, **gaps)


def _fields(row: object) -> Mapping[object, object]:
    return row if isinstance(row, Mapping) else {}


def _anonymous_mailbox(row: Mapping[object, object]) -> bool:
    named = any(row.get(key) for key in ("username", "email"))
    return not named and any(key in row for key in ("quota", "account_type"))


def _unusable(action: Action) -> PlatformUnavailable:
    return PlatformUnavailable("the answer could not be read", action=action.value)
