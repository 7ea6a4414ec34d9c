"""Sends the queued e-mails, each once; run by the engine.

A row is taken by a conditional update before the mail server is asked, and marked
sent after its yes. When that yes is lost, or the process dies between the two, the
e-mail is sent again later: it may double, it is never lost. A failure is tried again,
for about two days.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation

from housemail.sales import first_password, links, order_book, problems
from housemail.sales.models import Order, OutgoingMail, Service
from housemail.sales.states import State

logger = logging.getLogger(__name__)
Kind = OutgoingMail.Kind
AT_ONCE = 50
# Longer than a mail server may take: nobody else takes the row meanwhile.
LEASE = timedelta(minutes=2)
_RUNGS_MINUTES = (1, 5, 15, 60, 180, 360, 720, 1440)
KEEP_DAYS = 90


def is_waiting() -> bool:
    """Say whether an e-mail is due."""
    return OutgoingMail.objects.filter(next_try_at__lte=timezone.now()).exists()


def send_due() -> int:
    """Send what is due; return how many left."""
    ids = list(
        OutgoingMail.objects.filter(next_try_at__lte=timezone.now())
        .order_by("next_try_at")
        .values_list("pk", flat=True)[:AT_ONCE]
    )
    return sum(_send_one(pk) for pk in ids)


def _send_one(pk: int) -> bool:
    now = timezone.now()
    taken = OutgoingMail.objects.filter(pk=pk, next_try_at__lte=now).update(
        attempts=F("attempts") + 1, next_try_at=now + LEASE
    )
    if not taken:
        return False
    mail = OutgoingMail.objects.select_related(
        "order__customer", "order__product", "service"
    ).get(pk=pk)
    if overtaken(mail):
        _close(mail, last_error="overtaken")
        return False
    try:
        written(mail).send()
    except (smtplib.SMTPException, OSError) as exc:
        _failed(mail, type(exc).__name__)
        return False
    _close(mail, sent_at=timezone.now(), last_error="")
    return True


def overtaken(mail: OutgoingMail) -> bool:
    """Say whether what an e-mail asks for is no longer so."""
    if mail.kind == Kind.ORDER_PROBLEM:
        return mail.order is None or mail.order.state != State.PROBLEM
    if mail.kind == Kind.ORDER_CANCELLED:
        return mail.order is None or mail.order.state != State.CANCELLED
    if mail.kind == Kind.MAILBOX_READY:
        return mail.service is None or mail.service.state == Service.State.TERMINATED
    return False


def _close(mail: OutgoingMail, **values: object) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).update(next_try_at=None, **values)


def _failed(mail: OutgoingMail, error: str) -> None:
    rung = mail.attempts - 1
    logger.warning("e-mail %s was not sent: %s", mail.pk, error)
    if rung >= len(_RUNGS_MINUTES):
        _close(mail, last_error=error[:80])
        return
    later = timezone.now() + timedelta(minutes=_RUNGS_MINUTES[rung])
    OutgoingMail.objects.filter(pk=mail.pk).update(
        next_try_at=later, last_error=error[:80]
    )


def written(mail: OutgoingMail) -> EmailMultiAlternatives:
    """Return the e-mail as it is sent, in the language of its reader."""
    with translation.override(mail.language):
        house = {
            "site": settings.HOUSEMAIL_SITE_NAME,
            "contact": settings.HOUSEMAIL_CONTACT.removeprefix("mailto:"),
        }
        context = {**house, **mail.context, **_now(mail)}
        name = f"sales/mail/{mail.kind}"
        # One line, whatever a product or a person is called.
        subject = " ".join(render_to_string(f"{name}_subject.txt", context).split())
        context |= {"subject": subject, "language": mail.language}
        message = EmailMultiAlternatives(
            subject,
            render_to_string(f"{name}.txt", context).strip() + "\n",
            to=[mail.to],
            headers={"Auto-Submitted": "auto-generated"},
        )
        html = render_to_string(f"{name}.html", context)
        message.attach_alternative(html, "text/html")
    return message


def _now(mail: OutgoingMail) -> dict[str, object]:
    """Return what is made at the moment of sending: links, and what is true now."""
    found: dict[str, object] = {"shop_url": links.absolute(links.SHOP)}
    if mail.order is not None:
        found |= _of_order(mail.order, mail.kind)
    if mail.service is not None:
        found |= _of_service(mail.service, mail.kind)
    if "ends_at" in mail.context:
        found["ends_at"] = datetime.fromisoformat(mail.context["ends_at"])
    return found


def _of_order(order: Order, kind: str) -> dict[str, object]:
    found: dict[str, object] = {
        "order_url": links.absolute(links.ORDER, number=order.number),
        "auto_setup": order.product.auto_setup,
        "paid": order.paid_at is not None,
    }
    if kind == Kind.ORDER_PROBLEM:
        found["problem"] = problems.explain(order)
    if kind == Kind.ORDER_RECEIVED:
        found |= {"price": order.price_text, "expires_at": order.expires_at}
        if order_book.awaits_payment(order):
            how = settings.HOUSEMAIL_HOW_TO_PAY
            found |= {"awaits_payment": True, "how_to_pay": how}
    return found


def _of_service(service: Service, kind: str) -> dict[str, object]:
    found: dict[str, object] = {
        "mailbox_url": links.absolute(links.MAILBOX, ref=service.ref)
    }
    if kind == Kind.MAILBOX_READY and order_book.was_adopted(service.order):
        found["adopted"] = True
    elif kind == Kind.MAILBOX_READY and not service.passwords_set:
        token = first_password.make_link_token(service)
        found["password_url"] = links.absolute(links.FIRST_PASSWORD, token=token)
    return found


def prune() -> int:
    """Delete e-mails sent long ago; return how many."""
    before = timezone.now() - timedelta(days=KEEP_DAYS)
    return OutgoingMail.objects.filter(sent_at__lt=before).delete()[0]
