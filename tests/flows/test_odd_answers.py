"""Promise 10: an answer counts as success only if it parses and says so.

Each verb is tried under each odd way of answering. Whatever the platform says, a 200
is true on the platform, nothing else is called done, and nothing is a 500 of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from emulator import Emulator
from emulator.state import Domain
from tests.flows.conftest import PASSWORD
from tests.flows.http import Billing, Reply, billing_system, restart, serving

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
NEW = "Another-horse-8"

# (switch, parameters): how an answer may be odd. "after" is after the change was made.
ODD: list[tuple[str, dict[str, object]]] = [
    *[("scalar_types", {"mode": mode}) for mode in ("strings", "ints", "mixed")],
    *[("odd_returncode", {"code": code}) for code in ("2", "-1", "null", "missing")],
    *[
        ("malformed_json", {"variant": variant, "phase": phase})
        for variant in (
            *("truncated", "trailing_comma", "two_documents"),
            *("json_string", "json_list", "null"),
        )
        for phase in ("before", "after")
    ],
    *[
        ("html_error_page", {"status": status, "phase": phase})
        for status in (200, 404, 502)
        for phase in ("before", "after")
    ],
    *[("empty_body", {"phase": phase}) for phase in ("before", "after")],
    *[("empty_body", {"status": 204, "phase": phase}) for phase in ("before", "after")],
    ("warning_prefix", {}),
    ("bom", {}),
]
# How listings and rows may be odd; these concern what is read.
SHAPES: list[tuple[str, dict[str, object]]] = [
    *[("row_shape", {"shape": s}) for s in ("list", "php_object", "single_object")],
    *[
        ("empty_shape", {"shape": shape})
        for shape in ("[]", "{}", '""', "null", "false", "fail")
    ],
    *[
        ("userinfo_shape", {"shape": shape})
        for shape in ("object", "list", "minimal", "fail")
    ],
    ("missing_fields", {}),
    ("null_fields", {}),
    ("extra_fields", {}),
    *[("quota_read_unit", {"unit": unit}) for unit in ("mb1000", "mb1024", "gb")],
    *[
        ("usage_format", {"form": form})
        for form in ("number", "text", "percent", "null")
    ],
    *[
        ("timestamp_format", {"form": form})
        for form in ("text", "epoch", "null", "zero")
    ],
    ("html_entities", {}),
    ("meta_missing", {}),
    ("meta_wrong", {}),
]


def spelled(odd: tuple[str, dict[str, object]]) -> str:
    """A test's id."""
    name, params = odd
    return " ".join([name, *(str(value) for value in params.values())])


@dataclass(frozen=True)
class Case:
    """A verb: its call, the action that carries it out, and when a 200 is true."""

    verb: str
    action: str
    more: dict[str, object]
    true: Callable[[Domain, str, Reply], bool]
    done: str = ""

    def says_done(self, reply: Reply) -> bool:
        """Whether a billing system would take the answer for success."""
        if reply.status != 200:
            return False
        return not self.done or reply.body.get("state") == self.done


def _members(domain: Domain, reply: Reply, *, there: bool) -> bool:
    """Each member that is said to be added (removed) is (is not) on the list."""
    word = "added" if there else "removed"
    on_it = set(domain.lists["club-members"].members)
    said = {r["member"] for r in reply.body["results"] if r["status"] == word}
    return said <= on_it if there else not said & on_it


CASES = [
    Case(
        "create",
        "addUser",
        {"handle": "fresh", "domain": "thexyz.com", "password": PASSWORD},
        lambda domain, name, _: domain.mailboxes["fresh"].password == PASSWORD,
        "active",
    ),
    Case(
        "suspend",
        "disableUser",
        {},
        lambda domain, name, _: domain.mailboxes[name].disabled,
        "suspended",
    ),
    Case(
        "unsuspend",
        "enableUser",
        {},
        lambda domain, name, _: not domain.mailboxes[name].disabled,
        "active",
    ),
    Case(
        "password",
        "updateUser",
        {"password": NEW},
        lambda domain, name, _: domain.mailboxes[name].password == NEW,
        "active",
    ),
    Case(
        "plan",
        "updateUser",
        {"plan": {"quota_gb": "50", "language": "de"}},
        lambda domain, name, reply: (
            domain.mailboxes[name].quota_mb == 50_000
            and (
                "language" in reply.body["unconfirmed"]
                or domain.mailboxes[name].user_language == "de"
            )
        ),
        "active",
    ),
    Case(
        "aliases/add",
        "addAlias",
        {"handle": "nick"},
        lambda domain, name, _: "nick" in domain.aliases,
    ),
    Case(
        "aliases/remove",
        "removeAlias",
        {"handle": "old-nick"},
        lambda domain, name, _: "old-nick" not in domain.aliases,
    ),
    Case(
        "lists/add",
        "addList",
        {"handle": "club"},
        lambda domain, name, _: "club" in domain.lists,
    ),
    Case(
        "lists/remove",
        "removeList",
        {"handle": "old-club"},
        lambda domain, name, _: "old-club" not in domain.lists,
    ),
    Case(
        "lists/members/add",
        "addListMember",
        {"handle": "club-members", "members": ["new@else.example"]},
        lambda domain, name, reply: _members(domain, reply, there=True),
    ),
    Case(
        "lists/members/remove",
        "removeListMember",
        {"handle": "club-members", "members": ["a@else.example"]},
        lambda domain, name, reply: _members(domain, reply, there=False),
    ),
    Case(
        "terminate",
        "removeUser",
        {},
        lambda domain, name, _: name not in domain.mailboxes,
        "terminated",
    ),
]
@pytest.fixture
def billing(emulator: Emulator, settings) -> Iterator[Billing]:
    """A billing system with one mailbox for each verb and what it needs."""
    with serving() as base, billing_system(base, emulator) as found:
        assert found.create("first", "first").status == 200
        for ref in {ref_of(case) for case in CASES} - {"create"}:
            assert found.create(ref, f"box-{ref}").status == 200
        calm = {
            "unsuspend": ("suspend", {}),
            "aliases/remove": ("aliases/add", {"handle": "old-nick"}),
            "lists/remove": ("lists/add", {"handle": "old-club"}),
        }
        for verb, (before, more) in calm.items():
            ref = verb.replace("/", "-")
            assert found.service(before, ref, **more).status == 200
        yield found


def ref_of(case: Case) -> str:
    """The service on which a verb is tried."""
    if case.verb.startswith("lists/members/"):
        return "lists-members"
    return case.verb.replace("/", "-")


def name_of(case: Case) -> str:
    """The handle of that service."""
    return f"box-{ref_of(case)}"


def try_all(
    billing: Billing, emulator: Emulator, switch: str, params: dict[str, object], where
) -> None:
    """Each verb once under an odd answer; a 200 must be true on the platform."""
    domain = emulator.state.domains["thexyz.com"]
    made = billing.service(
        "lists/add", "lists-members", handle="club-members", members=["a@else.example"]
    )
    assert made.body["results"][0]["status"] == "added"
    for case in CASES:
        emulator.switches_off()
        restart()  # no circuit left over from the verb before
        emulator.switch_on(switch, **{**where(case), **params})
        reply = billing.service(case.verb, ref_of(case), **case.more)
        assert reply.status in {200, 202, 409, 422, 503}, f"{case.verb}: {reply}"
        if case.says_done(reply):
            assert case.true(domain, name_of(case), reply), f"{case.verb}: {reply}"
        if reply.status in {202, 409, 422, 503}:
            assert reply.body["code"], reply
            assert reply.body["detail"], reply
    emulator.switches_off()


@pytest.mark.parametrize("odd", ODD, ids=spelled)
def test_no_odd_answer_to_a_write_is_a_success(
    billing: Billing, emulator: Emulator, odd: tuple[str, dict[str, object]]
) -> None:
    billing.deadline_ms = 3_500
    try_all(billing, emulator, *odd, lambda case: {"action": case.action})


@pytest.mark.parametrize("odd", SHAPES, ids=spelled)
def test_no_odd_shape_of_what_is_read_is_a_wrong_success(
    billing: Billing, emulator: Emulator, odd: tuple[str, dict[str, object]]
) -> None:
    billing.deadline_ms = 3_500
    try_all(billing, emulator, *odd, lambda case: {})
    look_around(billing, emulator, *odd)


def look_around(
    billing: Billing, emulator: Emulator, switch: str, params: dict[str, object]
) -> None:
    """What reads, under an odd answer: said as it is, or not said."""
    restart()
    emulator.switch_on(switch, **params)
    seen = billing.service("overview", "first")
    assert seen.status == 200, seen
    assert seen.body["state"] == "active"
    assert isinstance(seen.body["usage"]["used_bytes"], int | None)
    checked = billing.service("check", "first")
    assert checked.status in {200, 503}, checked
    if checked.status == 200:
        assert checked.body["presence"] in {"present", "unproven"}
    ghost = billing.service(
        "adopt",
        "ghost",
        handle="nobody-has",
        domain="thexyz.com",
        actor={"kind": "staff"},
    )
    assert ghost.status in {409, 503}, ghost
    emulator.switches_off()


@pytest.mark.parametrize("odd", ODD, ids=spelled)
def test_no_odd_answer_to_everything_is_a_success_or_a_500(
    billing: Billing, emulator: Emulator, odd: tuple[str, dict[str, object]]
) -> None:
    billing.deadline_ms = 2_500
    switch, params = odd
    domain = emulator.state.domains["thexyz.com"]
    emulator.switch_on(switch, action="*", **params)
    test = billing.post("connection-test")
    assert test.status in {200, 409, 503}, test
    if test.status == 200:
        assert set(test.body["domains"]) == {"thexyz.com", "thexyz.ca", "thexyz.cn"}
    restart()
    created = billing.create("new", "brand-new")
    assert created.status in {200, 202, 409, 503}, created
    if created.status == 200:
        assert domain.mailboxes["brand-new"].password == PASSWORD
    restart()
    login = billing.service("webmail-login", "first")
    assert login.status in {200, 409, 503}, login
    if login.status == 200:
        assert emulator._engine.sessions._otps, "a login without a one-time password"
    restart()
    seen = billing.service("overview", "first")
    assert (seen.status, seen.body["state"]) == (200, "active")
    restart()
    checked = billing.service("check", "first")
    assert checked.status in {200, 503}, checked
    if checked.status == 200:
        assert checked.body["presence"] in {"present", "unproven"}, checked
