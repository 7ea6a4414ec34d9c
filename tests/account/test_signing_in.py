"""Sign-up, sign-in, reset: what is throttled, and what strangers learn."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from housemail import urls
from housemail.people.enrol import enrol
from housemail.people.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse 7 battery"
CONFIRMED = {
    "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
    "ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED": True,
}


@pytest.fixture
def anna() -> User:
    return enrol("anna@example.com", PASSWORD)


@pytest.fixture
def confirming(settings) -> None:
    """A house that can send e-mails."""
    # allauth decides by its settings which routes there are when they are first read.
    assert urls.urlpatterns
    for name, value in CONFIRMED.items():
        setattr(settings, name, value)


def sign_in(client, email="anna@example.com", password=PASSWORD, **more):
    return client.post(
        "/account/login/", {"login": email, "password": password, **more}
    )


def sign_up(client, email, **headers):
    data = {"email": email, "password1": PASSWORD}
    return client.post("/account/signup/", data, headers=headers)


def test_case_of_the_address_does_not_matter(client, anna):
    assert sign_in(client, " ANNA@Example.com")["Location"] == "/mailboxes/"


def test_passwords_are_kept_by_argon2(settings):
    settings.PASSWORD_HASHERS = settings.HASHERS_IN_EARNEST
    assert make_password("anything").startswith("argon2$argon2id$")


def test_a_wrong_password_and_an_unknown_address_read_the_same(client, anna):
    wrong = sign_in(client, password="not this one 1")
    unknown = sign_in(client, "nobody@example.com")
    sentences = [
        re.findall(r'role="alert".*?</div>', answer.content.decode(), re.DOTALL)
        for answer in (wrong, unknown)
    ]
    assert sentences[0] == sentences[1] != []


def test_guessing_is_throttled_per_address(client, anna):
    for _ in range(5):
        sign_in(client, password="not this one 1")
    refused = sign_in(client)
    assert refused.status_code == 200
    assert b"Too many failed" in refused.content


def test_guessing_is_counted_by_the_caller_that_a_trusted_proxy_names(
    client, anna, settings
):
    settings.HOUSEMAIL_TRUSTED_PROXIES = ["127.0.0.1"]
    for number in range(30):
        forged = f"203.0.113.{number}, 198.51.100.7"
        answer = client.get("/account/login/", headers={"X-Forwarded-For": forged})
        assert answer.status_code == 200
        client.post(
            "/account/login/",
            {"login": f"a{number}@example.com", "password": "x"},
            headers={"X-Forwarded-For": forged},
        )
    data = {"login": "anna@example.com", "password": PASSWORD}
    here = {"X-Forwarded-For": "198.51.100.7"}
    elsewhere = {"X-Forwarded-For": "198.51.100.8"}
    assert client.post("/account/login/", data, headers=here).status_code == 429
    assert client.post("/account/login/", data, headers=elsewhere).status_code == 302


def test_too_many_attempts_are_a_page_of_ours(client):
    for number in range(20):
        sign_up(client, f"a{number}@example.com")
        client.post("/account/logout/")
    answer = sign_up(client, "one-more@example.com")
    assert answer.status_code == 429
    assert b"That was too often" in answer.content


def test_who_signs_up_keeps_the_language_it_was_done_in(client):
    sign_up(client, "Anna@Example.com", accept_language="de")
    assert User.objects.get().language == "de"
    assert User.objects.get().email == "anna@example.com"


def test_a_house_that_cannot_send_lets_a_new_customer_in_at_once(client):
    assert sign_up(client, "anna@example.com")["Location"] == "/mailboxes/"
    assert not EmailAddress.objects.get().verified


def test_a_house_that_can_send_asks_for_a_code_first(client, confirming):
    sign_up(client, "anna@example.com")
    assert client.get("/account/").status_code == 302
    code = re.search(
        r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", str(mail.outbox[0].body), re.MULTILINE
    )
    assert code is not None
    client.post("/account/confirm-email/", {"code": code[0]})
    assert EmailAddress.objects.get().verified
    assert client.get("/account/").status_code == 200


def test_signing_up_does_not_tell_who_has_an_account(client, anna, confirming):
    known = sign_up(client, "anna@example.com")
    client.cookies.clear()
    unknown = sign_up(client, "new@example.com")
    assert known.status_code == unknown.status_code == 302
    assert known["Location"] == unknown["Location"]
    assert [message.to for message in mail.outbox] == [
        ["anna@example.com"],
        ["new@example.com"],
    ]


def test_a_reset_does_not_tell_who_has_an_account(client, anna):
    pages = []
    for email in ("anna@example.com", "nobody@example.com"):
        answer = client.post("/account/password/reset/", {"email": email}, follow=True)
        pages.append(
            re.sub(r"[0-9a-f]{32}|value=\"\w{64}\"", "", answer.content.decode())
        )
    assert pages[0] == pages[1]
    assert len(mail.outbox) == 2


def test_a_reset_link_works_once(client, anna):
    client.post("/account/password/reset/", {"email": "anna@example.com"})
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert link is not None
    form = client.get(link[1], follow=True)
    new = "another horse 8 stable"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert sign_in(client, password=new)["Location"] == "/mailboxes/"
    client.post("/account/logout/")
    assert b"password1" not in client.get(link[1], follow=True).content


def test_a_mail_server_that_is_down_breaks_no_page(client, anna, monkeypatch, caplog):
    def fail(*args):
        raise ConnectionRefusedError("no route")

    monkeypatch.setattr(EmailBackend, "send_messages", fail)
    for email in ("anna@example.com", "nobody@example.com"):
        answer = client.post("/account/password/reset/", {"email": email}, follow=True)
        assert b"We could not send the e-mail just now" in answer.content
    assert "anna@example.com" not in caplog.text


def test_mails_say_that_no_person_wrote_them(client, anna):
    client.post("/account/password/reset/", {"email": "anna@example.com"})
    message = mail.outbox[0]
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "Housemail" in message.body
    assert "testserver" not in message.subject


def test_a_mail_is_written_in_the_language_of_its_reader(client, anna):
    """Whoever asked for it: somebody else may have, or another browser."""
    anna.language = "de"
    anna.save()
    asked = {"email": "anna@example.com"}
    french = {"accept-language": "fr"}
    client.post("/account/password/reset/", asked, headers=french)
    client.post("/account/password/reset/", {"email": "b@x.test"}, headers=french)
    assert str(mail.outbox[0].body).startswith("Guten Tag,")
    assert str(mail.outbox[1].body).startswith("Bonjour,")


def test_signing_in_leads_only_to_our_pages(client, anna):
    assert sign_in(client, next="https://evil.example/")["Location"] == "/mailboxes/"


def test_an_account_that_is_closed_cannot_be_signed_in_to(client, anna):
    User.objects.update(is_active=False)
    sign_in(client)
    assert client.get("/account/").status_code == 302


def test_signing_out_needs_a_form(client, anna):
    sign_in(client)
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/account/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/account/").status_code == 302
