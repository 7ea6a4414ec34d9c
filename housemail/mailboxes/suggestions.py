"""Free names like one that is not: pure, and the same for the same answers."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator

from housemail.mailboxes import rules

MOST = 3


def suggest(
    handle: str, taken: Callable[[list[str]], set[str]], names: frozenset[str]
) -> list[str]:
    """Return three free names like a clean handle, the same for the same answers.

    ``taken`` says which of the names it is given are not free; it is asked a second
    time only when too many of the first were not. A reserved handle gets suggestions
    as well: to have none would tell it from a taken one (promise 13).
    """
    found: list[str] = []
    for variants in (_near(handle), _far(handle)):
        fresh = [
            name
            for name in dict.fromkeys(variants)
            if rules.HANDLE.fullmatch(name)
            and name not in (handle, *found)
            and not rules.is_reserved(name, names)
        ]
        busy = taken(fresh)
        found += [name for name in fresh if name not in busy]
        if len(found) >= MOST:
            break
    return found[:MOST]


def _near(handle: str) -> Iterator[str]:
    """Yield other joints, the parts turned round, then small numbers."""
    parts = re.split(r"[._-]+", handle)
    if len(parts) > 1:
        yield from (*(joint.join(parts) for joint in ".-_"), ".".join(parts[::-1]))
    yield from (_numbered(handle, number) for number in range(2, 20))


def _far(handle: str) -> Iterator[str]:
    """Yield numbers drawn from the name itself: scattered, and always the same."""
    pairs = zip(*[iter(hashlib.sha256(handle.encode()).digest())] * 2, strict=True)
    yield from (_numbered(handle, 100 + 256 * high + low) for high, low in pairs)


def _numbered(handle: str, number: int) -> str:
    tail = f".{number}" if handle[-1:].isdigit() else str(number)
    return handle[: rules.HANDLE_MAX - len(tail)].rstrip("._-") + tail
