"""What customers and strangers read in place of what is meant for staff."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest
from django.conf import settings

from housemail.mailboxes import errors, provisioning
from housemail.mailboxes.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    PasswordUnsuitable,
    Unavailable,
)
from housemail.mailboxes.models import Mailbox, Operation
from housemail.mailboxes.sentences import (
    FOR_CLIENTS,
    FOR_EVERYBODY,
    FOR_STAFF,
    INSTEAD,
    SENTENCES,
    code_for_client,
)
from housemail.platforms.base import Look, Presence
from housemail.platforms.emailarray.platform import EmailArray
from tests.api.conftest import PASSWORD

CLIENT = {"actor": {"kind": "client", "id": "17"}}
STAFF = {"actor": {"kind": "staff", "id": "3"}}
ASK = FOR_EVERYBODY["ask_support"]
INSIDE = "known-inside-only"


def parameters(code):
    named = [name for _, name, *_ in string.Formatter().parse(SENTENCES[code]) if name]
    return dict.fromkeys(named, INSIDE)


# --- every code is for somebody


def test_a_sentence_is_for_everybody_or_for_staff():
    assert not set(FOR_EVERYBODY) & set(FOR_STAFF)
    assert set(INSTEAD) <= set(FOR_STAFF)
    assert set(INSTEAD.values()) <= set(FOR_EVERYBODY)
    for code in INSTEAD.values():
        assert not parameters(code), "its parameters would come from a staff sentence"


def test_every_code_that_is_raised_is_declared():
    kinds = {
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.Refusal)
    }
    raised = set()
    for path in (Path(settings.BASE_DIR) / "housemail").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                first = node.args[0] if node.args else None
                if node.func.id in kinds and isinstance(first, ast.Constant):
                    raised.add(first.value)
    assert len(raised) > 40
    assert raised <= {*FOR_EVERYBODY, *FOR_STAFF}


STAFF_WORDS = [
    *("staff", "server", "credential", "endpoint", "installation", "api", "{reason}"),
    *("housemail", "csv", "control panel", "platform account", "log in", "admin"),
    *("terminate", "press ", "run ", "module", "billing", "service id"),
]


@pytest.mark.parametrize("code", FOR_EVERYBODY)
def test_what_everybody_reads_speaks_of_nothing_that_only_staff_know(code):
    sentence = FOR_EVERYBODY[code].lower()
    assert [word for word in STAFF_WORDS if word in sentence] == []


# --- refusals


KINDS = [Invalid, NotFound, Forbidden, Unavailable]


@pytest.mark.parametrize(
    ("code", "kind"),
    [*((code, Conflict) for code in SENTENCES), *(("server_moved", k) for k in KINDS)],
)
def test_a_client_reads_no_refusal_that_is_for_staff(api, monkeypatch, code, kind):
    def refuse(*args, **kwargs):
        raise kind(code, field="server", **parameters(code))

    monkeypatch.setattr(provisioning, "suspend", refuse)
    staff = api.post("services/1/suspend", api.context(**STAFF))
    assert (staff.status_code, staff.json()["code"]) == (kind.status, code)
    client = api.post("services/1/suspend", api.context(**CLIENT))
    assert client.status_code == kind.status
    assert client.get("Retry-After") == staff.get("Retry-After")
    if code in FOR_CLIENTS:
        assert client.json()["code"] == code
        named = dict.fromkeys(parameters(code), INSIDE)
        assert client.json()["detail"] == FOR_CLIENTS[code].format(**named)
        return
    if code in FOR_EVERYBODY:
        same = {"request_id": ""}
        assert client.json() | same == staff.json() | same
        return
    told = client.json()
    assert told["code"] == INSTEAD.get(code, "ask_support")
    assert told["type"] == f"urn:housemail:problem:{told['code']}"
    assert told["detail"] == FOR_EVERYBODY[told["code"]]
    assert INSIDE not in client.content.decode()
    assert ("field" in told) is (told["code"] != "ask_support")


def test_taken_held_quarantined_and_reserved_stay_one_answer():
    codes = ["address_taken", "address_held", "address_quarantined", "handle_reserved"]
    assert {code_for_client(code) for code in codes} == {"not_available"}


def test_the_name_of_a_setting_is_for_staff():
    """A customer cannot change it; staff reads where it comes from (promise 6)."""
    settings_named = {code for code in FOR_EVERYBODY if "(" in FOR_EVERYBODY[code]}
    assert settings_named == set(FOR_CLIENTS)
    for code, told in FOR_CLIENTS.items():
        assert "(" not in told
        assert INSTEAD.get(code) is None
        assert _open_places(told) == _open_places(FOR_EVERYBODY[code])


def _open_places(sentence):
    return {name for _, name, *_ in string.Formatter().parse(sentence) if name}


def test_a_service_that_is_not_known_is_a_case_for_support(api):
    answer = api.post("services/1/overview", api.context(**CLIENT))
    body = answer.json()
    assert (answer.status_code, body["code"], body["detail"]) == (
        404,
        "ask_support",
        ASK,
    )


def test_the_platforms_own_words_are_for_staff_and_the_module_log(live, emulator):
    live.create(domain="thexyz.com")
    emulator.switch_on("permission_denied", action="addAlias")
    asked = live.context(handle="nick", **STAFF)
    staff = live.post("services/1/aliases/add", asked)
    assert staff.json()["code"] == "platform_refused"
    words = staff.json()["detail"].removeprefix("The mail platform refused: ")
    assert words
    client = live.post("services/1/aliases/add", {**asked, **CLIENT})
    body = client.json()
    assert (client.status_code, body["code"], body["detail"]) == (
        staff.status_code,
        "ask_support",
        ASK,
    )
    assert "addAlias" in [call["action"] for call in body.pop("calls")]
    assert words not in str(body)


# --- passwords


def test_a_client_is_not_promised_a_password(live):
    live.create(domain="thexyz.com")
    body = live.context(password="abc", **CLIENT)
    answer = live.post("services/1/password", body)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "password_unsuitable")
    assert told["reason"] == "password_too_short"
    assert told["detail"] == FOR_EVERYBODY["password_too_short"]
    assert "suggested_password" not in told
    staff = live.post("services/1/password", {**body, **STAFF}).json()
    assert staff["detail"] == f"{told['detail']} A suitable one is suggested."
    assert staff["suggested_password"]


def test_a_password_that_the_platform_refused_is_told_without_its_words(
    api, monkeypatch
):
    def refuse(*args, **kwargs):
        raise PasswordUnsuitable(
            "password_refused", suggestion="Sugg3sted-one", reason=INSIDE
        )

    monkeypatch.setattr(provisioning, "set_password", refuse)
    body = api.context(password=PASSWORD, **CLIENT)
    told = api.post("services/1/password", body)
    assert told.json()["code"] == "password_unsuitable"
    assert told.json()["reason"] == "password_not_taken"
    assert told.json()["detail"] == FOR_EVERYBODY["password_not_taken"]
    for hidden in (INSIDE, "Sugg3sted-one"):
        assert hidden not in told.content.decode()


# --- outcomes that are not known


@pytest.mark.parametrize(
    ("actor", "code", "sentence"),
    [
        (STAFF, "needs_staff", "staff must look at anna@thexyz.com before"),
        (CLIENT, "ask_support_first", FOR_EVERYBODY["ask_support_first"]),
    ],
)
def test_an_outcome_that_only_staff_can_settle(
    live, emulator, monkeypatch, actor, code, sentence
):
    """A mailbox is found after a lost answer, and nothing proves that it is ours."""
    look = EmailArray.look
    unproven = iter([Look(Presence.UNPROVEN)])
    monkeypatch.setattr(
        EmailArray,
        "look",
        lambda *args, **more: next(unproven, None) or look(*args, **more),
    )
    live.post("connection-test", live.context())
    emulator.switch_on("connection_reset", action="addUser", phase="after", count=1)
    answer = live.create(domain="thexyz.com", **actor)
    body = answer.json()
    assert (answer.status_code, body["state"], body["code"]) == (202, "failed", code)
    assert sentence in body["detail"]
    assert Operation.objects.get().code == "needs_staff"
    again = live.create(domain="thexyz.com", **actor)
    assert again.status_code == 409
    assert again.json()["code"] == code.removesuffix("_first")


# --- pages


def test_results_of_members_are_for_who_reads_them(live, emulator):
    live.create(domain="thexyz.com")
    live.post("services/1/lists/add", live.context(handle="team"))
    emulator.switch_on("permission_denied", action="addListMember")
    members = live.context(handle="team", members=["b@example.org", "rubbish"])
    path = "services/1/lists/members/add"
    staff = live.post(path, {**members, **STAFF}).json()["results"]
    assert [row["code"] for row in staff] == ["platform_refused", "member_malformed"]
    client = live.post(path, {**members, **CLIENT}).json()["results"]
    assert client[0] == {
        "member": "b@example.org",
        "status": "refused",
        "code": "ask_support",
        "detail": ASK,
        "sentence": ASK,
        "params": {},
    }
    assert client[1] == staff[1]


@pytest.mark.parametrize("state", Mailbox.State)
def test_why_something_may_not_be_done_is_for_everybody(live, state):
    live.create(domain="thexyz.com")
    Mailbox.objects.update(state=state)
    plan = {"max_aliases": "1", "enable_lists": "off"}
    seen = live.post("services/1/overview", live.context(plan=plan, **CLIENT)).json()
    for reason in seen["may"].values():
        assert reason["allowed"] or reason["code"] in FOR_EVERYBODY
        assert reason["allowed"] or reason["sentence"]


def test_a_suspended_client_is_not_told_to_unsuspend(live):
    live.create(domain="thexyz.com")
    assert live.post("services/1/suspend", live.context()).status_code == 200
    refused = live.post("services/1/aliases/add", live.context(handle="x", **CLIENT))
    assert refused.json()["code"] == "suspended"
    assert refused.json()["detail"] == (
        "The mailbox is suspended. This is possible again once it is unsuspended."
    )


# --- availability


@pytest.mark.parametrize(
    ("plan", "staff", "code", "detail"),
    [
        ({"quota_gb": "many"}, "setting_invalid", "ask_support", ASK),
        (
            {"allowed_domains": ""},
            "domain_missing",
            "malformed",
            FOR_EVERYBODY["domain_needed"],
        ),
        (
            {"allowed_domains": "thexyz.ca"},
            "domain_not_allowed",
            "malformed",
            FOR_EVERYBODY["domain_not_offered"],
        ),
    ],
)
def test_availability_says_nothing_of_the_settings(api, plan, staff, code, detail):
    where = {} if staff == "domain_missing" else {"domain": "thexyz.com"}
    body = api.context(handle="anna", **where)
    body["plan"] |= plan
    assert api.post("availability", body).json()["code"] == staff
    told = api.post("availability", {**body, **CLIENT}).json()
    assert (told["available"], told["code"], told["detail"]) == (False, code, detail)


def test_a_reserved_list_that_cannot_be_read_is_a_case_for_support(
    api, settings, tmp_path
):
    settings.HOUSEMAIL_RESERVED_FILE = str(tmp_path / "missing.txt")
    for domain in ("thexyz.com", ""):
        body = api.context(handle="anna", domain=domain)
        staff = api.post("availability", body).json()
        assert staff["code"] == "reserved_list_unreadable"
        told = api.post("availability", {**body, **CLIENT}).json()
        assert (told["code"], told["detail"]) == ("ask_support", ASK)
