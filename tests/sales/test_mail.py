"""E-mails: queued with what they tell, sent once, secretless, in one's language."""

from __future__ import annotations

import json
import re
import smtplib
from datetime import timedelta

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.utils import timezone

from housemail.sales import mail, orders, sending, services
from housemail.sales.models import OutgoingMail
from tests.sales.conftest import STAFF, Store, person

pytestmark = pytest.mark.django_db


class Failing(EmailBackend):
    """A mail server that is not there."""

    def send_messages(self, messages) -> int:
        raise smtplib.SMTPServerDisconnected("mail.example.com said secret things")


class Dying(EmailBackend):
    """Takes the e-mail; then the process dies before it hears the yes."""

    def send_messages(self, messages) -> int:
        super().send_messages(messages)
        raise KeyboardInterrupt


def all_kinds(store: Store) -> None:
    """Queue an e-mail of each kind."""
    store.sells("order", description="x")
    order = store.order()
    service = store.service(order)
    for kind in OutgoingMail.Kind:
        if kind.value.startswith("order"):
            mail.about_order(kind, order)
        else:
            mail.about_service(kind, service, ends_at=timezone.now().isoformat())


def test_each_kind_has_a_subject_a_text_and_a_page(store: Store) -> None:
    all_kinds(store)
    for row in OutgoingMail.objects.all():
        message = sending.written(row)
        html, kind = message.alternatives[0]
        assert kind == "text/html"
        for text in (str(message.subject), str(message.body), str(html)):
            assert not re.search(r"\{[{%]|[%}]\}", text)
        assert "\n\n\n" not in str(message.body)
        assert store.customer.name in str(message.body)
        assert "Housemail" in str(message.body)
        assert "http://127.0.0.1:8000/" in str(message.body)
        assert "<script" not in str(html)
        assert "\n" not in str(message.subject)


def test_every_order_and_mailbox_event_has_its_e_mail(store: Store, settings) -> None:
    settings.HOUSEMAIL_CONTACT = "mailto:help@example.com"
    order = store.order()
    orders.mark_paid(order, STAFF, store.deadline())
    service = store.service(order)
    services.suspend(service, STAFF, store.deadline())
    services.announce_end(service, timezone.now() + timedelta(days=3))
    assert sending.send_due() == 4
    services.terminate(service, STAFF, store.deadline())
    assert sending.send_due() == 1
    subjects = [message.subject for message in django_mail.outbox]
    assert subjects == [
        f"Your order {order.number}: anna@thexyz.com",
        "anna@thexyz.com is ready",
        "anna@thexyz.com is suspended",
        "anna@thexyz.com ends soon",
        "anna@thexyz.com has ended",
    ]
    assert {tuple(message.to) for message in django_mail.outbox} == {
        (store.customer.email,)
    }
    assert sending.send_due() == 0
    for message in django_mail.outbox:
        assert "\nhelp@example.com" in message.body
        assert "<br>help@example.com" in str(message.message())


def test_the_order_mail_says_what_happens_next(store: Store) -> None:
    said = {}
    for auto_setup in ("order", "payment", "accept", "never"):
        store.sells(auto_setup)
        store.order(f"n-{auto_setup}")
        row = OutgoingMail.objects.filter(kind="order_received").first()
        assert row is not None
        said[auto_setup] = str(sending.written(row).body)
    assert "is being set up now" in said["order"]
    assert "as soon as the payment has arrived" in said["payment"]
    assert "We look at your order" in said["accept"]
    assert "We look at your order" in said["never"]
    for auto_setup in ("payment", "accept", "never"):
        assert "The name is kept for you until" in said[auto_setup]


def test_the_expired_mail_says_what_did_not_come(store: Store) -> None:
    said = {}
    for auto_setup in ("order", "payment", "accept", "never"):
        store.sells(auto_setup)
        order = store.order(f"n-{auto_setup}")
        mail.about_order(mail.Kind.ORDER_EXPIRED, order)
        message = sending.written(
            OutgoingMail.objects.get(order=order, kind="order_expired")
        )
        html = str(message.alternatives[0][0])
        said[auto_setup] = str(message.body)
        assert ("payment" in html) == ("payment" in said[auto_setup])
    assert "could not be set up in time" in said["order"]
    assert "We received no payment" in said["payment"]
    for auto_setup in ("accept", "never"):
        assert "was not accepted in time" in said[auto_setup]
        assert "payment" not in said[auto_setup]


def test_the_cancelled_mail_says_why_and_what_becomes_of_the_money(
    store: Store, settings
) -> None:
    settings.HOUSEMAIL_CONTACT = "mailto:help@house.test"
    store.sells("accept")
    said = {}
    for handle, paid, reason in (("anna", False, ""), ("bob", True, "<b>Sold</b>")):
        order = store.order(handle)
        if paid:
            orders.mark_paid(order, STAFF)
        orders.cancel(order, STAFF, reason)
        row = OutgoingMail.objects.get(order=order, kind="order_cancelled")
        message = sending.written(row)
        assert message.subject == f"Your order {order.number} was cancelled"
        assert "<b>" not in str(message.alternatives[0][0])
        said[handle] = str(message.body)
    assert "Reason:" not in said["anna"]
    assert "payment" not in said["anna"]
    assert "Reason: <b>Sold</b>" in said["bob"]
    assert "Your payment has arrived. Write to us if it was not paid" in said["bob"]


def test_a_cancellation_that_a_payment_undid_is_not_written_about(
    store: Store,
) -> None:
    order = store.order()
    orders.cancel(order, STAFF)
    orders.mark_paid(order, STAFF, store.deadline())
    sending.send_due()
    row = OutgoingMail.objects.get(kind="order_cancelled")
    assert (row.sent_at, row.last_error) == (None, "overtaken")


def test_a_name_that_is_markup_is_text(store: Store) -> None:
    someone = person(name="<b>Eve</b>\r\nBcc: x@example.org")
    order = store.order(customer=someone)
    row = OutgoingMail.objects.get(order=order)
    message = sending.written(row)
    html = str(message.alternatives[0][0])
    assert "<b>Eve" not in html
    assert "&lt;b&gt;Eve" in html
    assert "Bcc" not in list(message.message())


def test_no_queued_row_holds_a_secret(store: Store) -> None:
    all_kinds(store)
    password = store.mailboxes["anna"].password
    for row in OutgoingMail.objects.all():
        kept = json.dumps(row.context)
        assert password not in kept
        assert "token" not in kept
        assert "first-password" not in kept
        assert password not in str(sending.written(row).message())


def test_the_ready_mail_has_a_link_until_a_password_is_set(store: Store) -> None:
    store.sells("order")
    order = store.order()
    row = OutgoingMail.objects.get(kind="mailbox_ready")
    link = re.search(
        r"/mailboxes/first-password/[^\s/]+/", str(sending.written(row).body)
    )
    assert link is not None
    services.set_password(
        store.service(order),
        store.actor(),
        store.deadline(),
        password="Correct-horse-7",
    )
    row = OutgoingMail.objects.get(kind="mailbox_ready")
    assert "first-password" not in str(sending.written(row).body)


def test_the_ready_mail_of_an_adopted_mailbox_hands_out_no_first_password(
    store: Store,
) -> None:
    store.emulator.seed_mailbox("thexyz.com", "anna")
    order = store.order()
    orders.mark_paid(order, STAFF, store.deadline())
    services.adopt(store.service(order), STAFF, store.deadline())
    message = sending.written(OutgoingMail.objects.get(kind="mailbox_ready"))
    for text in (str(message.body), str(message.alternatives[0][0])):
        assert "first-password" not in text
        assert "If you do not know its password, set a new one" in text


def test_a_problem_that_is_over_is_not_written_about(store: Store) -> None:
    store.emulator.seed_mailbox("thexyz.com", "anna")
    order = store.order()
    orders.mark_paid(order, STAFF, store.deadline())
    sent = OutgoingMail.objects.get(kind="order_problem")
    assert "not available" in str(sending.written(sent).body)
    orders.choose_other_name(order, store.actor(), store.deadline(), handle="anna2")
    assert sending.send_due() == 2
    sent.refresh_from_db()
    assert (sent.sent_at, sent.last_error) == (None, "overtaken")


def test_nobody_is_told_that_a_mailbox_is_ready_which_has_ended(
    store: Store, mailoutbox
) -> None:
    store.sells("order")
    service = store.service(store.order())
    services.terminate(service, STAFF, store.deadline())
    sending.send_due()
    ready = OutgoingMail.objects.get(kind=OutgoingMail.Kind.MAILBOX_READY)
    assert (ready.sent_at, ready.last_error) == (None, "overtaken")
    assert len(mailoutbox) == 2  # received, ended


def test_a_mail_server_that_is_down_is_tried_again(
    store: Store, settings, clock
) -> None:
    store.order()
    settings.EMAIL_BACKEND = f"{__name__}.Failing"
    assert sending.send_due() == 0
    row = OutgoingMail.objects.get()
    assert (row.attempts, row.last_error) == (1, "SMTPServerDisconnected")
    assert sending.send_due() == 0
    assert OutgoingMail.objects.get().attempts == 1  # its time has not come
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    clock.advance(61)
    assert sending.is_waiting()
    assert sending.send_due() == 1
    row.refresh_from_db()
    assert row.sent_at is not None
    assert not sending.is_waiting()


def test_after_two_days_it_is_given_up_and_says_so(
    store: Store, settings, clock
) -> None:
    store.order()
    settings.EMAIL_BACKEND = f"{__name__}.Failing"
    for _ in range(12):
        sending.send_due()
        clock.advance(24 * 3600)
    row = OutgoingMail.objects.get()
    assert (row.next_try_at, row.sent_at) == (None, None)
    assert row.attempts == 9
    assert row.last_error == "SMTPServerDisconnected"


def test_a_lost_yes_doubles_once_and_never_loses(store: Store, settings, clock) -> None:
    store.order()
    settings.EMAIL_BACKEND = f"{__name__}.Dying"
    with pytest.raises(KeyboardInterrupt):
        sending.send_due()
    assert len(django_mail.outbox) == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert sending.send_due() == 0  # somebody may still be at it
    clock.advance(121)
    assert sending.send_due() == 1
    assert len(django_mail.outbox) == 2
    assert sending.send_due() == 0


def test_an_e_mail_is_queued_only_with_what_it_tells(store: Store) -> None:
    order = store.order()
    before = OutgoingMail.objects.count()

    def fails() -> None:
        with transaction.atomic():
            mail.about_order(mail.Kind.ORDER_EXPIRED, order)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    assert OutgoingMail.objects.count() == before


def test_the_language_is_the_persons_own(store: Store) -> None:
    someone = person(language="de")
    order = store.order(customer=someone)
    row = OutgoingMail.objects.get(order=order)
    assert row.language == "de"
    assert '<html lang="de">' in str(sending.written(row).alternatives[0][0])


@pytest.mark.parametrize("language", ["de", "fr", "es", "pt-br", "id"])
def test_no_line_of_a_mail_stays_in_english(store: Store, language) -> None:
    all_kinds(store)
    for row in OutgoingMail.objects.all():
        row.language = "en"
        english = sending.written(row)
        row.language = language
        theirs = sending.written(row)
        assert theirs.subject != english.subject or row.kind == "order_received"
        same = set(str(theirs.body).splitlines()) & set(str(english.body).splitlines())
        left = {line for line in same if line and not line.startswith("http")}
        assert left <= {"Housemail"}


def test_times_in_a_mail_are_written_as_the_reader_writes_them(store: Store) -> None:
    all_kinds(store)
    row = OutgoingMail.objects.get(kind="mailbox_ending")
    row.context["ends_at"] = "2026-03-31T12:30:00+00:00"
    row.language = "de"
    assert "31. März 2026 12:30 (UTC)" in str(sending.written(row).body)


def test_old_mail_is_forgotten(store: Store, clock) -> None:
    store.order()
    sending.send_due()
    store.order("berta")
    clock.advance((sending.KEEP_DAYS + 1) * 24 * 3600)
    assert sending.prune() == 1
    assert OutgoingMail.objects.count() == 1


def received(order) -> tuple[str, str]:
    """The text and the page of the e-mail that confirms an order."""
    row = OutgoingMail.objects.get(order=order, kind="order_received")
    message = sending.written(row)
    return str(message.body), str(message.alternatives[0][0])


def test_the_order_mail_says_how_to_pay_while_that_is_awaited(
    store: Store, settings
) -> None:
    settings.HOUSEMAIL_HOW_TO_PAY = "Send <it> to\nhttps://pay.example/x"
    order = store.order()
    text, page = received(order)
    told = "Send <it> to\nhttps://pay.example/x\nGive the order number as the reference"
    assert f"{told}: {order.number}\n" in text
    assert "\n\n\n" not in text
    assert "Send &lt;it&gt; to<br>" in page
    assert 'href="https://pay.example/x"' in page
    assert f"reference: {order.number}" in page
    orders.mark_paid(order, STAFF)
    assert all("Send" not in part for part in received(order))
    store.sells("order")
    assert all("Send" not in part for part in received(store.order("berta")))


def test_the_order_mail_names_who_to_ask_how_to_pay(store: Store, settings) -> None:
    order = store.order()
    assert all("how to pay" not in part for part in received(order))
    settings.HOUSEMAIL_CONTACT = "mailto:help@example.com"
    for part in received(order):
        assert "Ask us how to pay: help@example.com" in part
