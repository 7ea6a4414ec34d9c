"""Names that staff keep back: refused everywhere, given out and taken back by staff."""

from __future__ import annotations

import pytest

from housemail.mailboxes import names, reserving
from housemail.mailboxes.errors import Conflict, Invalid, NotFound
from housemail.mailboxes.models import HouseDomain, ReservedName, ReservedRelease
from housemail.mailboxes.releasing import release_name
from housemail.mailboxes.reserving import Origin

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
WHY = {"reason": "asked by the owner", "actor": "staff:7"}


@pytest.fixture
def domain() -> HouseDomain:
    return HouseDomain.objects.create(name="thexyz.com", account="a")


def code(refused) -> str:
    return str(refused.value.code)


def test_an_added_name_is_refused_in_every_spelling():
    assert reserving.reserve("The.Boss", **WHY) == "theboss"
    for spelling in ("theboss", "the.boss", "the_boss", "the-boss"):
        with pytest.raises(Conflict) as refused:
            names.check(spelling, "thexyz.com")
        assert code(refused) == "handle_reserved"
    names.check("boss", "thexyz.com")
    assert "theboss" in names.all_reserved()


@pytest.mark.parametrize("name", ["the_boss", "postmaster", "post.master"])
def test_what_is_reserved_is_not_added_again(name):
    reserving.reserve("theboss", **WHY)
    with pytest.raises(Conflict) as refused:
        reserving.reserve(name, **WHY)
    assert code(refused) == "reserved_already"
    assert ReservedName.objects.count() == 1


@pytest.mark.parametrize("change", ["reserve", "take_off"])
def test_every_change_needs_a_reason(change):
    with pytest.raises(Invalid) as refused:
        getattr(reserving, change)("theboss", reason=" ", actor="staff:7")
    assert refused.value.field == "reason"


def test_what_is_no_name_is_refused():
    with pytest.raises(Invalid) as refused:
        reserving.reserve("the boss", **WHY)
    assert code(refused) == "handle_malformed"


def test_an_added_name_is_taken_off_again_and_others_are_not():
    reserving.reserve("theboss", **WHY)
    reserving.take_off("the-boss", **WHY)
    names.check("theboss", "thexyz.com")
    for name in ("theboss", "postmaster"):
        with pytest.raises(NotFound) as refused:
            reserving.take_off(name, **WHY)
        assert code(refused) == "reserved_unknown"


def test_an_added_name_is_released_on_one_domain_and_taken_back(domain):
    reserving.reserve("theboss", **WHY)
    assert release_name("theboss@thexyz.com", **WHY).code == "released_reserved"
    names.check("theboss", "thexyz.com")
    with pytest.raises(Conflict):
        names.check("theboss", "thexyz.ca")
    release = ReservedRelease.objects.get()
    reserving.take_back(release, **WHY)
    with pytest.raises(Conflict):
        names.check("theboss", "thexyz.com")
    with pytest.raises(NotFound):
        reserving.take_back(release, **WHY)


def test_the_list_names_the_origin_and_costs_one_query(
    settings, tmp_path, django_assert_num_queries
):
    path = tmp_path / "reserved.txt"
    path.write_text("the.boss\npostmaster\n")
    settings.HOUSEMAIL_RESERVED_FILE = str(path)
    for number in range(30):
        reserving.reserve(f"chief{number}", **WHY)
    with django_assert_num_queries(1):
        found = reserving.everything()
    origins = {(row.handle, row.origin) for row in found}
    assert ("theboss", Origin.CONFIGURED) in origins
    assert {("postmaster", Origin.BUILTIN), ("postmaster", Origin.CONFIGURED)} < origins
    [added] = reserving.everything("Chief.29")
    assert (added.origin, added.reason, added.actor) == (Origin.ADDED, *WHY.values())
    assert added.at is not None
    assert len(reserving.everything("chief", [Origin.BUILTIN])) == 0


def test_an_unreadable_list_shows_as_such(settings):
    settings.HOUSEMAIL_RESERVED_FILE = "/nowhere/reserved.txt"
    with pytest.raises(Conflict) as refused:
        reserving.everything()
    assert code(refused) == "reserved_list_unreadable"
