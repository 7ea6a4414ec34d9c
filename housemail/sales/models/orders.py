"""Orders with their timeline, what was paid, and the services they became."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _

from housemail.exact import ExactCharField
from housemail.sales.models.products import Product
from housemail.sales.models.servers import SaleServer
from housemail.sales.states import Move, State


class Order(models.Model):
    """A wish for one mailbox. Its states and moves are in states.py."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="orders"
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="orders"
    )
    handle = models.CharField(_("Mailbox"), max_length=64)
    domain = models.CharField(_("domain"), max_length=253)
    options = models.JSONField(_("options"), default=dict, blank=True)
    price_text = models.CharField(_("price"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.PLACED
    )
    # One order per form, however often it is sent.
    form_key = models.CharField(max_length=64)
    language = models.CharField(_("language"), max_length=10)
    placed_at = models.DateTimeField(_("ordered"))
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    # Until when an unpaid order keeps its name.
    expires_at = models.DateTimeField(_("expires"))
    # Why it is in state problem: code and parameters of a refusal's sentence.
    problem_code = models.CharField(max_length=40, blank=True)
    problem_params = models.JSONField(default=dict, blank=True)
    # The set-up that is under way: how often it was tried, when it is tried next,
    # and until when the present try holds the order.
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    # No column: set on an order that is returned to the form it came from.
    placed_before = False

    class Meta:
        """What lists and the engine ask for."""

        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering: ClassVar = ["-placed_at", "-pk"]
        constraints: ClassVar = [
            UniqueConstraint(fields=["customer", "form_key"], name="order_once_a_form")
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "next_try_at"], name="order_next_try"),
            models.Index(fields=["state", "expires_at"], name="order_expiry"),
        ]

    def __str__(self) -> str:
        """Return its number."""
        return self.number

    @property
    def address(self) -> str:
        """The address that is wanted."""
        return f"{self.handle}@{self.domain}"


class OrderEvent(models.Model):
    """One line of an order's timeline; written with what it tells, in one commit."""

    class Kind(models.TextChoices):
        """The moves of states.py, and what happens without a move."""

        PLACED = Move.PLACED, _("Ordered")
        PAID = Move.PAID, _("Paid")
        ACCEPTED = Move.ACCEPTED, _("Accepted")
        SET_UP = Move.SET_UP, _("Set-up began")
        FINISHED = Move.FINISHED, _("Set up")
        FAILED = Move.FAILED, _("Could not be set up")
        ADOPTED = Move.ADOPTED, _("Existing mailbox taken over")
        CANCELLED = Move.CANCELLED, _("Cancelled")
        EXPIRED = Move.EXPIRED, _("Expired")
        WAITING = "waiting", _("Waiting for the mail platform")
        RENAMED = "renamed", _("Another name was chosen")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=Kind)
    actor = models.CharField(max_length=80)
    # A refusal's code and parameters, or {"reason": ...} of who cancelled.
    code = models.CharField(max_length=40, blank=True)
    params = models.JSONField(default=dict, blank=True)

    class Meta:
        """As it happened."""

        verbose_name = _("order event")
        verbose_name_plural = _("order events")
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        """Return what happened and when."""
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"


class PaidEvent(models.Model):
    """A payment that the web hook reported; its id is good for one order, once."""

    event_id = ExactCharField(max_length=100, unique=True)
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="paid_events"
    )
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the event's id."""
        return self.event_id


class Service(models.Model):
    """What was sold: the shop's own record of one mailbox. Its ref is its id."""

    class State(models.TextChoices):
        """As WHMCS calls them."""

        PENDING = "Pending", _("Pending")
        ACTIVE = "Active", _("Active")
        SUSPENDED = "Suspended", _("Suspended")
        TERMINATED = "Terminated", _("Terminated")
        CANCELLED = "Cancelled", _("Cancelled")

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="service"
    )
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="services"
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="services"
    )
    # Chosen once, when the order was placed.
    server = models.ForeignKey(
        SaleServer, on_delete=models.PROTECT, related_name="services"
    )
    options = models.JSONField(_("options"), default=dict, blank=True)
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.PENDING
    )
    # A state that a verb is under way to; empty when record and mailbox agree.
    wanted_state = models.CharField(max_length=12, choices=State, blank=True)
    wanted_at = models.DateTimeField(null=True, blank=True)
    address = models.CharField(_("address"), max_length=254, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    # Counts the passwords set since set-up; a link for the first one fits 0 only. An
    # adopted mailbox has one already.
    passwords_set = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """What lists, the engine and the choice of a server ask for."""

        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["server", "state"], name="service_on_server"),
            models.Index(fields=["ends_at"], name="service_end"),
        ]

    def __str__(self) -> str:
        """Return the address, or what is still to come."""
        return self.address or f"#{self.pk}"

    @property
    def ref(self) -> str:
        """What the core calls this service."""
        return str(self.pk)
