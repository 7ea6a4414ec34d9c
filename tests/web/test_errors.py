"""Error pages: our look for people, problems for programs, no database for either."""

from __future__ import annotations

import html
import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from housemail import urls
from housemail.people.enrol import enrol
from housemail.web import errors

RAISED: dict[str, Exception] = {
    "malformed": SuspiciousOperation("x"),
    "forbidden": PermissionDenied("x"),
    "broken": RuntimeError("the password is hunter2"),
}


def broken(request: HttpRequest, kind: str) -> HttpResponse:
    raise RAISED[kind]


urlpatterns = [
    path("raise/<kind>", broken),
    path("api/raise/<kind>", broken),
    path("", include("housemail.urls")),
]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def visitor(client: Client):
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=__name__):
        yield client


@pytest.mark.parametrize(
    ("kind", "status"), [("malformed", 400), ("forbidden", 403), ("broken", 500)]
)
def test_people_read_a_page_and_programs_a_problem(visitor, kind, status):
    page = visitor.get(f"/raise/{kind}")
    assert page.status_code == status
    assert page["Content-Type"].startswith("text/html")
    assert page["X-Request-ID"] in page.content.decode()
    assert "hunter2" not in page.content.decode()
    problem = visitor.get(f"/api/raise/{kind}")
    assert problem.status_code == status
    assert problem["Content-Type"] == "application/problem+json"
    assert problem.json()["status"] == status


def test_an_unknown_address_is_a_page_or_a_problem(visitor):
    assert b"There is nothing here" in visitor.get("/nowhere").content
    assert visitor.get("/api/v1/nowhere").json()["code"] == "path_unknown"


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("mailto:help@house.test", 'href="mailto:help@house.test">help@house.test</a>'),
        ("", "The number of this request:"),
    ],
)
def test_an_error_page_asks_to_write_only_where_there_is_somebody(
    visitor, settings, contact, said
):
    settings.HOUSEMAIL_CONTACT = contact
    text = visitor.get("/nowhere").content.decode()
    assert said in text
    assert ("write to us" in text) is bool(contact)


@pytest.mark.django_db
def test_who_may_not_see_a_page_can_sign_in_as_somebody_else(visitor):
    visitor.force_login(enrol("anna@example.com", "correct horse 7 battery"))
    page = visitor.get("/raise/forbidden?a=1").content.decode()
    found = re.search(r'href="([^"]+)">Sign in as somebody else<', page)
    assert found is not None
    asked = visitor.get(html.unescape(found[1])).content.decode()
    onward = re.search(r'name="next" value="([^"]+)"', asked)
    assert onward is not None
    left = visitor.post("/account/logout/", {"next": html.unescape(onward[1])})
    assert left["Location"] == "/account/login/?next=%2Fraise%2Fforbidden%3Fa%3D1"
    assert "somebody else" not in visitor.get("/nowhere").content.decode()


def test_a_stranger_costs_no_query(visitor, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        for address in ("/nowhere", "/raise/forbidden", "/raise/broken"):
            visitor.get(address)


def test_a_form_without_its_mark_is_told_what_to_do(settings):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/account/login/", {"login": "a", "password": "b"})
    assert answer.status_code == 403
    assert b"This form is too old" in answer.content


def test_pages_speak_the_browsers_language(visitor):
    answer = visitor.get("/nowhere", headers={"Accept-Language": "de-AT,de;q=0.9"})
    assert b'<html lang="de"' in answer.content
    assert answer["Content-Language"] == "de"
    assert "Accept-Language" in answer["Vary"]


def test_who_asks_too_often_reads_a_page(rf):
    answer = errors.too_many_requests(rf.get("/"))
    assert answer.status_code == 429
    assert b"That was too often" in answer.content


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "There is nothing here"),
        ("de", "Hier gibt es nichts"),
        ("fr", "Il n\N{RIGHT SINGLE QUOTATION MARK}y a rien ici"),
        ("es", "Aquí no hay nada"),
        ("pt-br", "Não há nada aqui"),
        ("id", "Tidak ada apa pun di sini"),
    ],
)
def test_an_error_page_speaks_six_languages(client, language, title):
    answer = client.get("/nowhere", headers={"accept-language": language})
    page = answer.content.decode()
    assert title in page
    assert f'<html lang="{language}"' in page
    assert answer["Content-Language"] == language
