"""The account on the way: the hold and the choice survive it; forms are ours alone."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from django.core import mail
from django.test import Client

from housemail import urls
from housemail.sales.models import Order
from tests.sales.conftest import claim
from tests.shop.conftest import CHOICE, PASSWORD, form_key, words

pytestmark = pytest.mark.django_db
OPTIONS = {"account_type": "Enhanced", "quota_gb": "50"}


def test_the_hold_follows_through_signing_up(client, store, choose, send):
    answer = choose()
    data = {"email": "new@example.com", "password1": PASSWORD}
    there = answer["Location"].partition("next=")[2]
    after = client.post("/account/signup/", {**data, "next": unquote(there)})
    page = client.get(after["Location"])
    assert "Held for you until" in words(page)
    assert send().status_code == 302
    assert Order.objects.get().customer.email == "new@example.com"


def test_the_hold_is_said_until_somebody_is_signed_in(client, store, choose, clock):
    there = choose()["Location"]
    said = "anna@thexyz.com is held for you until"
    assert said in words(client.get(there))
    weak = {"email": "new@example.com", "password1": "short"}
    assert said in words(client.post("/account/signup/", weak))
    assert said in words(client.get("/account/login/"))
    good = {"email": "new@example.com", "password1": PASSWORD}
    after = client.post(
        "/account/signup/", {**good, "next": unquote(there.partition("next=")[2])}
    )
    page = words(client.get(after["Location"], follow=True))
    assert said not in page
    # What one came for comes first: one sentence, no second box about an e-mail.
    assert "Successfully signed in as new@example.com." in page
    assert "e-mail to" not in page
    assert "Confirmation email" not in page


def test_the_hold_is_not_said_when_it_is_over(client, store, choose, clock):
    there = choose()["Location"]
    clock.advance(16 * 60)
    assert "is held for you" not in words(client.get(there))


def test_the_hold_follows_through_confirming_the_address(
    client, store, choose, send, settings
):
    # allauth reads its settings once, when its URL table is made: not from here.
    assert urls.urlpatterns
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
    there = unquote(choose()["Location"].partition("next=")[2])
    form = {"email": "new@example.com", "password1": PASSWORD, "next": there}
    client.post("/account/signup/", form)
    code = re.search(
        r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", str(mail.outbox[0].body), re.MULTILINE
    )
    assert code is not None
    after = client.post("/account/confirm-email/", {"code": code[0]})
    assert after["Location"] == there
    assert "Held for you until" in words(client.get(there))


def test_what_is_typed_is_shown_as_text(client, store, anna):
    evil = '"><script>alert(1)</script>'
    for path in ("/", "/order/"):
        page = client.get(path, {**CHOICE, "handle": evil, "domain": evil})
        assert "<script>alert" not in page.content.decode()
    for path in ("/", "/order/place/", "/order/hold/"):
        page = client.post(path, {**CHOICE, "handle": evil, "domain": evil})
        assert page.status_code == 422
        assert "<script>alert" not in page.content.decode()


def test_an_expired_session_signs_in_and_keeps_the_choice(
    client, store, anna, choose, send
):
    choose()
    key = form_key(client)
    client.post("/account/logout/")
    for path, method in (
        ("/order/place/", client.post),
        ("/order/hold/", client.post),
        ("/order/", client.get),
    ):
        answer = method(path, {"key": key, **CHOICE, **OPTIONS})
        assert answer["Location"].startswith("/account/login/?next=/order/%3F")
    assert not Order.objects.exists()
    client.get("/account/login/")  # shows the sentences of the posts before
    client.post("/order/place/", {"key": key, **CHOICE, **OPTIONS})
    sign_in = client.get(client.get("/order/", {**CHOICE, **OPTIONS})["Location"])
    assert words(sign_in).count("You are not signed in any more.") == 1
    wished = re.search(r'name="next" value="([^"]+)"', sign_in.content.decode())
    assert wished is not None
    after = client.post(
        "/account/login/",
        {
            "login": anna.email,
            "password": PASSWORD,
            "next": wished[1].replace("&amp;", "&"),
        },
    )
    page = client.get(after["Location"])
    assert "Held for you until" in words(page)
    assert re.search(r'value="Enhanced"\s+selected', page.content.decode())
    assert send().status_code == 302


def test_a_form_without_our_mark_changes_nothing(store, anna, choose):
    strict = Client(enforce_csrf_checks=True)
    for path in ("/", "/order/place/", "/order/hold/"):
        answer = strict.post(path, CHOICE)
        assert answer.status_code == 403
        assert "Nothing was changed" in words(answer)
    assert claim("anna") is None


def test_a_get_of_what_changes_something_shows_the_review(client, store, anna):
    for path in ("/order/place/", "/order/hold/"):
        answer = client.get(path, {"key": "k", **CHOICE})
        assert answer["Location"].startswith("/order/?handle=anna&")
    assert not Order.objects.exists()
    assert claim("anna") is None
