"""Language and theme: who chose what, where it is kept, and where one lands."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client

from housemail.people.models import User
from housemail.web.preferences import THEME_COOKIE

LANGUAGE_COOKIE = "housemail_language"


def language_of(client: Client, **headers: str) -> str:
    return client.get("/nowhere", headers=headers)["Content-Language"]


def test_the_browser_is_asked_first(client):
    assert language_of(client) == "en"
    assert language_of(client, accept_language="pt-BR,pt;q=0.8") == "pt-br"
    assert language_of(client, accept_language="xx") == "en"


def test_a_choice_outweighs_the_browser(client):
    client.post("/language/", {"language": "fr"})
    assert language_of(client, accept_language="de") == "fr"


def test_each_language_is_offered_in_its_own_words(client):
    for language in ("en", "de", "id"):
        page = client.get("/account/login/", headers={"accept-language": language})
        text = page.content.decode()
        for code, name in settings.LANGUAGES:
            assert re.search(rf'<option value="{code}"[^>]*>{re.escape(name)}<', text)


def test_the_profile_outweighs_all(client, db):
    user = User.objects.create_user("anna@example.com", language="id")
    client.force_login(user)
    client.cookies[LANGUAGE_COOKIE] = "fr"
    assert language_of(client, accept_language="de") == "id"


def test_a_choice_of_somebody_signed_in_is_kept_in_the_profile(client, db):
    user = User.objects.create_user("anna@example.com", language="de")
    client.force_login(user)
    client.post("/language/", {"language": "es"})
    user.refresh_from_db()
    assert user.language == "es"
    assert language_of(client) == "es"


def test_no_other_language_is_kept(client):
    answer = client.post("/language/", {"language": "tlh"})
    assert LANGUAGE_COOKIE not in answer.cookies


def test_preference_cookies_are_closed(client):
    answer = client.post("/language/", {"language": "es"})
    cookie = answer.cookies[LANGUAGE_COOKIE]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_is_kept_and_shown(client, theme):
    client.post("/theme/", {"theme": theme})
    page = client.get("/nowhere").content.decode()
    assert f'data-bs-theme="{theme}"' in page


def test_what_the_system_prefers_forgets_the_choice(client):
    client.post("/theme/", {"theme": "dark"})
    answer = client.post("/theme/", {"theme": ""})
    assert answer.cookies[THEME_COOKIE]["max-age"] == 0
    assert "data-bs-theme" not in client.get("/nowhere").content.decode()


def test_a_made_up_cookie_is_not_repeated(client):
    client.cookies[THEME_COOKIE] = '"><script>'
    assert "<script>" not in client.get("/nowhere").content.decode()


@pytest.mark.parametrize("path", ["/language/", "/theme/"])
@pytest.mark.parametrize(
    ("wished", "landed"),
    [
        ("/account/?a=b", "/account/?a=b"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_one_lands_only_on_our_pages(client, path, wished, landed):
    assert client.post(path, {"next": wished})["Location"] == landed
    assert client.get(path).status_code == 405


def test_the_api_is_left_alone(client):
    assert "Cookie" not in client.get("/api/v1/openapi.json").get("Vary", "")


def test_a_page_says_where_to_write(client, settings):
    link = b'<a href="mailto:help@example.com">help@example.com</a>'
    assert link not in client.get("/account/login/").content
    settings.HOUSEMAIL_CONTACT = "mailto:help@example.com"
    assert link in client.get("/account/login/").content
