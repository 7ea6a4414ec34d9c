"""Every call of the table, once through, against the emulator."""

from __future__ import annotations

import pytest

from housemail.installations import keys
from housemail.mailboxes.models import Claim, Mailbox, Operation
from tests.api.conftest import PASSWORD


def ok(answer, status=200):
    assert answer.status_code == status, answer.content
    return answer.json()


def test_before_the_order_the_server_and_the_name_are_checked(live):
    test = ok(live.post("connection-test", live.context()))
    assert test["ok"] is True
    assert "thexyz.com" in test["domains"]

    name = live.context(handle="Anna", domain="thexyz.ca")
    free = ok(live.post("availability", name))
    assert (free["available"], free["code"]) == (True, "available")
    assert free["address"] == "anna@thexyz.ca"
    assert ok(live.post("services/1/reserve", name))["state"] == "held"
    assert ok(live.post("services/1/release", name))["state"] == "released"


def test_create_answers_what_the_billing_system_is_to_store(live):
    ok(
        live.post(
            "services/1/reserve", live.context(handle="anna", domain="thexyz.com")
        )
    )
    created = ok(live.create(domain="thexyz.com"))
    assert created["state"] == "active"
    assert created["address"] == "anna@thexyz.com"
    assert created["service"] == {"username": "anna@thexyz.com", "domain": "thexyz.com"}
    assert "addUser" in [call["action"] for call in created["calls"]]
    assert PASSWORD not in str(created)
    again = ok(live.create(domain="thexyz.com"))
    assert again["service"] == created["service"]
    assert "calls" not in again


def test_the_life_of_a_service(live):
    created = ok(live.create(domain="thexyz.com"))
    service = live.context(service=created["service"])
    for verb, state in [("suspend", "suspended"), ("unsuspend", "active")]:
        done = ok(live.post(f"services/1/{verb}", {**service, "reason": "late"}))
        assert done["state"] == state
    done = ok(live.post("services/1/password", {**service, "password": PASSWORD + "x"}))
    assert done["state"] == "active"
    plan = {"plan": {**service["plan"], "quota_gb": 50}}
    changed = ok(live.post("services/1/plan", {**service, **plan}))
    assert (changed["changed"], changed["unconfirmed"]) == (["quota_gb"], [])
    check = ok(live.post("services/1/check", service))
    assert (check["presence"], check["differences"]) == ("present", [])
    used = ok(live.post("usage", {"refs": ["1", "2"]}))["usage"]
    assert [row["ref"] for row in used] == ["1"]
    assert ok(live.post("pending")) == {"pending": []}
    ended = ok(live.post("services/1/terminate", service))
    assert ended["state"] == "terminated"


def test_aliases_and_lists_answer_the_overview(live):
    ok(live.create(domain="thexyz.com"))
    wish = live.context(handle="orders-in")
    added = ok(live.post("services/1/aliases/add", wish))
    assert "already" not in added
    assert ok(live.post("services/1/aliases/add", wish))["already"] is True
    assert [row["handle"] for row in added["aliases"]] == ["orders-in"]
    assert added["limits"]["aliases"] == {"used": 1, "max": 25}
    assert added["calls"]
    removed = ok(
        live.post("services/1/aliases/remove", live.context(handle="orders-in"))
    )
    assert removed["aliases"] == []
    lists = ok(
        live.post(
            "services/1/lists/add",
            live.context(handle="team", members=["anna@thexyz.com"]),
        )
    )
    assert lists["results"][0]["status"] == "added"
    members = live.context(
        handle="team", members={"1": "b@example.org", "3": "rubbish"}
    )
    both = ok(live.post("services/1/lists/members/add", members))
    assert [row["status"] for row in both["results"]] == ["added", "refused"]
    assert both["results"][1]["detail"] == "rubbish is not an e-mail address."
    fewer = live.context(handle="team", members=["b@example.org"])
    left = ok(live.post("services/1/lists/members/remove", fewer))
    assert left["results"][0]["status"] == "removed"
    gone = ok(live.post("services/1/lists/remove", live.context(handle="team")))
    assert gone["lists"] == []


def test_the_overview_gives_reasons_as_whole_sentences(live):
    ok(live.create(domain="thexyz.com"))
    full = live.context(plan={"allowed_domains": "thexyz.com", "max_aliases": 1})
    ok(live.post("services/1/aliases/add", {**full, "handle": "orders-in"}))
    seen = ok(live.post("services/1/overview", full))
    reason = seen["may"]["alias_add"]
    assert (reason["allowed"], reason["code"]) == (False, "alias_limit")
    assert reason["sentence"].startswith("1 of 1 alias is in use")


def test_the_overview_says_how_to_set_up_a_mail_program(live):
    ok(live.create(domain="thexyz.com"))
    shown = ok(live.post("services/1/overview", live.context()))["mail_program"]
    assert shown["username"] == "anna@thexyz.com"
    assert shown["servers"][0] == {
        "protocol": "IMAP",
        "host": "imap.emailarray.com",
        "port": 993,
        "security": "SSL/TLS",
    }


def test_a_lost_answer_is_202_with_a_sentence(live, emulator, settings):
    settings.HOUSEMAIL_LOOKS_IN_REQUEST = ()
    live.post("connection-test", live.context())
    emulator.switch_on("connection_reset", action="addUser", phase="after", count=1)
    answer = live.create(domain="thexyz.com")
    body = ok(answer, 202)
    assert (body["state"], body["code"]) == ("creating", "being_checked")
    assert body["detail"].startswith("The mail platform's answer was lost")


def test_webmail_is_not_kept_not_logged_and_not_among_the_calls(live, caplog):
    ok(live.create(domain="thexyz.com"))
    answer = live.post("services/1/webmail-login", live.context())
    body = ok(answer)
    assert set(body) == {"method", "url", "fields"}
    assert answer["Cache-Control"] == "no-store"
    assert body["url"] not in caplog.text
    for value in body["fields"].values():
        assert len(value) < 6 or value not in caplog.text
    codes = [
        live.post("services/1/webmail-login", live.context()).status_code
        for _ in range(6)
    ]
    assert codes[-1] == 429


def test_staff_adopt_what_is_on_the_platform(live, emulator):
    ok(live.create(domain="thexyz.com"))
    for model in (Operation, Claim, Mailbox):
        model.objects.all().delete()  # on the platform the mailbox is still there
    answer = live.post(
        "services/7/adopt",
        live.context(handle="anna@thexyz.com", actor={"kind": "staff"}),
    )
    body = ok(answer)
    assert body["service"] == {"username": "anna@thexyz.com", "domain": "thexyz.com"}


def test_refusals_carry_the_calls_that_were_made(live, emulator):
    ok(live.create(domain="thexyz.com"))
    emulator.switch_on("permission_denied", action="disableUser")
    answer = live.post("services/1/suspend", live.context())
    body = ok(answer, 409)
    assert body["code"] == "platform_refused"
    assert "disableUser" in [call["action"] for call in body["calls"]]


def test_clients_do_not_learn_why_an_address_is_not_free(live, installation):
    ok(live.create(domain="thexyz.com"))
    for name in ("anna", "postmaster"):
        told = live.context(handle=name, domain="thexyz.com")
        staff = ok(live.post("availability", told))
        client = ok(live.post("availability", {**told, "actor": {"kind": "client"}}))
        assert staff["code"] in {"address_taken", "handle_reserved"}
        assert client["code"] == "not_available"
        body = {**told, "actor": {"kind": "client"}, "password": PASSWORD}
        refused = live.post("services/2/create", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "not_available")
        refused = live.post("services/2/create", {**body, "actor": []})
        assert refused.json()["code"] == staff["code"]


@pytest.mark.parametrize("limit", ["AVAILABILITY", "INSTALLATION"])
def test_availability_is_throttled_per_visitor_and_installation(api, settings, limit):
    setattr(settings, f"HOUSEMAIL_{limit}_PER_MINUTE", 3)
    body = api.context(handle="anna", domain="thexyz.com", actor={"visitor": "v1"})
    codes = [api.post("availability", body).status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    answer = api.post("availability", body)
    assert 0 < int(answer["Retry-After"]) <= 61
    body["actor"] = {"visitor": "v2"}
    expected = 200 if limit == "AVAILABILITY" else 429
    assert api.post("availability", body).status_code == expected


def test_a_key_that_may_only_read_changes_nothing(live, installation, emulator):
    live.key = keys.make(installation, permissions=["read"])
    assert live.create().status_code == 403
    assert not Mailbox.objects.exists()
