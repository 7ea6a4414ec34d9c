"""Listing a domain against everything that is not known about paging."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from housemail.platforms.base import PlatformUnavailable
from housemail.platforms.emailarray.envelope import Envelope
from housemail.platforms.emailarray.listing import Listing

Page = Callable[[int, int, int], Envelope]


def names(count: int) -> list[str]:
    return [f"user{index:05}" for index in range(count)]


class Server:
    """Pages through ``held`` names; its quirks are arguments."""

    def __init__(
        self,
        held: list[str],
        *,
        meta: bool = True,
        cap: int = 10**9,
        offset: str = "rows",
        shuffle: bool = False,
        wrong: int = 0,
    ) -> None:
        self.held, self.meta, self.cap = held, meta, cap
        self.offset, self.shuffle, self.wrong = offset, shuffle, wrong
        self.calls: list[tuple[int, int, int]] = []

    def fetch(self, slicing: int, offset: int, limit: int) -> Envelope:
        self.calls.append((slicing, offset, limit))
        held = list(self.held)
        if self.shuffle:
            random.Random(len(self.calls)).shuffle(held)
        start = {"rows": offset, "ignored": 0, "pages": offset * limit}[self.offset]
        if slicing:
            held = held[start : start + min(limit, self.cap)]
        total = len(self.held) + self.wrong if self.meta else None
        return Envelope(True, [{"username": name} for name in held], total)

    def read(self) -> list[str]:
        return [box.address.handle for box in Listing("h.test", self.fetch).mailboxes()]


@pytest.mark.parametrize("count", [0, 1, 249, 250, 251, 500, 1001])
def test_pages_are_read_to_the_total(count: int) -> None:
    server = Server(names(count))
    assert server.read() == names(count)
    assert len(server.calls) == max(1, -(-count // 250))


def test_a_capped_limit_is_followed_by_the_rows_received() -> None:
    assert Server(names(400), cap=50).read() == names(400)


@pytest.mark.parametrize("offset", ["ignored", "pages"])
def test_paging_that_leads_nowhere_is_replaced_by_one_big_call(offset: str) -> None:
    server = Server(names(600), offset=offset)
    assert sorted(server.read()) == names(600)
    assert (1, 0, 9999) in server.calls


def test_rows_that_move_make_it_incomplete_not_short() -> None:
    server = Server(names(1000), shuffle=True)
    with pytest.raises(PlatformUnavailable):
        server.read()


def test_a_row_that_moved_once_is_caught_by_the_second_pass() -> None:
    server = Server(names(600))
    fetch = server.fetch

    def moved_once(slicing: int, offset: int, limit: int) -> Envelope:
        page = fetch(slicing, offset, limit)
        if len(server.calls) == 2 and isinstance(page.data, list):
            page.data[0] = {"username": "user00000"}
        return page

    listing = Listing("h.test", moved_once)
    read = [box.address.handle for box in listing.mailboxes()]
    assert sorted(read) == names(600)
    assert len(read) == len(set(read))


@pytest.mark.parametrize("wrong", [-1, 1, 500])
def test_a_wrong_total_is_never_complete(wrong: int) -> None:
    with pytest.raises(PlatformUnavailable):
        Server(names(300), wrong=wrong).read()


@pytest.mark.parametrize("count", [1, 300])
def test_without_a_total_two_ways_must_agree(count: int) -> None:
    server = Server(names(count), meta=False)
    assert server.read() == names(count)
    assert server.calls[1:3] == [(1, 0, 9999), (0, 0, 0)]


def test_without_a_total_more_than_the_big_limit_is_confirmed_unsliced() -> None:
    assert Server(names(10_050), meta=False).read() == names(10_050)


def test_without_a_total_a_silent_cap_is_found_out() -> None:
    server = Server(names(120), meta=False, cap=50)
    with pytest.raises(PlatformUnavailable):
        server.read()


def test_a_cap_on_every_way_of_asking_is_found_by_the_probe() -> None:
    held = names(120)

    def fetch(slicing: int, offset: int, limit: int) -> Envelope:
        part = held[offset : offset + 50]
        return Envelope(True, [{"username": name} for name in part])

    with pytest.raises(PlatformUnavailable, match="more than one answer"):
        list(Listing("h.test", fetch).mailboxes())


@pytest.mark.parametrize("data", [[], {}, "", None, False])
def test_nothing_without_a_total_proves_nothing(data: object) -> None:
    def fetch(*_: int) -> Envelope:
        return Envelope(True, data)

    with pytest.raises(PlatformUnavailable):
        list(Listing("h.test", fetch).mailboxes())


@pytest.mark.parametrize("data", [[], {}, "", None, False])
def test_nothing_with_a_total_of_zero_is_an_empty_domain(data: object) -> None:
    def fetch(*_: int) -> Envelope:
        return Envelope(True, data, 0)

    assert list(Listing("h.test", fetch).mailboxes()) == []


@pytest.mark.parametrize(
    "data", [["x"], [{"uname": "No Name"}], [{"username": "a", "domain": "else.test"}]]
)
def test_a_row_of_nobody_makes_it_invalid(data: object) -> None:
    def fetch(*_: int) -> Envelope:
        return Envelope(True, data, 1)

    with pytest.raises(PlatformUnavailable):
        list(Listing("h.test", fetch).mailboxes())


def test_a_page_that_fails_ends_it() -> None:
    server = Server(names(600))

    def failing(slicing: int, offset: int, limit: int) -> Envelope:
        if offset:
            raise PlatformUnavailable("gone")
        return server.fetch(slicing, offset, limit)

    with pytest.raises(PlatformUnavailable, match="gone"):
        list(Listing("h.test", failing).mailboxes())


def test_rows_are_given_out_page_by_page() -> None:
    server = Server(names(10_000))
    listing = Listing("h.test", server.fetch).mailboxes()
    for _ in range(251):
        next(listing)
    assert len(server.calls) == 2
