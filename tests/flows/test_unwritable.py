"""What the platform may say and nobody can write again: it blocks no verb.

Half of a surrogate pair, NUL, NaN: Python reads them out of JSON, but no database
driver and no JSON of ours takes them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from emulator import Emulator
from housemail.mailboxes.models import Operation
from housemail.modulelog import storage
from housemail.modulelog.models import ModuleLogEntry
from tests.flows.http import Billing, billing_system, serving

pytestmark = [
    pytest.mark.flow,
    pytest.mark.databases,
    pytest.mark.django_db(transaction=True),
]
NEW = "Another-horse-8"
HALF = "no \ud800 \x00 thing"


@pytest.fixture
def billing(emulator: Emulator) -> Iterator[Billing]:
    """A billing system with one mailbox that has a list."""
    with serving() as base, billing_system(base, emulator) as found:
        assert found.create().status == 200
        lists = found.service("lists/add", handle="club", members=["a@else.example"])
        assert lists.status == 200
        yield found


def test_a_refusal_that_cannot_be_written_is_a_refusal_and_closes(
    billing: Billing, emulator: Emulator
) -> None:
    emulator.switch_on("weak_password")
    emulator.switch_on("password_refused_text", text=HALF)
    refused = [
        billing.create("2", "second"),
        billing.service("password", password=NEW),
    ]
    for reply in refused:
        assert reply.code in {"platform_refused", "password_unsuitable"}, str(reply)
        assert "no \ufffd \ufffd thing" in reply.body["detail"]
    assert not Operation.objects.filter(state="open").exists()
    emulator.switches_off()
    assert billing.create("2", "second").status == 200
    assert billing.service("password", password=NEW).status == 200


def test_a_name_that_cannot_be_written_blocks_nothing(
    billing: Billing, emulator: Emulator
) -> None:
    box = emulator.state.domains["thexyz.com"].mailboxes["testuser"]
    emulator.state.domains["thexyz.com"].lists["club"].members.append(f"{HALF}@x.net")
    work: list[tuple[str, dict[str, Any]]] = [
        ("password", {"password": NEW}),
        ("plan", {"plan": {"quota_gb": "50"}}),
        ("overview", {}),
        ("lists/members/add", {"handle": "club", "members": ["b@c.example"]}),
    ]
    for verb, more in work:
        box.uname = HALF
        assert billing.service(verb, **more).status == 200, verb


def test_what_is_no_json_is_neither_answered_nor_keeps_a_call_out_of_the_log(
    billing: Billing, emulator: Emulator
) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    storage.turn_on(hours=1)
    emulator.switch_on("extra_fields", action="*", values="odd")
    reply = billing.service("password", password=NEW)
    assert reply.status == 200
    assert "x_nan" in reply.text
    json.loads(reply.text, parse_constant=refuse)
    logged = set(ModuleLogEntry.objects.values_list("action", flat=True))
    assert {call["action"] for call in reply.body["calls"]} <= logged
