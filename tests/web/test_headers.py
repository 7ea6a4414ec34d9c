"""The policy of pages: strict everywhere, wider only where Unfold needs it."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from housemail.web import headers


def test_only_the_console_may_evaluate(client, db):
    for path in ("/nowhere", "/account/login/", "/api/v1/docs", "/consoles/"):
        assert "unsafe" not in client.get(path)[headers.CSP], path
    policy = client.get("/console/login/")[headers.CSP]
    assert "script-src 'self' 'unsafe-eval'" in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]


def test_one_page_may_lead_its_forms_elsewhere():
    response = HttpResponse()
    headers.allow_forms_to(response, ["*.example.com", "mail.example.org"])
    policy = response[headers.CSP]
    assert (
        "form-action 'self' https://*.example.com https://mail.example.org;" in policy
    )
    assert "default-src 'self'" in policy


def test_a_host_may_say_how_it_is_reached():
    response = HttpResponse()
    headers.allow_forms_to(response, ["http://127.0.0.1:8001"])
    assert "form-action 'self' http://127.0.0.1:8001;" in response[headers.CSP]


@pytest.mark.parametrize("path", ["/account/login/", "/nowhere"])
def test_no_proxy_keeps_a_page(client, db, path):
    cache = client.get(path)["Cache-Control"]
    assert "private" in cache
    assert "no-cache" in cache


@pytest.mark.parametrize("path", ["/account/login/", "/account/signup/", "/nowhere"])
def test_no_page_has_inline_script_or_style(client, db, path):
    text = client.get(path).content.decode()
    assert " style=" not in text
    assert "<style" not in text
    assert all(" src=" in tag for tag in text.split("<script")[1:])
    assert " on" + "click=" not in text
