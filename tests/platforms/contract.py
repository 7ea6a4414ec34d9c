"""What every platform promises. Inherit, and give the fixtures ``platform``.

Idempotency is part of it: what a repeat does is as fixed as what the first call
does. A platform that answers a repeat with a refusal is fine as long as the state
is the wanted one: the callers look (protocol 5).
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from decimal import Decimal

import pytest

from housemail.platforms.base import (
    AccountType,
    Address,
    Call,
    Deadline,
    Localisation,
    MailboxSpec,
    Platform,
    PlatformRefused,
    PlatformUnavailable,
    Presence,
    RemoteAlias,
    RemoteMailbox,
)
from housemail.platforms.recording import recording

DOMAIN = "house.test"
STRONG = "Correct-horse-9"
ANNA = MailboxSpec(
    address=Address("anna", DOMAIN),
    account_type=AccountType.BASIC,
    quota_gb=Decimal(5),
    display_name="Anna & Söhne",
    localisation=Localisation("en", "Europe/Paris", "dd-mm-yyyy"),
)
BOB = replace(ANNA, address=Address("bob", DOMAIN), display_name="Bob")
SALES = Address("sales", DOMAIN)
TEAM = Address("team", DOMAIN)


def soon() -> Deadline:
    return Deadline.after(20)


class PlatformContract:
    """The tests; ``Test…`` subclasses provide the platform, empty at each start."""

    @pytest.fixture
    def platform(self) -> Platform:
        raise NotImplementedError

    @pytest.fixture
    def with_anna(self, platform: Platform) -> Platform:
        platform.create_mailbox(ANNA, STRONG, soon())
        return platform

    def test_it_says_what_it_is(self, platform: Platform) -> None:
        assert platform.kind
        assert platform.harmless in {True, False}

    def test_connecting_lists_the_domains_in_lower_case(
        self, platform: Platform
    ) -> None:
        domains = platform.connect(soon())
        assert DOMAIN in domains
        assert domains == [name.lower() for name in domains]

    def test_absence_is_said_only_when_calibrated(self, platform: Platform) -> None:
        look = platform.look(ANNA.address, soon(), calibrated=True)
        assert look.presence is Presence.ABSENT
        look = platform.look(ANNA.address, soon(), calibrated=False)
        assert look.presence is Presence.UNPROVEN

    @pytest.mark.parametrize("calibrated", [True, False])
    def test_a_created_mailbox_is_present(
        self, with_anna: Platform, calibrated: bool
    ) -> None:
        look = with_anna.look(ANNA.address, soon(), calibrated=calibrated)
        assert look.presence is Presence.PRESENT
        assert look.mailbox is not None
        assert look.mailbox.address == ANNA.address

    def test_a_longer_name_is_not_the_one_looked_for(self, platform: Platform) -> None:
        longer = replace(ANNA, address=Address("anna.marie", DOMAIN))
        platform.create_mailbox(longer, STRONG, soon())
        look = platform.look(ANNA.address, soon(), calibrated=True)
        assert look.presence is Presence.ABSENT

    def test_what_was_written_is_read(self, with_anna: Platform) -> None:
        box = self.read(with_anna)
        assert box.display_name == ANNA.display_name
        assert box.account_type == ANNA.account_type
        assert box.shows_quota(ANNA.quota_gb)
        assert box.disabled is False
        assert box.timezone in {None, ANNA.localisation.timezone}

    def test_reading_nothing_is_none(self, platform: Platform) -> None:
        assert platform.read(ANNA.address, soon()) is None

    def test_creating_twice_is_refused_and_changes_nothing(
        self, with_anna: Platform
    ) -> None:
        other = replace(ANNA, display_name="Somebody", quota_gb=Decimal(1))
        with pytest.raises(PlatformRefused):
            with_anna.create_mailbox(other, STRONG, soon())
        assert self.read(with_anna).display_name == ANNA.display_name

    def test_a_weak_password_is_refused(self, platform: Platform) -> None:
        with pytest.raises(PlatformRefused):
            platform.create_mailbox(ANNA, "weak", soon())
        assert platform.read(ANNA.address, soon()) is None

    def test_updating_sets_every_value_and_may_be_repeated(
        self, with_anna: Platform
    ) -> None:
        wanted = replace(
            ANNA,
            account_type=AccountType.ENHANCED,
            quota_gb=Decimal("2.25"),
            display_name="Anna B",
        )
        for _ in range(2):
            with_anna.update_mailbox(wanted, soon())
        box = self.read(with_anna)
        assert box.account_type == AccountType.ENHANCED
        assert box.shows_quota(Decimal("2.25"))
        assert box.display_name == "Anna B"

    def test_a_password_change_changes_nothing_else(self, with_anna: Platform) -> None:
        before = self.read(with_anna)
        with_anna.update_mailbox(ANNA, soon(), password="Another-pass-7")
        assert self.read(with_anna) == before

    def test_a_weak_new_password_is_refused(self, with_anna: Platform) -> None:
        with pytest.raises(PlatformRefused):
            with_anna.update_mailbox(ANNA, soon(), password="weak")

    def test_updating_what_is_not_there_is_refused(self, platform: Platform) -> None:
        with pytest.raises(PlatformRefused):
            platform.update_mailbox(ANNA, soon())

    def test_switching_off_and_on_ends_in_the_wanted_state_however_often(
        self, with_anna: Platform
    ) -> None:
        for disabled in (True, True, False, False):
            verb = with_anna.disable_mailbox if disabled else with_anna.enable_mailbox
            with contextlib.suppress(PlatformRefused):
                verb(ANNA.address, soon())
            assert self.read(with_anna).disabled is disabled

    def test_an_update_does_not_switch_on(self, with_anna: Platform) -> None:
        with_anna.disable_mailbox(ANNA.address, soon())
        with_anna.update_mailbox(ANNA, soon())
        assert self.read(with_anna).disabled is True

    def test_a_removed_mailbox_is_absent_and_removing_again_is_refused(
        self, with_anna: Platform
    ) -> None:
        with_anna.remove_mailbox(ANNA.address, soon())
        look = with_anna.look(ANNA.address, soon(), calibrated=True)
        assert look.presence is Presence.ABSENT
        with pytest.raises(PlatformRefused):
            with_anna.remove_mailbox(ANNA.address, soon())

    def test_a_removed_name_may_be_used_again(self, with_anna: Platform) -> None:
        with_anna.remove_mailbox(ANNA.address, soon())
        with_anna.create_mailbox(ANNA, STRONG, soon())
        assert self.read(with_anna).display_name == ANNA.display_name

    def test_aliases_come_and_go(self, with_anna: Platform) -> None:
        to = str(ANNA.address)
        with_anna.add_alias(SALES, to, soon())
        assert with_anna.all_aliases(DOMAIN, soon()) == [RemoteAlias("sales", to)]
        with pytest.raises(PlatformRefused):
            with_anna.add_alias(SALES, "other@other.test", soon())
        assert with_anna.all_aliases(DOMAIN, soon()) == [RemoteAlias("sales", to)]
        with_anna.remove_alias(SALES, soon())
        assert with_anna.all_aliases(DOMAIN, soon()) == []
        with pytest.raises(PlatformRefused):
            with_anna.remove_alias(SALES, soon())

    def test_lists_and_their_members_come_and_go(self, platform: Platform) -> None:
        platform.add_list(TEAM, soon())
        assert platform.all_lists(DOMAIN, soon()) == ["team"]
        assert platform.list_members(TEAM, soon()) == []
        for member in ("anna@house.test", "x@other.test"):
            platform.add_member(TEAM, member, soon())
            with contextlib.suppress(PlatformRefused):
                platform.add_member(TEAM, member, soon())
        assert sorted(platform.list_members(TEAM, soon())) == [
            "anna@house.test",
            "x@other.test",
        ]
        for _ in range(2):
            with contextlib.suppress(PlatformRefused):
                platform.remove_member(TEAM, "x@other.test", soon())
        assert platform.list_members(TEAM, soon()) == ["anna@house.test"]
        platform.remove_list(TEAM, soon())
        assert platform.all_lists(DOMAIN, soon()) == []
        with pytest.raises(PlatformRefused):
            platform.remove_list(TEAM, soon())

    def test_one_namespace_for_mailboxes_aliases_and_lists(
        self, with_anna: Platform
    ) -> None:
        with pytest.raises(PlatformRefused):
            with_anna.add_alias(ANNA.address, "x@other.test", soon())
        with pytest.raises(PlatformRefused):
            with_anna.add_list(ANNA.address, soon())
        with_anna.add_list(TEAM, soon())
        with pytest.raises(PlatformRefused):
            with_anna.create_mailbox(replace(ANNA, address=TEAM), STRONG, soon())

    def test_a_list_that_is_not_there_has_no_members_to_read(
        self, platform: Platform
    ) -> None:
        with pytest.raises((PlatformRefused, PlatformUnavailable)):
            platform.list_members(TEAM, soon())

    def test_each_webmail_login_is_another_one(self, with_anna: Platform) -> None:
        first = with_anna.webmail_login(ANNA.address, soon())
        second = with_anna.webmail_login(ANNA.address, soon())
        assert first.method in {"GET", "POST"}
        assert (first.url, first.fields) != (second.url, second.fields)

    def test_all_mailboxes_are_listed_once(self, with_anna: Platform) -> None:
        with_anna.create_mailbox(BOB, STRONG, soon())
        boxes = list(with_anna.all_mailboxes(DOMAIN, soon()))
        assert sorted(box.address.handle for box in boxes) == ["anna", "bob"]
        assert all(box.shows_quota(Decimal(5)) for box in boxes)

    def test_without_time_nothing_is_done(self, platform: Platform) -> None:
        with pytest.raises(PlatformUnavailable):
            platform.create_mailbox(ANNA, STRONG, Deadline.after(0))
        assert platform.read(ANNA.address, soon()) is None

    def test_calls_are_recorded_without_the_password(self, platform: Platform) -> None:
        calls: list[Call] = []
        with recording(calls.append):
            platform.create_mailbox(ANNA, STRONG, soon())
        assert calls[-1].outcome == "done"
        assert STRONG not in repr(calls)
        with recording(calls.append), pytest.raises(PlatformRefused):
            platform.create_mailbox(ANNA, STRONG, soon())
        assert calls[-1].outcome == "refused"

    @staticmethod
    def read(platform: Platform) -> RemoteMailbox:
        box = platform.read(ANNA.address, soon())
        assert box is not None
        return box
