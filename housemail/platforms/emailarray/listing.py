"""Listing a whole domain so that it survives what is not known about paging.

Offsets may count rows or pages, be ignored, the limit may be capped, rows may move
between pages. A listing counts only when it can be shown to be complete; one that
cannot raises, and whoever consumed rows draws no conclusion about absence.

Source: API 6.14, 8.1 no. 4 and 15, 0.2 no. 14.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from housemail.platforms.base import Address, PlatformUnavailable, RemoteMailbox
from housemail.platforms.emailarray import mapping
from housemail.platforms.emailarray.envelope import Envelope, rows

PAGE = 250
# The vendor's own way of asking for everything (API 6.14).
BIG = 9999
MAX_PAGES = 4000
PASSES = 2

Fetch = Callable[[int, int, int], Envelope]


@dataclass(slots=True)
class _Pass:
    """One walk through the pages: how many names it met, how many there are."""

    names: set[str]
    total: int = 0
    stuck: bool = False

    @property
    def complete(self) -> bool:
        return not self.stuck and len(self.names) == self.total


class Listing:
    """One listing of one domain. ``fetch(slicing, offset, limit)`` gets a page."""

    def __init__(self, domain: str, fetch: Fetch) -> None:
        """Read nothing yet."""
        self._domain = domain
        self._fetch = fetch
        self._given: set[str] = set()

    def mailboxes(self) -> Iterator[RemoteMailbox]:
        """Yield every mailbox at most once; only the names are kept in memory.

        Errors: PlatformUnavailable when it cannot be shown to be complete.
        """
        first = self._fetch(1, 0, PAGE)
        if first.total is None:
            yield from self._unproven()
            return
        for turn in range(PASSES):
            walk = _Pass(set())
            yield from self._walk(walk, first if turn == 0 else None)
            if walk.complete:
                return
            if walk.stuck:
                yield from self._big_with_total()
                return
        raise _incomplete("rows moved between its pages")

    def _walk(self, walk: _Pass, page: Envelope | None) -> Iterator[RemoteMailbox]:
        offset = 0
        for _ in range(MAX_PAGES):
            page = page or self._fetch(1, offset, PAGE)
            if page.total is None:
                raise _incomplete("a page did not say how many there are")
            found = _read(page, self._domain)
            known = len(walk.names)
            yield from self._fresh(found, walk.names)
            walk.total = page.total
            offset += len(found)
            if offset >= page.total:
                return
            # Offset ignored or counted in pages: paging leads nowhere.
            walk.stuck = len(walk.names) == known
            if walk.stuck:
                return
            page = None
        raise _incomplete("it has too many pages")

    def _fresh(
        self, found: list[RemoteMailbox], names: set[str]
    ) -> Iterator[RemoteMailbox]:
        for box in found:
            names.add(box.address.handle)
            if box.address.handle not in self._given:
                self._given.add(box.address.handle)
                yield box

    def _big_with_total(self) -> Iterator[RemoteMailbox]:
        for slicing, limit in ((1, BIG), (0, 0)):
            page = self._fetch(slicing, 0, limit)
            names: set[str] = set()
            yield from self._fresh(_read(page, self._domain), names)
            if page.total is not None and len(names) == page.total:
                return
        raise _incomplete("paging does not work and no single answer holds it all")

    def _unproven(self) -> Iterator[RemoteMailbox]:
        """Without a total: the big call, the same without slicing, and a probe.

        An empty answer proves nothing here: nobody says that there are none.
        """
        big = _read(self._fetch(1, 0, BIG), self._domain)
        names: set[str] = set()
        yield from self._fresh(big, names)
        whole = _read(self._fetch(0, 0, 0), self._domain)
        confirmed = {box.address.handle for box in whole}
        yield from self._fresh(whole, set())
        same = confirmed == names
        cut_by_limit = len(big) >= BIG and confirmed > names
        if not names or not (same or cut_by_limit):
            raise _incomplete("two ways of asking gave two answers")
        # A limit capped in silence would cut both answers at the same row.
        beyond = _read(self._fetch(1, len(whole), PAGE), self._domain)
        if not {box.address.handle for box in beyond} <= confirmed:
            raise _incomplete("there is more than one answer holds")


def _read(page: Envelope, domain: str) -> list[RemoteMailbox]:
    found = rows(page.data)
    if found is None:
        if page.total == 0:
            return []  # the total corroborates an empty text (API 2.2)
        raise _incomplete("a page could not be read")
    return [_box(row, domain) for row in found]


def _box(row: object, domain: str) -> RemoteMailbox:
    address = mapping.row_address(row, domain)
    if address is None or address.domain != domain or not isinstance(row, Mapping):
        raise _incomplete("a row does not say whose it is")
    return mapping.mailbox(row, Address(address.handle, domain))


def _incomplete(reason: str) -> PlatformUnavailable:
    detail = f"the listing cannot be shown to be complete: {reason}"
    return PlatformUnavailable(detail, action="getAllUsersDomain")
