"""The fifteen things that will bite, one test each. Source: API 0.2."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from housemail.platforms.base import (
    AccountType,
    Address,
    Deadline,
    Localisation,
    LoginRefused,
    MailboxSpec,
    OutcomeUnknown,
    PermissionRefused,
    PlatformRefused,
    PlatformUnavailable,
    Presence,
    RemoteMailbox,
)
from housemail.platforms.emailarray.actions import Action
from housemail.platforms.emailarray.envelope import flag
from housemail.platforms.emailarray.platform import EmailArray
from tests.platforms import hostile as bad
from tests.platforms.hostile import ANNA, PASSWORD, TOKEN, Hostile, ok, refused, write

SPEC = MailboxSpec(ANNA, AccountType.BASIC, Decimal(5), "Anna", Localisation())


@pytest.fixture
def platform(hostile: Hostile) -> EmailArray:
    return EmailArray(hostile.endpoint, "admin", "Admin-pw-1")


def soon() -> Deadline:
    return Deadline.after(5)


def last(hostile: Hostile) -> dict[str, str]:
    return dict(hostile.forms[-1])


def test_01_success_is_returncode_1_and_not_the_status(hostile: Hostile) -> None:
    hostile.script(refused("no"))
    with pytest.raises(PlatformRefused):
        write(hostile.client())


def test_02_the_message_is_in_returndata(hostile: Hostile) -> None:
    hostile.script(bad.envelope(0, "the reason", message="something else"))
    with pytest.raises(PlatformRefused, match="the reason"):
        write(hostile.client())


def test_03_the_text_of_a_failed_login_is_never_a_token(hostile: Hostile) -> None:
    hostile.on_login = refused("Invalid credentials")
    client = hostile.client()
    for _ in range(2):
        with pytest.raises(LoginRefused):
            write(client)
    assert all("token" not in dict(form) for form in hostile.forms)


def test_04_the_inverted_verification_is_not_called_at_all() -> None:
    assert "getDomainVerification" not in {action.value for action in Action}


def test_05_quota_is_written_in_gb_and_compared_not_converted(
    hostile: Hostile, platform: EmailArray
) -> None:
    platform.create_mailbox(SPEC, PASSWORD, soon())
    assert last(hostile)["quota"] == "5"
    for raw, matches in (("5000", True), ("5120", True), ("5", True), ("4900", False)):
        box = RemoteMailbox(ANNA, quota_raw=Decimal(raw))
        assert box.shows_quota(Decimal(5)) is matches


def test_06_parameter_names_are_asymmetrical(
    hostile: Hostile, platform: EmailArray
) -> None:
    platform.create_mailbox(SPEC, PASSWORD, soon())
    assert {"username", "domain", "quota"} <= set(last(hostile))
    platform.update_mailbox(SPEC, soon())
    assert {"editusername", "editdomain", "editquota"} <= set(last(hostile))
    assert not {"username", "domain", "quota"} & set(last(hostile))
    platform.add_member(ANNA, "x@y.z", soon())
    assert {"editlname", "editdomain", "newmember"} <= set(last(hostile))
    platform.remove_member(ANNA, "x@y.z", soon())
    assert {"lname", "domain", "member"} <= set(last(hostile))


def test_07_a_password_change_never_touches_the_resellers_own(
    hostile: Hostile, platform: EmailArray
) -> None:
    platform.update_mailbox(SPEC, soon(), password=PASSWORD)
    assert last(hostile)["action"] == "updateUser"
    assert last(hostile)["editpassword"] == PASSWORD
    with pytest.raises(ValueError, match="changePassword"):
        hostile.client().call("changePassword", {}, permit=None, deadline=soon())


def test_08_the_action_history_is_not_used() -> None:
    assert "getAccountStats" not in {action.value for action in Action}


def test_09_delete_is_remove_user_and_never_delete_user(
    hostile: Hostile, platform: EmailArray
) -> None:
    hostile.script(refused("unknown action"))
    with pytest.raises(PlatformRefused):
        platform.remove_mailbox(ANNA, soon())
    assert hostile.actions() == ["login", "removeUser"]


@pytest.mark.parametrize("value", ["0", 0, "false", False, ""])
def test_10_a_zero_in_quotes_is_false(
    hostile: Hostile, platform: EmailArray, value: object
) -> None:
    assert not flag(value)
    row = {"username": "anna", "disabled": value, "quota": 5000, "account_type": "1"}
    hostile.script(ok(row))
    box = platform.read(ANNA, soon())
    assert box is not None
    assert box.disabled is False


@pytest.mark.parametrize("text", ["session expired", "Bitte neu anmelden (token)"])
def test_11_an_expired_token_is_survived_whatever_it_looks_like(
    hostile: Hostile, text: str
) -> None:
    hostile.script(refused(text), ok())
    write(hostile.client())
    assert last(hostile)["token"] == f"{TOKEN}2"


@pytest.mark.parametrize(
    "data",
    [
        {"username": "anna", "quota": "5000", "account_type": 1, "disabled": 0},
        [{"username": "Anna", "quota": 5000, "account_type": "1", "disabled": "0"}],
        {"0": {"username": "anna", "quota": 5e3, "account_type": 1, "disabled": "0"}},
        {"quota": "5000", "account_type": "1", "disabled": False},
    ],
)
def test_12_any_shape_of_the_user_info_is_read(
    hostile: Hostile, platform: EmailArray, data: object
) -> None:
    hostile.script(ok(data))
    box = platform.read(ANNA, soon())
    assert box == RemoteMailbox(
        ANNA, account_type=1, quota_raw=Decimal(5000), disabled=False
    )


@pytest.mark.parametrize("data", ["", "x", None, {"message": "see the panel"}, [[]]])
def test_12_an_odd_user_info_falls_back_to_the_search(
    hostile: Hostile, platform: EmailArray, data: object
) -> None:
    hostile.script(ok(data), ok([{"username": "ANNA", "uname": "A"}], meta={"all": 1}))
    box = platform.read(ANNA, soon())
    assert box == RemoteMailbox(ANNA, display_name="A")
    assert hostile.actions() == ["login", "getUserInfo", "searchUsers"]


def test_13_webmail_uses_the_documented_link_unless_configured(
    hostile: Hostile, platform: EmailArray
) -> None:
    hostile.script(ok("0tp"))
    login = platform.webmail_login(ANNA, soon())
    assert login.url.startswith("https://cp.emailarray.com/processlogin.php?u=")
    assert hostile.actions()[-1] == "getOTPass"


NOTHING = [
    ok(""),
    ok(None),
    ok(False),
    ok("none"),
    ok([], meta={"all": 3}),
    ok([{"username": f"anna{i}"} for i in range(100)]),
    ok([{"uname": "who?"}]),
    ok(["anna"]),
    ok({"error": "x"}),
    refused("not found"),
]


@pytest.mark.parametrize("behaviour", NOTHING)
def test_14_nothing_read_is_not_nothing_there(
    hostile: Hostile, platform: EmailArray, behaviour: bad.Behaviour
) -> None:
    hostile.script(behaviour, refused("no such user"))
    look = platform.look(ANNA, soon(), calibrated=True)
    assert look.presence is Presence.UNPROVEN


@pytest.mark.parametrize("data", [[], {}, [{"username": "annabel"}]])
def test_14_absence_needs_a_calibrated_complete_answer(
    hostile: Hostile, platform: EmailArray, data: object
) -> None:
    hostile.script(ok(data))
    look = platform.look(ANNA, soon(), calibrated=True)
    assert look.presence is Presence.ABSENT
    look = platform.look(ANNA, soon(), calibrated=False)
    assert look.presence is Presence.UNPROVEN
    assert hostile.actions()[1:] == ["searchUsers"] * 2


@pytest.mark.parametrize(
    "behaviour", [ok(""), ok(None), ok(False), refused("no"), ok([{"x": 1}])]
)
def test_14_a_failed_listing_raises(
    hostile: Hostile, platform: EmailArray, behaviour: bad.Behaviour
) -> None:
    hostile.script(behaviour)
    for listing in (platform.all_aliases, platform.all_lists):
        with pytest.raises(PlatformUnavailable):
            listing("house.test", soon())
    with pytest.raises(PlatformUnavailable):
        list(platform.all_mailboxes("house.test", soon()))


def test_14_an_odd_search_may_be_settled_by_the_user_info_but_only_as_present(
    hostile: Hostile, platform: EmailArray
) -> None:
    hostile.script(ok(""), ok({"username": "anna", "quota": "1"}))
    look = platform.look(ANNA, soon(), calibrated=False)
    assert look.presence is Presence.PRESENT
    hostile.script(ok(""), ok({"username": "bob", "quota": "1"}))
    look = platform.look(ANNA, soon(), calibrated=True)
    assert look.presence is Presence.UNPROVEN


def test_15_a_creation_is_not_sent_to_a_second_host_after_a_5xx(
    hostile: Hostile, new_hostile: object
) -> None:
    assert callable(new_hostile)
    second = new_hostile()
    hostile.script(bad.answer("", 502))
    with pytest.raises(OutcomeUnknown):
        write(hostile.client(second))
    assert hostile.count("addUser") == 1
    assert second.count("addUser") == 0


def test_a_refused_domain_listing_is_a_lack_of_permission_whatever_its_text(
    hostile: Hostile, platform: EmailArray
) -> None:
    hostile.script(refused("Nein"))
    with pytest.raises(PermissionRefused, match="Nein"):
        platform.connect(soon())


@pytest.mark.parametrize("data", [[{"id": "1"}], ["house.test"], "", None])
def test_a_domain_listing_that_cannot_be_read_is_unavailable(
    hostile: Hostile, platform: EmailArray, data: object
) -> None:
    hostile.script(ok(data))
    with pytest.raises(PlatformUnavailable):
        platform.connect(soon())


def test_a_refused_login_is_said_by_every_read(
    hostile: Hostile, platform: EmailArray
) -> None:
    hostile.on_login = refused("Invalid credentials")
    reads: tuple[Callable[[], object], ...] = (
        lambda: platform.look(ANNA, soon(), calibrated=True),
        lambda: platform.read(ANNA, soon()),
        lambda: platform.all_lists("house.test", soon()),
        lambda: list(platform.all_mailboxes("house.test", soon())),
    )
    for read in reads:
        with pytest.raises(LoginRefused):
            read()


def test_reading_goes_on_when_the_user_info_is_refused(
    hostile: Hostile, platform: EmailArray
) -> None:
    hostile.script(refused("no"), ok([{"username": "anna", "quota": "5000"}]))
    box = platform.read(ANNA, soon())
    assert box == RemoteMailbox(ANNA, quota_raw=Decimal(5000))
    hostile.script(ok({"username": "anna", "uname": "A"}), refused("no"))
    assert platform.read(ANNA, soon()) == RemoteMailbox(ANNA, display_name="A")
    hostile.script(refused("no"))
    assert platform.read(ANNA, soon()) is None


@pytest.mark.parametrize("data", ["", None, False, []])
def test_a_list_of_ours_without_members_may_be_empty_in_any_shape(
    hostile: Hostile, platform: EmailArray, data: object
) -> None:
    hostile.script(ok(data))
    assert platform.list_members(ANNA, soon()) == []


@pytest.mark.parametrize("data", ["x", 7, [{"name": "x"}], [None]])
def test_members_that_cannot_be_read_are_unavailable(
    hostile: Hostile, platform: EmailArray, data: object
) -> None:
    hostile.script(ok(data))
    with pytest.raises(PlatformUnavailable):
        platform.list_members(ANNA, soon())


def test_a_transport_failure_of_a_look_is_unavailable(
    hostile: Hostile, platform: EmailArray
) -> None:
    hostile.script(bad.close)
    with pytest.raises(PlatformUnavailable):
        platform.look(Address("anna", "house.test"), soon(), calibrated=True)
