"""Edges where a name, a state or a place could slip away; each was once a defect."""

from __future__ import annotations

from unittest import mock

import pytest

from housemail.installations.models import Installation, Server
from housemail.mailboxes import (
    adoption,
    aliases,
    availability,
    claims,
    lists,
    overview,
    pending,
    provisioning,
    releasing,
    runner,
    servers,
    settle,
    usage,
)
from housemail.mailboxes.errors import Conflict, Refusal, Unavailable, for_client
from housemail.mailboxes.models import (
    Alias,
    Claim,
    DistributionList,
    HouseDomain,
    ListMember,
    Mailbox,
    Operation,
)
from housemail.platforms.base import HostUnreachable, OutcomeUnknown
from housemail.platforms.emailarray.platform import EmailArray
from tests.flows.conftest import Clock, Shop
from tests.flows.test_kill_points import arm, calibrated, create, survive

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


def refuse_creation(shop: Shop) -> None:
    """Let the platform refuse the next creation."""
    shop.emulator.switch_on("limit_reached", action="addUser", count=1)


def fails(name: str):
    """Let a platform call end before anything is sent."""
    return mock.patch.object(EmailArray, name, side_effect=HostUnreachable("down"))


def ended_mailbox(shop: Shop) -> None:
    """Sell and end a mailbox, so that its name is in quarantine."""
    calibrated(shop)
    shop.seconds = 3.0
    create(shop)
    provisioning.terminate(shop.context(), shop.deadline())
    assert Claim.objects.get(handle="testuser").kind == "quarantine"


def test_a_hold_and_its_release_do_not_end_a_quarantine(shop: Shop) -> None:
    ended_mailbox(shop)
    again = shop.context("9", owner="owner-1")
    held = availability.reserve(
        again, shop.deadline(), handle="testuser", domain="thexyz.com"
    )
    assert held.state == "held"
    availability.release(again)
    with pytest.raises(Conflict, match="belonged to owner"):
        create(shop, ref="66")


@pytest.mark.parametrize("how", ["refused", "not sent"])
def test_a_failed_create_puts_a_quarantined_name_back(
    shop: Shop, clock: Clock, how: str
) -> None:
    ended_mailbox(shop)
    if how == "refused":
        refuse_creation(shop)
        with pytest.raises(Conflict):
            create(shop)
    else:
        with fails("create_mailbox"), pytest.raises(Unavailable):
            create(shop)
        clock.advance(73 * 3600)
        claims.end_expired()
    with pytest.raises(Conflict, match="belonged to owner"):
        create(shop, ref="66")


def test_a_list_of_somebody_else_is_never_taken_for_ours(
    shop: Shop, clock: Clock
) -> None:
    calibrated(shop)
    create(shop)
    domain = HouseDomain.objects.get(name="thexyz.com")
    shop.emulator.seed_list("thexyz.com", "club")
    usage.refresh_domain(domain)
    for _ in range(2):
        arm(shop, "addList", "not applied, answer lost")
        survive(lambda: lists.add(shop.context(), shop.deadline(), handle="club"))
        shop.emulator.switches_off()
        clock.settle()
        usage.refresh_domain(domain)
    assert not DistributionList.objects.filter(state="active").exists()
    survive(lambda: lists.remove(shop.context(), shop.deadline(), handle="club"))
    clock.settle()
    assert "club" in shop.emulator.state.domains["thexyz.com"].lists


def test_housekeeping_never_deletes_a_claim_that_was_just_taken_over(
    shop: Shop, clock: Clock
) -> None:
    calibrated(shop)
    availability.reserve(
        shop.context("5"), shop.deadline(), handle="testuser", domain="thexyz.com"
    )
    clock.advance(73 * 3600)
    servers.forget_platforms()
    shop.seconds = 5.0
    real = claims.delete_unused

    def later(rows) -> int:
        stop.stop()
        create(shop)  # takes the ended hold over between the reading and the deleting
        return real(rows)

    stop = mock.patch.object(claims, "delete_unused", later)
    stop.start()
    claims.end_expired()
    assert Claim.objects.get(handle="testuser").kind == "mailbox"


def test_terminate_of_a_failed_service_does_not_end_its_new_life(shop: Shop) -> None:
    calibrated(shop)
    shop.seconds = 5.0
    refuse_creation(shop)
    survive(lambda: create(shop))
    stale = Mailbox.objects.get(ref="1")
    assert stale.state == "failed"
    create(shop)
    assert provisioning._end_failed(stale) is False
    assert Claim.objects.get(handle="testuser").kind == "mailbox"


def test_removing_a_list_ends_what_is_open_for_its_members(
    shop: Shop, clock: Clock
) -> None:
    calibrated(shop)
    shop.seconds = 2.0
    create(shop)
    lists.add(shop.context(), shop.deadline(), handle="club")
    arm(shop, "addListMember", "not applied, answer lost")
    lists.add_members(shop.context(), shop.deadline(), handle="club", members="x@b.org")
    assert lists.remove(shop.context(), shop.deadline(), handle="club").status == 200
    clock.settle(minutes=3)
    assert not Operation.objects.filter(state="open").exists()


def test_a_listing_proves_absence_at_the_time_it_was_read(
    shop: Shop, clock: Clock
) -> None:
    calibrated(shop)
    shop.seconds = 5.0
    create(shop)
    create(shop, ref="2", handle="other")
    lost = mock.patch.object(EmailArray, "add_alias", side_effect=OutcomeUnknown("-"))
    with lost:
        aliases.add(shop.context(), shop.deadline(), handle="nick")
        aliases.add(shop.context("2"), shop.deadline(), handle="zzz")
    nick, zzz = Operation.objects.filter(verb="alias_add").order_by("pk")
    Mailbox.objects.filter(ref="1").update(state="terminating")
    clock.advance(100)
    real = runner.try_to_settle
    passed: list[bool] = []

    def slow(job) -> bool:
        closed = real(job)
        if not passed:
            shop.emulator.seed_alias("thexyz.com", "nick", "testuser@thexyz.com")
            clock.advance(25)
            passed.append(True)
        return closed

    with mock.patch.object(runner, "try_to_settle", slow):
        settle.settle_group([zzz.pk, nick.pk])
    nick.refresh_from_db()
    assert nick.state == "open"
    assert Claim.objects.filter(handle="nick").exists()


@pytest.mark.parametrize("verb", ["suspend", "terminate"])
def test_a_refused_admin_login_is_nothing_sent(shop: Shop, verb: str) -> None:
    calibrated(shop)
    shop.seconds = 3.0
    create(shop)
    shop.emulator.switch_on("expired_token", style="text", always=True)
    shop.emulator.switch_on("login_failure", reason="bad_password")
    with pytest.raises(Unavailable) as refused:
        getattr(provisioning, verb)(shop.context(), shop.deadline())
    assert refused.value.code == "server_login_refused"
    assert Mailbox.objects.get(ref="1").state == "active"


def test_a_failed_suspend_leaves_a_suspended_mailbox_suspended(shop: Shop) -> None:
    calibrated(shop)
    shop.seconds = 3.0
    create(shop)
    provisioning.suspend(shop.context(), shop.deadline())
    shop.mailboxes["testuser"].disabled = False  # enabled by hand in the panel
    with fails("disable_mailbox"), pytest.raises(Unavailable):
        provisioning.suspend(shop.context(), shop.deadline())
    assert Mailbox.objects.get(ref="1").state == "suspended"


def test_a_verb_that_waited_in_vain_does_not_say_it_is_being_checked(
    shop: Shop,
) -> None:
    calibrated(shop)
    create(shop)
    lost = mock.patch.object(
        EmailArray, "update_mailbox", side_effect=OutcomeUnknown("-")
    )
    with lost, mock.patch.object(EmailArray, "read", return_value=None):
        bigger = shop.context(options={"Mailbox Quota (GB)": "50"})
        assert provisioning.change_plan(bigger, shop.deadline()).status == 202
        answer = provisioning.suspend(shop.context(), shop.deadline())
    assert (answer.status, answer.code) == (202, "in_progress")


def test_a_create_settled_in_the_moment_of_its_202_is_pending(
    shop: Shop, clock: Clock
) -> None:
    calibrated(shop)
    create(shop)
    Mailbox.objects.filter(ref="1").update(
        state="creating", found=True, create_answered=202
    )
    assert [row["ref"] for row in pending.pending(shop.installation)] == ["1"]
    assert create(shop).status == 200
    assert pending.pending(shop.installation) == []


def test_a_removal_that_was_given_up_can_be_asked_for_again(
    shop: Shop, clock: Clock
) -> None:
    calibrated(shop)
    create(shop)
    aliases.add(shop.context(), shop.deadline(), handle="nick")
    lost = mock.patch.object(
        EmailArray, "remove_alias", side_effect=OutcomeUnknown("-")
    )
    with lost:
        aliases.remove(shop.context(), shop.deadline(), handle="nick")
        clock.settle()
    assert Operation.objects.filter(verb="alias_remove", needs_staff=True).exists()
    shop.seconds = 3.0
    servers.forget_platforms()
    assert aliases.remove(shop.context(), shop.deadline(), handle="nick").status == 200
    assert not Alias.objects.exists()


def test_staff_can_free_a_name_whose_change_was_given_up(
    shop: Shop, clock: Clock
) -> None:
    calibrated(shop)
    create(shop)
    with mock.patch.object(EmailArray, "add_alias", side_effect=OutcomeUnknown("-")):
        aliases.add(shop.context(), shop.deadline(), handle="nick")
        clock.settle()
    assert Mailbox.objects.get(ref="1").aliases_used == 1
    releasing.release_name("nick@thexyz.com", reason="looked at it", actor="staff:1")
    assert Mailbox.objects.get(ref="1").aliases_used == 0
    assert not Claim.objects.filter(handle="nick").exists()


def test_a_member_that_is_going_is_not_already_there(shop: Shop) -> None:
    calibrated(shop)
    shop.seconds = 2.0
    create(shop)
    lists.add(shop.context(), shop.deadline(), handle="club", members="x@b.org")
    ListMember.objects.update(state="removing")
    answer = lists.add_members(
        shop.context(), shop.deadline(), handle="club", members="x@b.org"
    )
    assert [row["status"] for row in answer.data["results"]] == ["refused"]


def test_adopting_a_mailbox_of_an_unknown_type_keeps_the_plans(shop: Shop) -> None:
    calibrated(shop)
    shop.seconds = 5.0
    shop.emulator.seed_mailbox("thexyz.com", "older")
    shop.mailboxes["older"].account_type = 3
    staff = shop.context("7", actor="staff")
    adoption.adopt(staff, shop.deadline(), handle="older", domain="thexyz.com")
    assert overview.overview(staff, shop.deadline())["plan"]
    assert Mailbox.objects.get(ref="7").account_type == 1


def test_a_reserved_name_is_not_adopted_either(shop: Shop) -> None:
    calibrated(shop)
    shop.emulator.seed_mailbox("thexyz.com", "postmaster")
    staff = shop.context("7", actor="staff")
    with pytest.raises(Refusal) as refused:
        adoption.adopt(staff, shop.deadline(), handle="postmaster", domain="thexyz.com")
    assert refused.value.code == "handle_reserved"


@pytest.mark.parametrize("destination", ["club@thexyz.com", "club+a@thexyz.com"])
def test_a_list_does_not_take_a_name_that_an_alias_delivers_to(
    shop: Shop, destination: str
) -> None:
    calibrated(shop)
    create(shop)
    aliases.add(
        shop.context(),
        shop.deadline(),
        handle="nick",
        destination=destination,
    )
    with pytest.raises(Conflict) as refused:
        lists.add(shop.context(), shop.deadline(), handle="club")
    assert refused.value.code == "list_is_destination"
    assert for_client(refused.value).code == "not_available"
    lists.add(shop.context(), shop.deadline(), handle="clubs")


def test_a_list_on_the_address_of_a_member_closes_no_circle(shop: Shop) -> None:
    calibrated(shop)
    create(shop)
    context = shop.context()
    earlier, later = "crew@thexyz.com", "club@thexyz.com"
    lists.add(context, shop.deadline(), handle="crew", members=later)
    lists.add(context, shop.deadline(), handle="club")
    answer = lists.add_members(context, shop.deadline(), handle="club", members=earlier)
    assert answer.data["results"][0]["code"] == "member_is_list"


def test_a_lost_change_of_language_is_sent_once_more(shop: Shop, clock: Clock) -> None:
    calibrated(shop)
    create(shop)
    arm(shop, "updateUser", "not applied, answer lost")
    context = shop.context(plan={"language": "de"})
    survive(lambda: provisioning.change_plan(context, shop.deadline()))
    clock.settle(minutes=6)
    assert shop.mailboxes["testuser"].user_language == "de"
    assert Mailbox.objects.get(ref="1").language == "de"


def test_usage_is_read_with_the_credentials_that_worked_last(
    shop: Shop, clock: Clock
) -> None:
    calibrated(shop)
    create(shop)
    good = Server.objects.get()
    stale = Server.objects.create(
        installation=Installation.objects.create(name="two"),
        platform=good.platform,
        endpoint=good.endpoint,
        username=good.username,
        account=good.account,
        password="an old one",
    )
    assert stale.pk != good.pk
    assert usage.refresh_domain(HouseDomain.objects.get(name="thexyz.com")) == 2


@pytest.mark.parametrize(
    ("before", "now", "code"),
    [
        ("17", "17", ""),
        ("17", "23", "address_quarantined"),
        ("", "23", ""),
        ("17", "", ""),
    ],
)
def test_a_service_of_another_owner_does_not_get_the_former_ones_name(
    shop: Shop, before: str, now: str, code: str
) -> None:
    wish = {"handle": "testuser", "domain": "thexyz.com"}
    former = shop.context(owner=before)
    provisioning.create(former, shop.deadline(), **wish)
    provisioning.terminate(former, shop.deadline())
    said = ""
    try:
        provisioning.create(shop.context(owner=now), shop.deadline(), **wish)
    except Conflict as refused:
        said = refused.code
    assert said == code
