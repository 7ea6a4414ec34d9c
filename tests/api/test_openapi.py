"""The OpenAPI document: complete, and true under generated requests."""

from __future__ import annotations

import json

import hypothesis
import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from housemail.api.door import api as door

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


def calls():
    """Every call of the document."""
    return sorted(door.get_openapi_schema(path_prefix="/api/v1/")["paths"])


@pytest.fixture
def document():
    """The document as schemathesis reads it, over WSGI and without a socket."""
    schema = door.get_openapi_schema(path_prefix="/api/v1/")
    loaded = schemathesis.openapi.from_dict(json.loads(json.dumps(schema)))
    loaded.app = get_wsgi_application()
    # As Django's own test client does: the connection is the test's transaction.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield loaded
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("path", calls())
def test_generated_requests_get_documented_answers(api, document, settings, path):
    settings.ALLOWED_HOSTS = ["*"]
    headers = {"Authorization": f"Bearer {api.key}", "Host": "localhost"}

    @hypothesis.settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=document[path]["POST"].as_strategy())
    def run(case):
        cache.clear()
        case.call_and_validate(headers=headers, checks=CHECKS)

    run()


def test_the_document_names_headers_problems_and_security():
    schema = door.get_openapi_schema(path_prefix="/api/v1/")
    for path, methods in json.loads(json.dumps(schema))["paths"].items():
        call = methods["post"]
        names = {parameter["name"] for parameter in call["parameters"]}
        assert {"X-Request-ID", "X-Deadline-Ms", "Accept-Language"} <= names, path
        assert call["security"] == [{"ApiKeyBearer": []}]
        for status, answer in call["responses"].items():
            kind = "problem+json" if int(status) >= 400 else "json"
            assert list(answer["content"]) == [f"application/{kind}"], path
            assert "X-Request-ID" in answer["headers"]
        assert {"401", "403", "404", "409", "422", "429", "503"} <= set(
            call["responses"]
        )


def test_the_document_is_made_once(api):
    first = api.client.get("/api/v1/openapi.json")
    assert first.status_code == 200
    assert first.json()["openapi"].startswith("3.1")
    assert door.get_openapi_schema() is door.get_openapi_schema()


def test_secrets_are_marked_in_the_document():
    schemas = door.get_openapi_schema()["components"]["schemas"]
    assert schemas["PasswordIn"]["properties"]["password"]["writeOnly"] is True
    assert schemas["ServerIn"]["properties"]["password"]["writeOnly"] is True


def test_each_call_says_in_a_sentence_what_it_does(api):
    document = api.client.get("/api/v1/openapi.json").json()
    said = [
        operation["summary"]
        for methods in document["paths"].values()
        for operation in methods.values()
    ]
    assert len(set(said)) == len(said)
    assert "Compare our record with the platform; changes nothing" in said
    assert all(len(words.split()) > 2 for words in said), said
