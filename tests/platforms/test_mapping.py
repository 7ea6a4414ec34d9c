"""Their fields to ours, and back."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from housemail.platforms.base import RemoteAlias, RemoteMailbox
from housemail.platforms.emailarray import mapping
from tests.platforms.hostile import ANNA


@pytest.mark.parametrize(
    ("quota", "text"),
    [
        ("5", "5"),
        ("5.0", "5"),
        ("0.5", "0.5"),
        ("2.250", "2.25"),
        ("100", "100"),
        ("1E+2", "100"),
        ("0.0005", "0.001"),
        ("1.23456", "1.235"),
        ("1000000", "1000000"),
    ],
)
def test_quota_is_written_in_gigabytes(quota: str, text: str) -> None:
    assert mapping.quota_text(Decimal(quota)) == text


@pytest.mark.parametrize("quota", ["0", "-1", "0.0001", "NaN", "Infinity"])
def test_a_quota_of_nothing_is_not_written(quota: str) -> None:
    with pytest.raises(ValueError, match="quota"):
        mapping.quota_text(Decimal(quota))


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("1234", 1_234_000_000),
        (0, 0),
        ("0.5", 500_000),
        ("1.2 GB", 1_200_000_000),
        ("1,2GB", 1_200_000_000),
        ("300 kb", 300_000),
        ("12%", None),
        ("", None),
        (None, None),
        (-1, None),
        ("lots", None),
        (True, None),
        ("9" * 25, None),
    ],
)
def test_usage(raw: object, found: int | None) -> None:
    assert mapping.used_bytes(raw) == found


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("2026-02-10 12:00:00", datetime(2026, 2, 10, 12, tzinfo=UTC)),
        (1770724800, datetime(2026, 2, 10, 12, tzinfo=UTC)),
        ("1770724800", datetime(2026, 2, 10, 12, tzinfo=UTC)),
        (0, None),
        ("0", None),
        ("", None),
        (None, None),
        ("0000-00-00 00:00:00", None),
        ("Never", None),
        (-5, None),
        (10**15, None),
        (True, None),
        ("10/02/2026", None),
    ],
)
def test_last_login(raw: object, found: datetime | None) -> None:
    assert mapping.last_login(raw) == found


def test_a_full_row() -> None:
    row = {
        "username": "Anna",
        "uname": " Anna &amp; Co ",
        "account_type": "2",
        "quota": "5000",
        "usage": 10,
        "disabled": "0",
        "lastauth_timestamp": None,
        "user_language": "en",
        "timezone": "Europe/Paris",
        "dateformat": "",
        "extra": [1],
    }
    assert mapping.mailbox(row, ANNA) == RemoteMailbox(
        address=ANNA,
        account_type=2,
        quota_raw=Decimal(5000),
        display_name="Anna & Co",
        disabled=False,
        used_bytes=10_000_000,
        language="en",
        timezone="Europe/Paris",
    )


@pytest.mark.parametrize(
    "row", [{}, dict.fromkeys(("uname", "quota", "disabled", "usage", "account_type"))]
)
def test_an_empty_row_knows_nothing(row: dict[object, object]) -> None:
    assert mapping.mailbox(row, ANNA) == RemoteMailbox(address=ANNA)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"username": "ANNA"}, "anna@house.test"),
        ({"username": "anna@house.test"}, "anna@house.test"),
        ({"email": "Anna@House.test"}, "anna@house.test"),
        ({"username": "anna", "domain": "Other.test"}, "anna@other.test"),
        ({"username": "", "email": "anna@house.test"}, "anna@house.test"),
        ({"username": 123}, "123@house.test"),
        ({"username": None}, None),
        ({"username": ["anna"]}, None),
        ({"name": "anna"}, None),
        ("anna", None),
        (None, None),
    ],
)
def test_whose_row_it_is(row: object, found: str | None) -> None:
    address = mapping.row_address(row, "house.test")
    assert (str(address) if address else None) == found


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"alias": "Sales", "forward": "x@y.z"}, RemoteAlias("sales", "x@y.z")),
        (
            {"alias": "sales@house.test", "forward": "x@y.z", "domain": ""},
            RemoteAlias("sales", "x@y.z"),
        ),
        ({"alias": "sales@other.test", "forward": "x@y.z"}, None),
        ({"alias": "sales"}, None),
        ({"forward": "x@y.z"}, None),
        ("sales", None),
    ],
)
def test_alias_rows(row: object, found: RemoteAlias | None) -> None:
    assert mapping.alias(row, "house.test") == found


def test_list_rows_may_carry_the_domain() -> None:
    assert mapping.list_handle({"lname": "Team@house.test"}) == "team"
    assert mapping.list_handle({"listtype": "1"}) is None
    assert mapping.list_handle(None) is None


def test_members_stay_as_written() -> None:
    assert mapping.member({"member": "Bob@Y.z"}) == "Bob@Y.z"
    assert mapping.member("bob@y.z") == "bob@y.z"
    assert mapping.member({"member": 7}) is None
    assert mapping.member({}) is None
