"""The link of the e-mail: out of the address bar at once, once, and in no log."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from housemail.sales import first_password, sending
from housemail.sales.models import OutgoingMail
from tests.shop.conftest import words

pytestmark = pytest.mark.django_db
PAGE = "/mailboxes/first-password/"
GOOD = {"password": "Better-Pass_123", "again": "Better-Pass_123"}


@pytest.fixture
def link(store) -> str:
    """The link as the e-mail of a mailbox that is ready carries it."""
    store.sells("order")
    order = store.order()
    mail = OutgoingMail.objects.get(order=order, kind="mailbox_ready")
    found = re.search(
        r"https?://[^/\s]+(/mailboxes/first-password/\S+)",
        str(sending.written(mail).body),
    )
    assert found is not None
    return found[1]


def test_the_link_sets_the_password_without_signing_in(client, store, link):
    answer = client.get(link)
    assert answer["Location"] == PAGE
    page = client.get(PAGE)
    assert "anna@thexyz.com" in words(page)
    assert "no-store" in page["Cache-Control"]
    assert client.post(PAGE, GOOD).status_code == 302
    assert store.mailboxes["anna"].password == GOOD["password"]
    for again in (client, Client()):
        again.get(link)
        used = again.get(PAGE)
        assert used.status_code == 409
        assert "used before, is too old, or its mailbox has ended" in words(used)
        assert again.post(PAGE, GOOD).status_code == 409


def test_looking_uses_nothing_up(client, store, link):
    for _ in range(3):
        Client().get(link)
    client.get(link)
    refused = client.post(PAGE, {"password": "short", "again": "short"})
    assert "at least 10 characters" in words(refused)
    assert client.post(PAGE, GOOD).status_code == 302


def test_what_is_no_link_is_a_sentence(client, store):
    for path in (PAGE, f"{PAGE}nonsense/", f"{PAGE}{'x' * 500}/"):
        page = client.get(path, follow=True)
        assert page.status_code == 404
        assert "This link is not complete" in words(page)
        assert b'type="password"' not in page.content


def test_the_token_and_the_password_are_in_no_log(client, store, link, caplog, capfd):
    client.get(link)
    client.post(PAGE, GOOD)
    written = caplog.text + "".join(capfd.readouterr())
    assert link.split("/")[3] not in written
    assert GOOD["password"] not in written
    assert "/mailboxes/first-password/<token>/" in written


def test_a_changed_token_opens_nothing(client, store, link):
    token = link.split("/")[3]
    client.get(f"{PAGE}{token[:-2]}xx/")
    assert client.get(PAGE).status_code == 404
    assert first_password.service_of(token).address == "anna@thexyz.com"
