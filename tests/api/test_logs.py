"""Logs: one JSON object a line, the same for all, and no secret in any of them."""

from __future__ import annotations

import base64
import io
import json
import logging
import sys
from typing import Any

import pytest
import structlog

from housemail import logs
from tests.api.conftest import PASSWORD


@pytest.fixture
def lines(monkeypatch):
    """Everything logged since, as objects; logging is put back afterwards."""
    root = logging.getLogger()
    level = root.level
    written = io.StringIO()
    monkeypatch.setattr(sys, "stderr", written)
    logs.configure("INFO")

    def read():
        return [json.loads(line) for line in written.getvalue().splitlines()]

    yield read
    root.handlers = [found for found in root.handlers if found.name != "housemail"]
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(
    "key",
    [
        "password",
        "PASSWORD",
        "new_passwd",
        "client_secret",
        "token",
        "otp",
        "Authorization",
        "api_key",
        "apikey",
        "fields",
        "pass",
        "smtp_pass",
        "pwd",
        "passphrase",
        "Set-Cookie",
    ],
)
def test_secrets_are_redacted_by_name_at_any_depth(key):
    value: dict[str, Any] = {"a": [{"b": ({key: "hunter2"},)}], "plain": "stays"}
    clean = logs.redact(value)
    assert "hunter2" not in str(clean)
    assert "stays" in str(clean)
    assert value["a"][0]["b"][0][key] == "hunter2"


@pytest.mark.parametrize("pair", [("X-Token", "hunter2"), ["Cookie", "hunter2"]])
def test_a_key_and_its_value_listed_as_a_pair_are_redacted(pair):
    assert logs.redact([("Accept", "all"), pair]) == [
        ("Accept", "all"),
        type(pair)((pair[0], logs.HIDDEN)),
    ]


@pytest.mark.parametrize(
    "harmless",
    [
        {"bypass": 1, "passed": 2, "passes": 3, "compass": 4},
        ["The token was refused.", "hunter2"],
        ["token", "hunter2", "three"],
        [1, 2],
        "1|Basic and basic settings, Basic account types",
    ],
)
def test_what_only_sounds_like_a_secret_stays(harmless):
    assert logs.redact(harmless) == harmless


def test_a_basic_header_is_redacted_wherever_it_stands():
    header = base64.b64encode(b"admin:hunter2?").decode()
    assert logs.redact(f"sent Basic {header}, got 401") == (
        "sent Basic [redacted], got 401"
    )


def test_what_is_endless_is_redacted_whole():
    value: dict[str, object] = {}
    value["again"] = value
    assert logs.HIDDEN in str(logs.redact(value))


def test_our_keys_and_bearer_headers_are_redacted_in_texts():
    text = "got Bearer abc.def and hm_0123456789ab_c-d_e end"
    assert logs.redact(text) == "got Bearer [redacted] and [redacted] end"


def test_structlog_and_the_standard_library_write_the_same_lines(lines):
    structlog.get_logger("one").info("hello", password="hunter2", count=2)
    logging.getLogger("two").warning("shown %s", {"token": "hunter2", "n": 1})
    logging.getLogger("three").warning("%(otp)s and %(n)s", {"otp": "1234", "n": 1})
    first, second, third = lines()
    assert (first["event"], first["count"], first["password"]) == (
        "hello",
        2,
        logs.HIDDEN,
    )
    assert (second["logger"], second["level"]) == ("two", "warning")
    assert "hunter2" not in second["event"]
    assert third["event"] == "[redacted] and 1"
    assert all(line["timestamp"] for line in (first, second, third))


def test_an_exception_is_one_line_with_its_traceback(lines):
    try:
        int("boom hm_0123456789ab_secret")
    except ValueError:
        logging.getLogger("one").exception("failed")
    (line,) = lines()
    assert "ValueError" in line["exception"]
    assert "boom [redacted]" in line["exception"]


def test_a_request_is_one_line_with_its_id_and_without_its_body(live, lines):
    live.create(domain="thexyz.com", actor={"kind": "staff"})
    found = [line for line in lines() if line["event"] == "request"]
    (line,) = found
    assert line["path"] == "/api/v1/services/1/create"
    assert (line["status"], line["method"]) == (200, "POST")
    assert len(line["request_id"]) == 32


def test_no_secret_of_a_request_is_logged(live, lines, emulator):
    for path in ("create", "password", "suspend", "nope"):
        body = live.context(handle="anna", domain="thexyz.com", password=PASSWORD)
        live.post(f"services/1/{path}", body)
    text = json.dumps(lines())
    for secret in (PASSWORD, live.key, emulator.password):
        assert secret not in text
