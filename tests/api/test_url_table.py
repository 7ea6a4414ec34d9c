"""Every URL of the table, with no key and with another installation's key."""

from __future__ import annotations

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from housemail.installations import keys
from housemail.installations.models import Installation
from housemail.mailboxes.models import Alias, Claim, Mailbox, Operation
from tests.api.conftest import PASSWORD

# What anybody may read.
PUBLIC = {"api/v1/openapi.json", "api/v1/docs", "api/v1/"}
# Calls that name no service: what they show is the installation's own.
WITHOUT_REF = {
    "api/v1/connection-test",
    "api/v1/availability",
    "api/v1/pending",
    "api/v1/usage",
}


def table(resolver=None, prefix=""):
    """Every route of the URL table, with its parameters as ``<name>``."""
    routes = []
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", str(entry.pattern))
        if isinstance(entry, URLResolver):
            routes += table(entry, route)
        elif isinstance(entry, URLPattern):
            routes.append(route)
    return routes


def in_api(routes):
    return [
        route.removeprefix("api/v1/")
        for route in routes
        if route.startswith("api/v1/") and route not in PUBLIC
    ]


def test_the_table_is_the_documents_and_the_designs(all_calls):
    documented = {path.replace("{ref}", "<ref>") for path in all_calls}
    assert set(in_api(table())) == documented
    assert len(documented) == 24


def test_no_url_answers_without_a_key(api):
    api.key = ""
    for route in in_api(table()):
        answer = api.client.post("/api/v1/" + route.replace("<ref>", "1"))
        assert answer.status_code == 401, route
        assert answer.json()["code"] == "key_missing"


@pytest.fixture
def other(db):
    """A key of another billing system."""
    return keys.make(
        Installation.objects.create(name="other"), permissions=keys.PERMISSIONS
    )


def test_another_installations_service_is_an_unknown_one(live, emulator, other):
    assert live.create("1", domain="thexyz.com").status_code == 200
    added = live.post("services/1/aliases/add", live.context(handle="orders-in"))
    assert added.status_code == 200
    before = everything()
    live.key = other
    routes = [route for route in in_api(table()) if "<ref>" in route]
    assert routes
    for route in routes:
        body = live.context(
            handle="fresh-one",
            domain="thexyz.com",
            members=["b@example.org"],
            password=PASSWORD,
            reason="asked for",
            actor={"kind": "staff"},
        )
        found = []
        for ref in ("1", "404"):
            answer = live.post(route.replace("<ref>", ref), body)
            found.append(masked(answer, ref))
            emulator.reset(preset="calm")
            forget("other")
        theirs, unknown = found
        assert theirs == unknown, route
    assert everything() == before


def test_usage_and_pending_show_only_the_keys_own(live, other):
    assert live.create("1", domain="thexyz.com").status_code == 200
    Mailbox.objects.update(create_answered=202, create_answered_at="2020-01-01T00:00Z")
    assert live.post("pending").json()["pending"]
    assert live.post("usage", {"refs": ["1"]}).json()["usage"]
    live.key = other
    assert live.post("pending").json() == {"pending": []}
    assert live.post("usage", {"refs": ["1"]}).json() == {"usage": []}


def everything():
    """What the first installation has."""
    own = {"installation__name": "one"}
    return (
        list(Mailbox.objects.filter(**own).values()),
        list(Claim.objects.filter(**own).values()),
        list(Alias.objects.values()),
    )


def masked(answer, ref):
    """An answer without what differs between any two requests."""
    body = answer.json()
    for volatile in ("request_id", "calls", "until", "suggested_password"):
        body.pop(volatile, None)
    return answer.status_code, re.sub(rf'"{ref}"', '"REF"', str(body))


def forget(name):
    """Remove what the second installation made, so that both refs start alike."""
    Operation.objects.filter(mailbox__installation__name=name).delete()
    Claim.objects.filter(installation__name=name).delete()
    Mailbox.objects.filter(installation__name=name).delete()
