"""Promise 10: an answer counts as success only if it parses and says so.

Each verb is tried under each odd way of answering. Whatever the platform says, a 200
is true on the platform, nothing else is called done, and nothing is a 500 of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache

from emulator import Emulator
from emulator.state import Domain
from housemail.mailboxes.models import Mailbox
from tests.flows.conftest import PASSWORD
from tests.flows.http import Billing, Reply, billing_system, restart, serving

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
NEW = "Another-horse-8"

# Half of a surrogate pair, as PHP cuts a text in the middle, and a NUL.
HALF = "no \ud800 \x00 thing"

Odd = tuple[str, dict[str, Any]]

# How an answer may be odd; "after" is after the change was made. Every way of
# breaking JSON is in tests/platforms; here are those that each verb must survive.
ODD: list[Odd] = [
    ("scalar_types", {"mode": "mixed"}),
    ("scalar_types", {"mode": "strings"}),
    *[("odd_returncode", {"code": code}) for code in ("2", "null", "missing")],
    *[
        ("malformed_json", {"variant": variant, "phase": phase})
        for variant in ("truncated", "two_documents", "json_string")
        for phase in ("before", "after")
    ],
    *[("html_error_page", {"phase": phase}) for phase in ("before", "after")],
    *[
        (switch, {"status": status, "phase": phase})
        for switch, status in (
            ("html_error_page", 401),
            ("html_error_page", 403),
            ("html_error_page", 404),
            ("empty_body", 403),
            ("empty_body", 413),
        )
        for phase in ("before", "after")
    ],
    # Only the first answer is odd: what a repetition says must not hide it.
    *[
        (switch, {"status": 403, "phase": "after", "count": 1})
        for switch in ("html_error_page", "empty_body")
    ],
    ("permission_denied", {"text": HALF}),
    *[("empty_body", {"phase": phase}) for phase in ("before", "after")],
    ("warning_prefix", {}),
    ("bom", {}),
]
# How listings and rows may be odd; these concern what is read.
SHAPES: list[Odd] = [
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
    ("extra_fields", {"values": "odd"}),
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
# Several at once, as a real platform would have them.
STYLES: dict[str, list[Odd]] = {
    "PHP objects with holes": [
        ("row_shape", {"shape": "php_object"}),
        ("empty_shape", {"shape": '""'}),
        ("missing_fields", {}),
        ("scalar_types", {"mode": "mixed"}),
    ],
    "a single row is no list": [
        ("row_shape", {"shape": "single_object"}),
        ("empty_shape", {"shape": "null"}),
        ("null_fields", {}),
        ("userinfo_shape", {"shape": "list"}),
    ],
    "nothing is a failure, details are few": [
        ("empty_shape", {"shape": "fail"}),
        ("userinfo_shape", {"shape": "minimal"}),
        ("meta_missing", {}),
        ("quota_read_unit", {"unit": "gb"}),
    ],
    "totals are wrong, details fail": [
        ("meta_wrong", {}),
        ("userinfo_shape", {"shape": "fail"}),
        ("html_entities", {}),
        ("usage_format", {"form": "percent"}),
    ],
}


def spelled(odd: Odd) -> str:
    """A test's id."""
    name, params = odd
    return " ".join([name, *(str(value) for value in params.values())])


@dataclass(frozen=True)
class Case:
    """A verb: its call, the action that carries it out, and when a 200 is true."""

    verb: str
    action: str
    more: dict[str, Any]
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
        lambda domain, _name, _: domain.mailboxes["fresh"].password == PASSWORD,
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
        lambda domain, _name, _: "nick" in domain.aliases,
    ),
    Case(
        "aliases/remove",
        "removeAlias",
        {"handle": "old-nick"},
        lambda domain, _name, _: "old-nick" not in domain.aliases,
    ),
    Case(
        "lists/add",
        "addList",
        {"handle": "club"},
        lambda domain, _name, _: "club" in domain.lists,
    ),
    Case(
        "lists/remove",
        "removeList",
        {"handle": "old-club"},
        lambda domain, _name, _: "old-club" not in domain.lists,
    ),
    Case(
        "lists/members/add",
        "addListMember",
        {"handle": "club-members", "members": ["new@else.example"]},
        lambda domain, _name, reply: _members(domain, reply, there=True),
    ),
    Case(
        "lists/members/remove",
        "removeListMember",
        {"handle": "club-members", "members": ["a@else.example"]},
        lambda domain, _name, reply: _members(domain, reply, there=False),
    ),
    Case(
        "terminate",
        "removeUser",
        {},
        lambda domain, name, _: name not in domain.mailboxes,
        "terminated",
    ),
]
# Verbs about a mailbox exclude each other, so each has one; names can share.
MAILBOX_VERBS = ("suspend", "unsuspend", "password", "plan", "terminate")


def ref_of(case: Case) -> str:
    """The service on which a verb is tried."""
    return case.verb if case.verb in MAILBOX_VERBS else "names"


@pytest.fixture
def billing(emulator: Emulator, settings) -> Iterator[Billing]:
    """A billing system with all that the verbs are tried on."""
    with serving() as base, billing_system(base, emulator) as found:
        for ref in ("first", "names", *MAILBOX_VERBS):
            assert found.create(ref, f"box-{ref}").status == 200
        furniture: list[tuple[str, str, dict[str, Any]]] = [
            ("suspend", "unsuspend", {}),
            ("aliases/add", "names", {"handle": "old-nick"}),
            ("lists/add", "names", {"handle": "old-club"}),
            (
                "lists/add",
                "names",
                {"handle": "club-members", "members": ["a@else.example"]},
            ),
        ]
        for verb, ref, more in furniture:
            assert found.service(verb, ref, **more).status == 200
        found.deadline_ms = 3_500
        yield found


def applied(emulator: Emulator, action: str) -> int:
    """How often an action changed the platform."""
    journal = emulator.journal
    return sum(entry.action == action and entry.changed for entry in journal)


def assert_honest(
    billing: Billing, emulator: Emulator, case: Case, under: list[Odd], **scope: object
) -> None:
    """Try one verb under odd answers; a 200 must be true on the platform."""
    emulator.switches_off()
    restart()  # no circuit left over from the verb before
    for switch, params in under:
        emulator.switch_on(switch, **scope, **params)
    ref = "created" if case.verb == "create" else ref_of(case)
    before = applied(emulator, case.action)
    reply = billing.service(case.verb, ref, **case.more)
    emulator.switches_off()
    assert reply.status in {200, 202, 409, 422, 503}, f"{case.verb}: {reply}"
    if case.says_done(reply):
        domain = emulator.state.domains["thexyz.com"]
        assert case.true(domain, f"box-{ref}", reply), f"{case.verb}: {reply}"
    if reply.status != 200:
        assert reply.body["code"], reply
        assert reply.body["detail"], reply
    if reply.status in {409, 422, 503}:
        # "Refused" and "nothing was sent": both say that nothing has changed.
        assert applied(emulator, case.action) == before, f"{case.verb}: {reply}"


@pytest.mark.parametrize("odd", ODD, ids=spelled)
def test_no_odd_answer_to_a_write_is_a_success(
    billing: Billing, emulator: Emulator, odd: Odd
) -> None:
    for case in CASES:
        assert_honest(billing, emulator, case, [odd], action=case.action)


@pytest.mark.parametrize("style", STYLES)
def test_no_odd_shape_of_what_is_read_is_a_wrong_success(
    billing: Billing, emulator: Emulator, style: str
) -> None:
    for case in CASES:
        assert_honest(billing, emulator, case, STYLES[style])


def test_what_reads_says_nothing_wrong_under_any_odd_shape(
    billing: Billing, emulator: Emulator
) -> None:
    for odd in SHAPES:
        emulator.switches_off()
        restart()
        emulator.switch_on(odd[0], **odd[1])
        Mailbox.objects.update(seen_at=None)
        seen = billing.service("overview", "first")
        assert (seen.status, seen.body["state"]) == (200, "active"), odd
        assert isinstance(seen.body["usage"]["used_bytes"], int | None), odd
        checked = billing.service("check", "first")
        assert checked.status in {200, 503}, (odd, str(checked))
        if checked.status == 200:
            assert checked.body["presence"] in {"present", "unproven"}, odd
        ghost = billing.service(
            "adopt",
            "ghost",
            handle="nobody-has",
            domain="thexyz.com",
            actor={"kind": "staff"},
        )
        assert ghost.status in {409, 503}, (odd, str(ghost))


def test_no_odd_answer_to_everything_is_a_success_or_a_500(
    billing: Billing, emulator: Emulator
) -> None:
    billing.deadline_ms = 2_400
    domain = emulator.state.domains["thexyz.com"]
    for index, odd in enumerate(ODD):
        emulator.switches_off()
        emulator.switch_on(odd[0], action="*", **odd[1])
        restart()
        test = billing.post("connection-test")
        assert test.status in {200, 409, 503}, (odd, str(test))
        if test.status == 200:
            assert set(test.body["domains"]) == set(emulator.state.domains), odd
        restart()
        created = billing.create(f"new{index}", f"new{index}")
        assert created.status in {200, 202, 409, 503}, (odd, str(created))
        if created.status == 200:
            assert domain.mailboxes[f"new{index}"].password == PASSWORD, odd
        restart()
        cache.clear()
        emulator._engine.sessions._otps.clear()
        login = billing.service("webmail-login", "first")
        assert login.status in {200, 409, 503}, (odd, str(login))
        if login.status == 200:
            assert emulator._engine.sessions._otps, odd
        restart()
        Mailbox.objects.update(seen_at=None)
        seen = billing.service("overview", "first")
        assert (seen.status, seen.body["state"]) == (200, "active"), odd
