"""What billing systems really send: numbers as text, text as numbers, PHP's arrays."""

from __future__ import annotations

from typing import Any

import pytest

from housemail.mailboxes import availability, lists, provisioning, usage
from housemail.mailboxes.context import ActorKind, Answer


@pytest.fixture
def seen(monkeypatch):
    """What the verb create was handed."""
    found: dict[str, Any] = {}

    def create(context, deadline, **arguments):
        found.update(arguments, context=context, deadline=deadline)
        return Answer("creating", 202, "being_checked")

    monkeypatch.setattr(provisioning, "create", create)
    return found


def send(api, seen, **body):
    answer = api.post("services/1/create", {"handle": "a", **body})
    assert answer.status_code == 202, answer.content
    return seen["context"]


def test_the_whole_context_arrives(api, seen, installation):
    context = send(
        api,
        seen,
        server={"platform": "p", "endpoint": "e", "username": "u", "password": "w"},
        plan={"quota_gb": "25"},
        options={"Account Type": "Enhanced"},
        owner={"id": "17", "name": "M", "email": "m@example.org", "language": "en"},
        service={"username": "a@b", "domain": "b", "status": "Pending"},
        actor={"kind": "staff", "id": "3", "visitor": "v"},
        domain="thexyz.com",
        password="pw",
        display_name="Anna",
        unknown={"is": "ignored"},
    )
    assert context.installation == installation
    assert context.ref == "1"
    assert (context.server.platform, context.server.password) == ("p", "w")
    assert context.plan == {"quota_gb": "25"}
    assert context.options == {"Account Type": "Enhanced"}
    assert (context.owner.id, context.owner.email) == ("17", "m@example.org")
    assert (context.service.username, context.service.status) == ("a@b", "Pending")
    assert context.actor.kind is ActorKind.STAFF
    assert context.request_id
    assert seen["password"] == "pw"
    assert (seen["domain"], seen["display_name"]) == ("thexyz.com", "Anna")


def test_settings_arrive_as_they_were_sent(api, seen):
    values = {"a": "1|Basic", "b": 25, "c": 2.5, "d": True, "e": False, "f": None}
    context = send(api, seen, plan=values, options=values)
    assert context.plan == values
    assert [type(value) for value in context.options.values()] == [
        type(value) for value in values.values()
    ]


@pytest.mark.parametrize(
    ("sent", "read"),
    [("17", "17"), (17, "17"), (17.0, "17"), (None, ""), (True, "1"), (False, "")],
)
def test_scalars_become_text(api, seen, sent, read):
    context = send(
        api, seen, handle=sent, owner={"id": sent}, actor={"id": sent}, password=sent
    )
    assert seen["handle"] == read
    assert context.owner.id == read
    assert context.actor.id == read
    assert seen["password"] == (None if sent is None else read)


@pytest.mark.parametrize("empty", [[], {}, None])
def test_empty_arrays_of_php_are_empty_objects(api, seen, empty):
    names = ("server", "plan", "options", "owner", "service", "actor")
    context = send(api, seen, **dict.fromkeys(names, empty))
    assert context.plan == {}
    assert context.options == {}
    assert context.owner.id == ""
    assert context.server.password == ""
    assert context.actor.kind is ActorKind.AUTOMATION


@pytest.mark.parametrize("kind", ["", None, [], "Automation "])
def test_an_actor_without_a_kind_is_automation(api, seen, kind):
    assert send(api, seen, actor={"kind": kind}).actor.kind is ActorKind.AUTOMATION


def test_empty_values_of_a_setting_are_nothing(api, seen):
    assert send(api, seen, plan={"a": [], "b": {}}).plan == {"a": None, "b": None}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        (["a", "b"], ["a", "b"]),
        ({"0": "a", "2": "b"}, ["a", "b"]),
        ([], []),
        (None, []),
        ([17], ["17"]),
    ],
)
def test_members_come_as_list_or_as_phps_list_with_holes(api, monkeypatch, sent, read):
    found = []

    def add_members(context, deadline, *, handle, members):
        found.extend(members)
        return Answer("active", 202, "being_checked")

    monkeypatch.setattr(lists, "add_members", add_members)
    monkeypatch.setattr("housemail.api.parts.overview.view", lambda _: {})
    body = {"handle": "team", "members": sent}
    answer = api.post("services/1/lists/members/add", body)
    assert answer.status_code == 202
    assert found == read


@pytest.mark.parametrize("members", ["a@b", 7, ["x"] * 501, ["x" * 301], [["x"]]])
def test_members_that_are_none_or_too_many_are_refused(api, members):
    body = {"handle": "team", "members": members}
    answer = api.post("services/1/lists/members/add", body)
    assert answer.status_code == 422
    assert answer.json()["field"].startswith("members")


def test_refs_of_usage_may_be_numbers_and_at_most_a_thousand(api, monkeypatch):
    found = []

    def recorded(_, refs):
        found.extend(refs)
        return []

    monkeypatch.setattr(usage, "recorded", recorded)
    assert api.post("usage", {"refs": [1, "2", "a:b"]}).json() == {"usage": []}
    assert found == ["1", "2", "a:b"]
    assert api.post("usage", {"refs": ["x"] * 1000}).status_code == 200
    assert api.post("usage", {"refs": ["x"] * 1001}).status_code == 422
    assert api.post("usage", {"refs": ["a b"]}).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        '{"handle": "\\ud800"}',
        '{"handle": "a", "password": "\\udfff"}',
        '{"handle": "a", "plan": {"x": "\\ud800"}}',
        '{"handle": "a", "plan": {"\\ud800": "x"}}',
        '{"handle": "a", "plan": {"x": 1e999}}',
        '{"handle": 1e999}',
    ],
)
def test_broken_text_and_endless_numbers_are_422(api, body):
    answer = api.raw("services/1/create", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "input_invalid")


def test_availability_needs_no_ref(api, monkeypatch):
    found = []

    def check(context, *, handle, domain):
        found.append((context.ref, handle, domain))
        return availability.Availability(False, "", "malformed")

    monkeypatch.setattr(availability, "check", check)
    api.post("availability", {"handle": "a", "domain": "b"})
    assert found == [("", "a", "b")]


# --- the two headers


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("10000", 8),
        ("3000", 1),
        ("2500", 0.5),
        ("2100", 0.3),
        ("1", 0.3),
        ("", 23),
        (" 10000 ", 8),
    ],
)
def test_the_deadline_is_two_seconds_before_the_callers(api, seen, header, seconds):
    api.post("services/1/create", {"handle": "a"}, **{"x-deadline-ms": header})
    assert seconds - 0.25 < seen["deadline"].remaining() <= seconds


@pytest.mark.parametrize("header", ["0", "-1", "1.5", "soon", "600001", "1e3", "٣"])
def test_a_deadline_that_is_no_number_is_422(api, seen, header):
    answer = api.post("services/1/create", {"handle": "a"}, **{"x-deadline-ms": header})
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "deadline_invalid")
    assert body["field"] == "X-Deadline-Ms"
    assert not seen


@pytest.mark.parametrize("given", ["a", "A1._-", "x" * 64])
def test_a_good_request_id_is_taken_everywhere(api, seen, given):
    answer = api.post("services/1/create", {"handle": "a"}, **{"x-request-id": given})
    assert answer["X-Request-ID"] == given
    assert seen["context"].request_id == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a/b", "ä", "a;b"])
def test_any_other_request_id_is_replaced(api, seen, given):
    answer = api.post("services/1/create", {"handle": "a"}, **{"x-request-id": given})
    assert answer["X-Request-ID"] != given
    assert len(answer["X-Request-ID"]) == 32
    assert seen["context"].request_id == answer["X-Request-ID"]


@pytest.mark.parametrize(
    "path", ["/healthz", "/nope", "/api/v1/nope", "/api/v1/docs", "/api/v1/pending"]
)
def test_every_answer_carries_an_id(api, path):
    answer = api.client.get(path, headers={"x-request-id": "mine"})
    assert answer["X-Request-ID"] == "mine"
