"""The tab Password: the rule's answers, and that nothing of it is kept."""

from __future__ import annotations

import pytest

from housemail.mailboxes.models import Operation
from housemail.modulelog.models import ModuleLogEntry
from housemail.sales.models import Service

pytestmark = pytest.mark.django_db
GOOD = "Correct-horse-7"


def typed(password: str, again: str | None = None) -> dict[str, str]:
    return {"password": password, "again": password if again is None else again}


def test_a_good_one_is_set_once_and_the_owner_is_reminded(owner, caplog):
    text = owner.post("password/", typed(GOOD))
    assert "The password was changed. Enter it in your mail programs too." in text
    assert owner.store.mailboxes["anna"].password == GOOD
    assert Service.objects.get().passwords_set == 1
    assert GOOD not in text + caplog.text
    kept = [*Operation.objects.values(), *ModuleLogEntry.objects.values()]
    assert GOOD not in str(kept)


@pytest.mark.parametrize(
    ("data", "field", "sentence"),
    [
        (typed("Sh0rt-1"), "password", "at least 10 characters"),
        (typed("Correct horse-7"), "password", "must not contain a space"),
        (typed("correct-horse-7"), "password", "an upper case letter"),
        (typed("Körrect-horse-7"), "password", "characters that are not allowed"),
        (typed("A" * 200), "password", "at most 128 characters"),
        (typed(GOOD, "Correct-horse-8"), "again", "are not the same"),
        (typed("", GOOD), "password", "Type a new password."),
        (typed(GOOD, ""), "again", "Type the new password once more."),
    ],
)
def test_what_will_not_do_is_refused_at_its_field(owner, data, field, sentence):
    before = owner.store.mailboxes["anna"].password
    text = owner.post("password/", data)
    error = text.partition(f'id="id_{field}_error"')[2].partition("</div>")[0]
    assert sentence in error
    assert 'aria-invalid="true"' in text
    assert GOOD not in text
    assert owner.store.mailboxes["anna"].password == before


def test_what_the_platform_refuses_is_said_without_its_words(owner):
    owner.store.emulator.switch_on("weak_password", min_length=30)
    text = owner.post("password/", typed(GOOD))
    assert 'id="id_password_error"' in text
    assert owner.store.mailboxes["anna"].password != GOOD


def test_without_the_platform_nothing_is_changed(owner):
    owner.store.emulator.switch_on("maintenance", action="*")
    text = owner.post("password/", typed(GOOD))
    assert "nothing was changed. Try again in a minute." in text
    assert Service.objects.get().passwords_set == 0


def test_a_suspended_mailbox_keeps_its_password(owner):
    owner.suspend()
    text = owner.post("password/", typed(GOOD))
    assert "This mailbox is suspended" in text
    assert owner.store.mailboxes["anna"].password != GOOD


def test_the_form_says_what_the_password_is_for_and_what_it_needs(owner):
    text = owner.get("password/")
    assert "enter it in each mail program" in text
    assert "At least 10 characters" in text
    assert text.count("btn-primary") == 1
    assert 'autocomplete="new-password"' in text


def test_a_password_is_not_kept_over_a_sign_in(owner):
    owner.client.logout()
    owner.client.post(owner.home + "password/", typed(GOOD))
    assert GOOD not in str(dict(owner.client.session.items()))


def test_a_lost_answer_says_to_set_it_again(owner, settings):
    settings.HOUSEMAIL_LOOKS_IN_REQUEST = ()
    settings.HOUSEMAIL_DEADLINE_MS = 4_000
    owner.store.emulator.switch_on("timeout_after_apply", action="updateUser")
    text = owner.post("password/", typed(GOOD))
    assert "The password may or may not have changed; set it again." in text
    assert "The password was changed." not in text


def test_too_often_is_a_sentence_and_says_when(owner, monkeypatch):
    monkeypatch.setattr("housemail.mailboxes.provisioning.PASSWORDS_PER_HOUR", 1)
    owner.post("password/", typed(GOOD))
    text = owner.post("password/", typed("Another-horse-8"))
    assert "Too many requests. Try again in" in text
    assert owner.store.mailboxes["anna"].password == GOOD
