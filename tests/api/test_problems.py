"""Refusals: their shape, their language, and that they repeat nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from housemail.api.sentences import DOOR
from housemail.mailboxes import provisioning, wording
from housemail.mailboxes.sentences import SENTENCES


def test_a_refusal_is_a_problem(api):
    answer = api.post("services/1/overview", api.context())
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    assert answer.json() == {
        "type": "urn:housemail:problem:service_unknown",
        "title": "Not Found",
        "status": 404,
        "code": "service_unknown",
        "detail": SENTENCES["service_unknown"],
        "field": "ref",
        "request_id": answer["X-Request-ID"],
    }


def test_an_unsuitable_password_comes_with_a_suggestion(api):
    answer = api.post(
        "services/1/create",
        api.context(handle="anna", domain="thexyz.com", password="abc"),
    )
    body = answer.json()
    assert answer.status_code == 422
    assert body["code"] == "password_unsuitable"
    assert body["reason"] == "password_too_short"
    assert body["field"] == "password"
    assert len(body["suggested_password"]) >= 10
    assert body["suggested_password"] not in body["detail"]


def test_a_platform_that_cannot_be_reached_is_503_with_retry_after(api):
    api.server = {
        "platform": "emailarray",
        "endpoint": "http://127.0.0.1:9/admin/json.php",
        "username": "a",
        "password": "b",
    }
    answer = api.create(domain="thexyz.com")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert answer.json()["code"] == "server_unreachable"


@pytest.mark.parametrize(
    ("member", "label"),
    [
        ("endpoint", "Hostname / API Endpoint"),
        ("username", "Username"),
        ("password", "Password"),
    ],
)
def test_what_is_missing_of_a_server_has_the_name_people_know(live, member, label):
    live.server[member] = ""
    answer = live.post("connection-test", live.context())
    body = answer.json()
    assert (answer.status_code, body["code"]) == (422, "server_incomplete")
    assert body["field"] == member
    assert body["detail"] == f"{label} of the server is empty. Fill it in."


SECRET = "Sup3r-$ecret-value"


@pytest.mark.parametrize(
    "body",
    [
        {"handle": {"x": SECRET}},
        {"handle": SECRET * 30},
        {"handle": [SECRET]},
        {"handle": "a", "password": {"x": SECRET}},
        {"handle": "a", "password": SECRET * 30},
        {"handle": "a", "password": SECRET + "\0"},
        {"handle": "a", "server": {"password": [SECRET]}},
        {"handle": "a", "server": SECRET},
        {"handle": "a", "plan": {"quota_gb": {"x": SECRET}}},
        {"handle": "a", "plan": {SECRET: {"x": 1}}},
        {"handle": "a", "options": {"x": SECRET * 200}},
        {"handle": "a", "actor": {"kind": SECRET}},
        {"password": SECRET},
    ],
)
def test_invalid_input_names_the_field_and_never_the_value(api, body, caplog, capsys):
    answer = api.post("services/1/create", body)
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "input_invalid"
    assert problem["field"]
    assert problem["detail"].startswith(problem["field"])
    assert problem["errors"][0]["fix"]
    shown = answer.content.decode() + caplog.text + "".join(capsys.readouterr())
    assert SECRET not in shown
    assert "pydantic" not in answer.content.decode()


@pytest.mark.parametrize(
    ("body", "field", "fix"),
    [
        ({}, "handle", "is missing; add it."),
        ({"handle": "a" * 301}, "handle", "is too long; use at most 300 characters."),
        (
            {"handle": "a", "plan": {"quota_gb": [1]}},
            "plan.quota_gb",
            "must be text, a number, true, false or null.",
        ),
        (
            {"handle": "a", "plan": {str(n): "" for n in range(101)}},
            "plan",
            "has too many entries; use at most 100.",
        ),
        (
            {"handle": "a", "options": {"x": "y" * 2001}},
            "options.x",
            "is too long; use at most 2000 characters.",
        ),
        ({"handle": "a", "server": 7}, "server", "must be an object."),
        ({"handle": "a\0"}, "handle", "contains a NUL character; remove it."),
        (
            {"handle": "a", "plan": {"x": "a\0"}},
            "plan.x",
            "contains a NUL character; remove it.",
        ),
        (
            {"handle": "a", "actor": {"kind": "robot"}},
            "actor.kind",
            "is none of the allowed words; use 'client', 'staff' or 'automation'.",
        ),
    ],
)
def test_each_fault_has_its_fix(api, body, field, fix):
    problem = api.post("services/1/create", body).json()
    assert problem["errors"] == [{"field": field, "fix": fix}]
    assert problem["detail"] == f"{field}: {fix}"


@pytest.mark.parametrize("ref", ["a b", "x" * 65, "ä", "%00", "a@b"])
def test_a_ref_is_short_and_plain(api, ref):
    answer = api.post(f"services/{ref}/overview", api.context())
    assert (answer.status_code, answer.json()["field"]) == (422, "ref")


@pytest.mark.parametrize(
    "path", ["", "nope", "services/1", "services/1/nope", "services//create", "docs/x"]
)
@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_unknown_paths_are_json(api, path, method):
    answer = getattr(api.client, method)(f"/api/v1/{path}")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "path_unknown"


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head", "options"])
def test_other_methods_are_405_and_say_what_is_allowed(api, method):
    answer = getattr(api.client, method)("/api/v1/pending")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert method == "head" or answer.json()["code"] == "method_not_allowed"


def test_an_exception_is_500_without_details_and_logged(api, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise RuntimeError("boom at the core")

    monkeypatch.setattr(provisioning, "suspend", fail)
    answer = api.post("services/1/suspend", api.context(), **{"x-request-id": "r-1"})
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal_error"
    assert answer.json()["request_id"] == "r-1"
    assert "boom" not in answer.content.decode()
    assert "boom at the core" in caplog.text


# --- languages


@pytest.fixture
def german(monkeypatch):
    """A German catalogue with one good and one damaged sentence."""
    catalogue: Any = trans_real.translation("de")
    good = SENTENCES["service_unknown"]
    damaged = SENTENCES["domain_not_allowed"]
    monkeypatch.setitem(catalogue._catalog._catalogs[0], good, "Kein Postfach.")
    monkeypatch.setitem(catalogue._catalog._catalogs[0], damaged, "Nicht {domian}!")
    return catalogue


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.1", "de"),
        ("xx,de;q=0.5", "de"),
        ("en", "en"),
        ("zz", "en"),
        ("", "en"),
        (";;;q=,,", "en"),
        ("de" * 5000, "en"),
    ],
)
def test_the_sentence_comes_in_the_callers_language(api, german, header, language):
    answer = api.post(
        "services/1/overview", api.context(), **{"accept-language": header}
    )
    assert answer["Content-Language"] == language
    expected = {"de": "Kein Postfach.", "en": SENTENCES["service_unknown"]}
    assert answer.json()["detail"] == expected[language]
    assert translation.get_language() == "en"


@pytest.mark.parametrize(
    ("language", "missing", "unknown"),
    [
        ("en", "Send the API key", "must be"),
        ("de", "Senden Sie den API-Schlüssel", "muss"),
        ("fr", "Envoyez la clé d\N{RIGHT SINGLE QUOTATION MARK}API", "doit"),
        ("es", "Envíe la clave de API", "debe"),
        ("pt-br", "Envie a chave de API", "deve"),
        ("id", "Kirim kunci API", "harus"),
    ],
)
def test_the_door_speaks_six_languages(api, client, language, missing, unknown):
    wish = {"accept-language": language}
    answer = client.post("/api/v1/services/1/overview", headers=wish)
    assert answer["Content-Language"] == language
    assert answer.json()["detail"].startswith(missing)
    wrong = {**wish, "x-deadline-ms": "soon"}
    fault = api.post("services/1/overview", api.context(), **wrong).json()
    assert f"X-Deadline-Ms {unknown} " in fault["detail"]


def test_a_choice_of_words_is_joined_in_the_callers_language(api):
    body = api.context() | {"actor": {"kind": "robot"}}
    answer = api.post("services/1/overview", body, **{"accept-language": "de"})
    assert answer.json()["errors"][0]["fix"].endswith(
        "benutzen Sie 'client', 'staff' oder 'automation'."
    )


def test_a_damaged_translation_does_not_hide_the_sentence(german):
    with translation.override("de"):
        said = wording.say(SENTENCES["domain_not_allowed"], {"domain": "house.test"})
    assert said.startswith("Domain not allowed: house.test")


# --- bodies that are none


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Bad gateway</body></html>",
        b'{"handle": "anna"',
        b"\xff\xfe\x00",
        b"{'handle': 1}",
        b'{"handle": NaN}',
        b'{"handle": Infinity}',
        b"[" * 100_000,
        b'{"handle": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_not_json_is_400(api, body, all_calls):
    for path in all_calls:
        answer = api.raw(path.replace("{ref}", "1"), body)
        if path == "pending":
            continue  # takes no body, and reads none
        assert answer.status_code == 400, path
        assert answer.json()["code"] == "body_unreadable"


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"1", b'"x"', b"[1]", b"true"])
def test_bodies_without_an_object_are_never_a_500(api, body, all_calls):
    for path in all_calls:
        answer = api.raw(path.replace("{ref}", "1"), body)
        assert answer.status_code < 500, (path, answer.content)
        json.loads(answer.content)


def test_a_body_that_is_too_large_is_413(api):
    answer = api.raw("services/1/create", b'{"handle": "' + b"a" * 300_000 + b'"}')
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_a_host_name_that_is_not_ours_is_400(api):
    answer = api.client.post("/api/v1/pending", headers={"host": "evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (400, "request_malformed")


def test_every_status_of_the_door_has_its_sentence():
    for code, (status, sentence) in DOOR.items():
        assert 400 <= status <= 500, code
        assert sentence.strip().endswith((".", "}")), code
