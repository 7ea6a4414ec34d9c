"""What every answer carries, and the pages that tell whether we live."""

from __future__ import annotations

import importlib
import re

import pytest
from django.db import DatabaseError, connection


@pytest.mark.parametrize(
    "path", ["/healthz", "/api/v1/docs", "/api/v1/openapi.json", "/nope"]
)
def test_every_answer_carries_the_security_headers(api, path):
    answer = api.client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["X-Frame-Options"] == "DENY"


def test_the_documentation_page_needs_nobody_elses_files_and_no_inline_script(api):
    page = api.client.get("/api/v1/docs").content.decode()
    sources = re.findall(r"""(?:src|href)=["']([^"']+)""", page)
    assert sources
    assert all(source.startswith("/static/") for source in sources)
    # JSON in a script element is data, not script: the policy lets it be.
    inline = re.findall(r"<script(?![^>]*\bsrc=)([^>]*)>", page)
    assert all('type="application/json"' in attributes for attributes in inline)
    assert "<style" not in page


def test_the_process_lives_and_works(api):
    assert api.client.get("/healthz").json() == {"ok": True}
    assert api.client.get("/readyz").json() == {"ok": True}
    assert "no-store" in api.client.get("/readyz")["Cache-Control"]
    assert api.client.post("/healthz").status_code == 405


def test_without_a_database_it_lives_and_is_not_ready(api, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("password=hunter2")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", fail)
        assert api.client.get("/healthz").status_code == 200
        answer = api.client.get("/readyz")
    assert answer.status_code == 503
    assert "hunter2" not in answer.content.decode()


def test_the_wsgi_application_is_made_with_logging(monkeypatch):
    configured = []
    monkeypatch.setattr("housemail.logs.configure", lambda: configured.append(True))
    wsgi = importlib.import_module("housemail.wsgi")
    assert configured
    assert callable(wsgi.application)
