"""An end that staff announce on the mailbox's page, and take back there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from housemail.sales.models import OutgoingMail, Service
from tests.console.conftest import said
from tests.console.test_services import box, do, foreign, history, page

__all__ = ["box", "foreign"]
pytestmark = pytest.mark.django_db


def day(ahead: int) -> str:
    return (timezone.now() + timedelta(days=ahead)).date().isoformat()


def told() -> int:
    return OutgoingMail.objects.filter(kind="mailbox_ending").count()


def offered(client, box) -> set[str]:
    shown = client.get(page(box)).context["console_commands"]
    return {command["url"].split("/")[-2] for command in shown}


def test_it_ends_on_a_day_or_goes_on(manager, box):
    assert "let-go-on" not in offered(manager, box)
    answer = do(manager, box, "let-end", ends_at=day(3), reason="asked by phone")
    [sentence] = said(answer)
    assert sentence.startswith("anna@thexyz.com ends at ")
    ends_at = Service.objects.get().ends_at
    assert ends_at is not None
    assert ends_at.date().isoformat() == day(3)
    assert history()[0] == f"Let it end on …: {sentence} Reason: asked by phone"
    assert b"It ends at" in answer.content
    do(manager, box, "let-end", ends_at=day(3))
    assert told() == 1
    assert "let-go-on" in offered(manager, box)
    answer = do(manager, box, "let-go-on", reason="stays")
    assert said(answer) == ["anna@thexyz.com goes on."]
    assert Service.objects.get().ends_at is None
    assert b"It ends at" not in answer.content


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (day(-1), b"Choose a day that is not over."),
        ("soon", b"Enter a valid date."),
        ("", b"This field is required."),
    ],
    ids=["over", "no day", "nothing"],
)
def test_a_wrong_day_is_named_and_the_reason_kept(manager, box, typed, words):
    answer = do(manager, box, "let-end", ends_at=typed, reason="asked")
    assert answer.status_code == 422
    assert words in answer.content
    assert b'value="asked"' in answer.content
    assert Service.objects.get().ends_at is None


def test_what_has_ended_neither_ends_nor_goes_on(manager, box):
    do(manager, box, "terminate", confirm="anna@thexyz.com")
    assert not {"let-end", "let-go-on"} & offered(manager, box)
    for command, data in (("let-end", {"ends_at": day(3)}), ("let-go-on", {})):
        answer = do(manager, box, command, **data)
        assert answer.status_code == 422
        assert b"that is not possible now" in answer.content
    assert told() == 0


def test_another_systems_mailbox_ends_there(manager, foreign):
    assert "let-end" not in offered(manager, foreign)
    answer = do(manager, foreign, "let-end", ends_at=day(3))
    assert b"Press the button there" in answer.content


def test_support_lets_nothing_end(support, box):
    for command in ("let-end", "let-go-on"):
        path = page(box).replace("change/", f"do/{command}/")
        assert support.get(path).status_code == 403
