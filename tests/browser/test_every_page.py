"""Every page there is: axe finds nothing serious, and nobody scrolls sideways.

Generated from the URL table: a page that nobody knows a way to fails the test. Each
page is loaded once and looked at twice, light and wide, then dark on a phone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Page

from housemail.console.navigation import parts
from housemail.ops.demo.seed import Seeded
from tests.browser import ways
from tests.browser.pages import Site, assert_accessible, assert_fits
from tests.browser.ways import NO_PAGES, WAYS
from tests.sales.conftest import _fresh_process_state, emulator, running_emulator

__all__ = ["_fresh_process_state", "emulator", "running_emulator"]

PORTIONS = 3
# As wide as the console needs to show its navigation.
LOOKS: tuple[tuple[Literal["light", "dark"], int, int], ...] = (
    ("light", 1200, 1280),
    ("dark", 360, 360),
)
# The same on every page of the console, and looked at on its first one.
SIDEBAR = ".hc-sidebar"


@dataclass(frozen=True)
class Stop:
    """One page to look at: what it is called, whose it is and where."""

    name: str
    who: ways.Who
    path: str


def test_every_route_is_a_page_with_a_way_or_no_page() -> None:
    known = {*WAYS, *NO_PAGES, *ways.kinds_of_parts()}
    assert sorted(set(ways.table()) - known) == []
    assert sorted(known - set(ways.table())) == []
    assert WAYS.keys() & NO_PAGES.keys() == set()


@pytest.fixture
def made(site: Site, emulator) -> Seeded:
    """A store with everything in it."""
    return ways.world(emulator)


def test_what_is_no_page_shows_none(made) -> None:
    """Opened by itself, by who may: no answer, no page, or another one."""
    client = ways.owner(made)
    given = {"number": "HM-0000-0000", "ref": "1", "token": "x"}
    given |= {"content_type_id": "1", "object_id": "1"}
    for name in NO_PAGES:
        answer = client.get(ways.path_of(name, given))
        page = b"<html" in answer.content and answer.status_code == 200
        assert not page, name


def for_people(made: Seeded) -> Iterator[Stop]:
    for name, several in WAYS.items():
        for way in several:
            yield Stop(name, way.who, way.path(name, made))


def for_staff(portion: int) -> Iterator[Stop]:
    for part in parts()[portion::PORTIONS]:
        for name, path in ways.pages_of(part):
            yield Stop(name, ways.owner, path)


@pytest.mark.parametrize("portion", [None, *range(PORTIONS)])
def test_every_page_is_accessible_and_fits(made, visit, portion):
    stops = list(for_people(made) if portion is None else for_staff(portion))
    whose: dict[ways.Who, list[Stop]] = {}
    for stop in stops:
        whose.setdefault(stop.who, []).append(stop)
    faults = [
        fault
        for who, theirs in whose.items()
        for fault in walked(visit, who(made), theirs)
    ]
    assert faults == [], "\n".join(faults)


def walked(
    visit: Callable[..., Page], client: Client, stops: Iterable[Stop]
) -> list[str]:
    """Go there as somebody who is signed in; return what is wrong."""
    page = visit("about:blank")
    page.emulate_media(reduced_motion="reduce")
    page.context.add_cookies(
        [
            {"name": name, "value": morsel.value, "domain": "127.0.0.1", "path": "/"}
            for name, morsel in client.cookies.items()
        ]
    )
    return [fault for stop in stops for fault in looked_at(page, stop)]


def looked_at(page: Page, stop: Stop) -> Iterator[str]:
    """Yield what is wrong with a page."""
    answer = page.goto(stop.path)
    here = resolve(urlsplit(page.url).path).view_name
    if answer is None or answer.status != 200 or here != stop.name:
        status = answer and answer.status
        yield f"{stop.name}: {stop.path} led to {page.url} ({status})"
        return
    for scheme, width, in_console in LOOKS:
        page.emulate_media(color_scheme=scheme)
        within = stop.name.startswith("console:")
        wide = in_console if within else width
        page.set_viewport_size({"width": wide, "height": 900})
        known = SIDEBAR if within and stop.name != "console:index" else ""
        try:
            assert_fits(page)
            assert_accessible(page, besides=known)
        except AssertionError as fault:
            yield f"{stop.name}, {scheme}, {wide} px: {fault}"
