"""Two installations and two owners on one domain: nobody reaches what another has.

Every call of the URL table is tried with another's ref, alias, list and members; the
answer is that of a name nobody has, and neither our record nor the platform changes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from django.apps import apps
from django.core.cache import cache

from emulator import Emulator
from housemail.api.door import api as door
from tests.flows.conftest import PASSWORD
from tests.flows.http import Billing, Reply, billing_system, serving

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
UNKNOWN = "zz-none"
STAFF = {"kind": "staff", "id": "9"}
CLIENT = {"kind": "client", "id": "17"}

# What each call says beside its context when it is about somebody else's service.
# A name that is given is the other's, so that nothing new could come of it either.
BODIES: dict[str, dict[str, object]] = {
    "reserve": {"handle": "testuser", "domain": "thexyz.com"},
    "release": {},
    "create": {"handle": "testuser", "domain": "thexyz.com", "password": PASSWORD},
    "suspend": {},
    "unsuspend": {},
    "terminate": {},
    "password": {"password": "Another-horse-8"},
    "plan": {"plan": {"quota_gb": "50"}},
    "overview": {},
    "webmail-login": {},
    "check": {},
    "adopt": {"handle": "testuser", "domain": "thexyz.com", "actor": STAFF},
    "release-name": {
        "handle": "testuser",
        "domain": "thexyz.com",
        "reason": "asked for",
        "actor": STAFF,
    },
    "repoint": {"actor": STAFF},
    "aliases/add": {"handle": "fresh"},
    "aliases/remove": {"handle": "nick"},
    "lists/add": {"handle": "fresh", "members": ["x@else.example"]},
    "lists/remove": {"handle": "club"},
    "lists/members/add": {"handle": "club", "members": ["x@else.example"]},
    "lists/members/remove": {"handle": "club", "members": ["a@else.example"]},
}
# Calls that name no service: each has its own test below.
WITHOUT_REF = {"connection-test", "availability", "pending", "usage"}
# Calls that only staff may make: asked by anybody else they say nothing at all.
STAFF_ONLY = {"adopt", "release-name", "repoint"}
# What a service nobody has is answered: ending it is already done (protocol 6).
NOTHING_TO_DO = {"suspend", "terminate", "release"}


def calls_of_the_table() -> set[str]:
    """Every call of the billing API, from the document made of its URL table."""
    paths = door.get_openapi_schema()["paths"]
    return {path.removeprefix("/api/v1/") for path in paths}


def test_every_call_of_the_url_table_is_tried_here() -> None:
    tried = {f"services/{{ref}}/{verb}" for verb in BODIES} | WITHOUT_REF
    assert calls_of_the_table() == tried


@pytest.fixture
def house(emulator: Emulator) -> Iterator[dict[str, Billing]]:
    """Two billing systems on one domain, each with a mailbox, an alias and a list."""
    with ExitStack() as stack:
        base = stack.enter_context(serving())
        one, two = (
            stack.enter_context(billing_system(base, emulator, name=name))
            for name in ("one", "two")
        )
        furnish(one, "r1", "testuser", "nick", "club", owner="17")
        furnish(one, "r2", "second", "nick2", "club2", owner="18")
        furnish(two, "t1", "other", "nick3", "club3", owner="17")
        yield {"one": one, "two": two}


def furnish(
    billing: Billing, ref: str, handle: str, alias: str, club: str, *, owner: str
) -> None:
    """Sell a mailbox and give it an alias and a list with one member."""
    whose = {"owner": {"id": owner, "name": f"Owner {owner}"}}
    assert billing.create(ref, handle, **whose).status == 200
    assert billing.service("aliases/add", ref, handle=alias, **whose).status == 200
    added = billing.service(
        "lists/add", ref, handle=club, members=["a@else.example"], **whose
    )
    assert added.body["results"][0]["status"] == "added"


def rows() -> dict[str, list[dict[str, object]]]:
    """Every row of every table but the logs of what was asked and seen."""
    found = {}
    logs = {"modulelog.ModuleLogEntry", "mailboxes.Calibration"}
    for model in apps.get_models():
        if model._meta.label in logs:
            continue
        values = list(model._default_manager.order_by("pk").values())
        for row in values:
            row.pop("last_used_at", None)
        found[model._meta.label] = values
    return found


def plain(reply: Reply, *names: str) -> tuple[int, str]:
    """An answer without what differs between any two requests."""
    body = {
        key: value
        for key, value in reply.body.items()
        if key not in {"request_id", "calls"}
    }
    text = json.dumps(body, sort_keys=True)
    for name in names:
        text = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", "NAME", text)
    return reply.status, text


def ask(billing: Billing, verb: str, ref: str, **more: object) -> Reply:
    """One call, with counters of throttles as if it were the first."""
    cache.clear()
    return billing.service(verb, ref, **{**BODIES[verb], **more})


@pytest.mark.parametrize("actor", [CLIENT, STAFF], ids=["client", "staff"])
def test_another_installations_ref_is_an_unknown_one_in_every_call(
    house: dict[str, Billing], emulator: Emulator, actor: dict[str, str]
) -> None:
    before, ours = emulator.snapshot(), rows()
    for verb in BODIES:
        who = {} if verb in STAFF_ONLY else {"actor": actor}
        theirs = ask(house["two"], verb, "r1", **who)
        unknown = ask(house["two"], verb, UNKNOWN, **who)
        assert plain(theirs, "r1") == plain(unknown, UNKNOWN), verb
        if verb in NOTHING_TO_DO:
            assert theirs.status == 200
        else:
            assert theirs.status in {404, 409}, f"{verb}: {theirs}"
        assert emulator.snapshot() == before, verb
        assert rows() == ours, verb


def test_the_address_of_another_installation_opens_nothing_either(
    house: dict[str, Billing], emulator: Emulator
) -> None:
    before, ours = emulator.snapshot(), rows()
    named = {"reserve", "release", "adopt", "create", "release-name"}
    for verb in set(BODIES) - named:
        answers = []
        for name in ("testuser", "nobody-has-this"):
            service = {"username": f"{name}@thexyz.com", "domain": "thexyz.com"}
            reply = ask(house["two"], verb, UNKNOWN, service=service)
            assert reply.status == 409, f"{verb}: {reply}"
            answers.append(plain(reply, name))
        assert answers[0] == answers[1], verb
    assert emulator.snapshot() == before
    assert rows() == ours


@pytest.mark.parametrize(
    ("who", "ref"), [("two", "t1"), ("one", "r2")], ids=["installation", "owner"]
)
def test_anothers_alias_list_and_members_are_unknown_ones(
    house: dict[str, Billing], emulator: Emulator, who: str, ref: str
) -> None:
    before, ours = emulator.snapshot(), rows()
    cases = [
        ("aliases/remove", "nick"),
        ("lists/remove", "club"),
        ("lists/members/add", "club"),
        ("lists/members/remove", "club"),
    ]
    for verb, theirs in cases:
        for spelled in ("{}", "{}@thexyz.com"):
            answers = []
            for name in (theirs, "nobody-has-this"):
                reply = ask(house[who], verb, ref, handle=spelled.format(name))
                assert reply.status == 404, f"{verb}: {reply}"
                answers.append(plain(reply, name))
            assert answers[0] == answers[1], verb
        assert emulator.snapshot() == before, verb
        assert rows() == ours, verb


@pytest.mark.parametrize(
    ("who", "ref"), [("two", "t1"), ("one", "r2")], ids=["installation", "owner"]
)
@pytest.mark.parametrize("verb", ["aliases/add", "lists/add"])
def test_a_customer_cannot_tell_anothers_name_from_a_reserved_one(
    house: dict[str, Billing], emulator: Emulator, who: str, ref: str, verb: str
) -> None:
    before, ours = emulator.snapshot(), rows()
    answers = set()
    for name in ("testuser", "nick", "club", "postmaster"):
        reply = ask(house[who], verb, ref, handle=name, actor=CLIENT)
        assert (reply.status, reply.code) == (409, "not_available"), reply
        answers.add(plain(reply, name))
    assert len(answers) == 1, answers
    assert emulator.snapshot() == before
    assert rows() == ours


def test_the_member_of_anothers_list_is_not_on_ones_own(
    house: dict[str, Billing], emulator: Emulator
) -> None:
    only_theirs = "only-theirs@else.example"
    added = house["one"].service(
        "lists/members/add", "r1", handle="club", members=[only_theirs]
    )
    assert added.body["results"][0]["status"] == "added"
    before, ours = emulator.snapshot(), rows()
    for who, ref, club in [("two", "t1", "club3"), ("one", "r2", "club2")]:
        answers = []
        for member in (only_theirs, "nobody@else.example"):
            reply = house[who].service(
                "lists/members/remove", ref, handle=club, members=[member]
            )
            assert reply.body["results"][0]["status"] == "not_on_list"
            answers.append(plain(reply, member))
        assert answers[0] == answers[1]
    assert emulator.snapshot() == before
    assert rows() == ours


def test_create_and_reserve_of_anothers_address_are_refused(
    house: dict[str, Billing], emulator: Emulator
) -> None:
    before, ours = emulator.snapshot(), rows()
    for who, ref in [("two", "new"), ("one", "new"), ("two", "r1")]:
        for verb in ("create", "reserve"):
            answers = set()
            for name in ("testuser", "nick", "club", "postmaster"):
                reply = ask(house[who], verb, ref, handle=name, actor=CLIENT)
                assert (reply.status, reply.code) == (409, "not_available"), reply
                answers.add(plain(reply, name))
            assert len(answers) == 1, answers
            named = ask(house[who], verb, ref, actor=STAFF)
            assert (named.status, named.code) == (409, "address_taken"), named
    assert emulator.snapshot() == before
    assert rows() == ours


def test_availability_says_of_anothers_address_what_it_says_of_a_reserved_one(
    house: dict[str, Billing], emulator: Emulator
) -> None:
    calls = len(emulator.journal)
    found = set()
    for name in ("testuser", "nick", "club", "postmaster"):
        body = (
            house["two"]
            .post("availability", handle=name, domain="thexyz.com", actor=CLIENT)
            .body
        )
        body.pop("suggestions")
        found.add(json.dumps({**body, "address": ""}, sort_keys=True))
    assert len(found) == 1, found
    assert '"not_available"' in found.pop()
    assert len(emulator.journal) == calls


def test_calls_without_a_ref_show_only_ones_own(house: dict[str, Billing]) -> None:
    two = house["two"]
    assert two.post("usage", raw={"refs": ["r1", "r2", UNKNOWN]}).body == {"usage": []}
    assert [row["ref"] for row in two.post("usage", raw={"refs": ["t1"]}).body["usage"]]
    assert two.post("pending", raw={}).body == {"pending": []}
    shown = two.post("connection-test").text
    for secret in ("testuser", "nick@", "club@", "r1"):
        assert secret not in shown


def test_adopting_what_is_sold_already_does_not_even_look_at_it(
    house: dict[str, Billing], emulator: Emulator
) -> None:
    before = emulator.journal[-1].number
    for who, ref in [("two", UNKNOWN), ("one", "new")]:
        refused = ask(house[who], "adopt", ref)
        assert (refused.status, refused.code) == (409, "address_taken"), refused
        assert "calls" not in refused.body
    assert emulator.journal_since(before) == []


def test_no_answer_to_one_names_what_the_other_has(
    house: dict[str, Billing],
) -> None:
    two = house["two"]
    for verb in BODIES:
        if verb == "terminate":
            continue
        ask(two, verb, "t1", handle="own", actor={"kind": "staff"})
    ask(two, "terminate", "t1")
    texts = "\n".join(reply.text for _, reply in two.replies)
    for name in ("testuser", "nick", "club", "second", "nick2", "club2", "Owner 18"):
        assert not re.search(rf"(?<![\w-]){name}(?![\w-])", texts), name
