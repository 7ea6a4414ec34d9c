"""Every e-mail about an account: whose house it is, to whom, and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import allauth
import polib
import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.core import mail
from django.test import RequestFactory
from django.utils import timezone

from housemail.account.reworded import REWORDED
from housemail.people.enrol import enrol

ALLAUTH = Path(allauth.__file__).parent
# Of ways to sign in that the house does not offer.
NOT_OFFERED = {
    "account/email/login_code",
    "account/email/password_reset_code",
    "mfa/email/webauthn_added",
    "mfa/email/webauthn_removed",
}
# allauth shows the text of the message before; sent by nothing.
SAME_AS_ANOTHER = {"account/email/email_confirmation_signup"}
NEVER_SENT = {"account/email/email_confirm"}


def kinds(root: Path) -> set[str]:
    found = [*root.glob("account/email/*.txt"), *root.glob("mfa/email/*.txt")]
    names = (str(path.relative_to(root)) for path in found)
    return {
        re.sub(r"_message\.txt$", "", name)
        for name in names
        if name.endswith("_message.txt") and "/base_" not in name
    }


OURS = kinds(Path("housemail/account/templates").resolve())


def test_no_mail_of_allauth_is_sent_in_its_own_words():
    left = kinds(ALLAUTH / "templates") - OURS
    assert left == NOT_OFFERED | SAME_AS_ANOTHER | NEVER_SENT


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(OURS | SAME_AS_ANOTHER))
def test_every_mail_names_the_house_and_greets_by_name(kind, settings):
    settings.HOUSEMAIL_SITE_NAME = "Bird's <Post>"
    settings.HOUSEMAIL_CONTACT = "mailto:help@house.test"
    anna = enrol("anna@example.com", "correct horse 7 battery", name="Anna")
    known = {
        "user": anna,
        "activate_url": "https://house.test/link",
        "password_reset_url": "https://house.test/link",
        "signup_url": "https://house.test/link",
        "from_email": "old@example.com",
        "to_email": "new@example.com",
        "deleted_email": "old@example.com",
        "timestamp": timezone.now(),
        "ip": "192.0.2.1",
        "user_agent": "Firefox",
    }
    with request_context(RequestFactory().get("/")):
        get_adapter().send_mail(kind, "anna@example.com", known)
    sent = mail.outbox[0]
    text = str(sent.body)
    assert text.startswith("Hello Anna,\n\n")
    assert text.endswith("\n\nBird's <Post>\nhelp@house.test")
    assert "at Bird's <Post>" in text
    assert "house.test/link" in text or "/account/password/reset/" in text
    assert not re.search(r"\n{3}|\w\.\.| \.", text)
    assert sent.subject
    assert "\n" not in sent.subject
    assert not sent.subject.startswith("[")


@pytest.mark.django_db
def test_a_house_without_a_contact_asks_nobody_to_write(client, settings):
    settings.HOUSEMAIL_CONTACT = ""
    anna = enrol("anna@example.com", "correct horse 7 battery")
    client.force_login(anna)
    client.post(
        "/account/login/",
        {"login": "anna@example.com", "password": "correct horse 7 battery"},
    )
    new = "another horse 8 stable"
    client.post(
        "/account/password/change/",
        {
            "oldpassword": "correct horse 7 battery",
            "password1": new,
            "password2": new,
        },
        headers={"user-agent": "Firefox"},
    )
    text = str(mail.outbox[-1].body)
    assert text.startswith("Hello,\n\nThe password of your account at Housemail was")
    assert "http://127.0.0.1:8000/account/password/reset/" in text
    assert "from 127.0.0.1 with this program: Firefox" in text
    assert "write to us" not in text


@pytest.mark.django_db
def test_a_notice_is_in_the_language_of_whose_account_it_is(client):
    anna = enrol("anna@example.com", "correct horse 7 battery")
    anna.language = "de"
    anna.save()
    with request_context(RequestFactory().get("/")):
        get_adapter().send_notification_mail("account/email/password_set", anna)
    assert str(mail.outbox[-1].body).startswith("Guten Tag,")


# --- Sie, usted, Anda: docs/languages.md

# Pages that the house does not offer, or that are pages of our own.
ELSEWHERE = (
    "socialaccount|idp|usersessions|headless|webauthn|phone|by_code|/email/|"
    "account/email.html|email_change.html|verified_email_required|warn_no_email|"
    "mfa/trust.html|messages/cannot_delete|messages/unverified"
)
ELSEWHERE_SAID = {
    "You cannot remove your primary email address.",
    "You cannot add more than %d email addresses.",
    "You must type the same email each time.",
    "Your primary email address must be verified.",
    "The phone number and/or password you specified are not correct.",
    "The username and/or password you specified are not correct.",
}
INFORMAL = {
    "de": r"\b([Dd]u|[Dd]ich|[Dd]ir|[Dd]ein\w*)\b",
    "es": r"\b(tu|tus|te|ti|tú|puedes|has|tienes|ves)\b",
    "id": r"\banda\b",
}


@pytest.mark.parametrize("language", INFORMAL)
def test_what_allauth_says_too_familiarly_is_worded_by_us(language):
    catalogue = polib.pofile(str(ALLAUTH / f"locale/{language}/LC_MESSAGES/django.po"))
    familiar = {
        entry.msgid
        for entry in catalogue
        if re.search(INFORMAL[language], entry.msgstr)
        and any(not re.search(ELSEWHERE, path) for path, _ in entry.occurrences)
    }
    assert familiar - set(REWORDED) == ELSEWHERE_SAID & familiar


def test_each_reworded_sentence_is_one_that_allauth_says():
    catalogue = polib.pofile(str(ALLAUTH / "locale/de/LC_MESSAGES/django.po"))
    assert [each for each in REWORDED if catalogue.find(each) is None] == []
