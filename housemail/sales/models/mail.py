"""E-mails that are to be sent: a row first, then the engine sends it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from housemail.sales.models.orders import Order, Service


class OutgoingMail(models.Model):
    """One e-mail, queued in the commit of what it tells. It holds no secret."""

    class Kind(models.TextChoices):
        """What it tells; each has its templates under sales/mail/."""

        ORDER_RECEIVED = "order_received", _("Order received")
        ORDER_PROBLEM = "order_problem", _("Order needs attention")
        ORDER_EXPIRED = "order_expired", _("Order expired")
        ORDER_CANCELLED = "order_cancelled", _("Order cancelled")
        MAILBOX_READY = "mailbox_ready", _("Mailbox ready")
        MAILBOX_SUSPENDED = "mailbox_suspended", _("Mailbox suspended")
        MAILBOX_ENDING = "mailbox_ending", _("Mailbox ending")
        MAILBOX_ENDED = "mailbox_ended", _("Mailbox ended")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    to = models.EmailField(_("to"), max_length=254)
    language = models.CharField(_("language"), max_length=10)
    order = models.ForeignKey(Order, on_delete=models.CASCADE, null=True, blank=True)
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, blank=True
    )
    context = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("queued"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    # None when it was sent, or given up after too many attempts.
    next_try_at = models.DateTimeField(null=True, blank=True)
    # The kind of the last failure, without its text: that may name addresses.
    last_error = models.CharField(_("last failure"), max_length=80, blank=True)

    class Meta:
        """What the engine asks for."""

        verbose_name = _("outgoing e-mail")
        verbose_name_plural = _("outgoing e-mails")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["next_try_at"], name="mail_due")]

    def __str__(self) -> str:
        """Return kind and recipient."""
        return f"{self.kind} to {self.to}"
