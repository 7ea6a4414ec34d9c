"""What we remember: house domains, claims, mailboxes, aliases, lists, operations.

The unique keys decide every race: insert first, catch the violation. Aliases and
lists are the ownership record; on a shared domain the platform does not know whose
they are. Mailbox passwords are not here, not even hashed.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from housemail.exact import ExactCharField
from housemail.installations.models import Installation, Server
from housemail.platforms.base import Address


class HouseDomain(models.Model):
    """A domain of the host on which mailboxes are sold; of one platform account."""

    name = models.CharField(max_length=253, unique=True)
    account = models.CharField(max_length=255, db_index=True)
    # Names of lists that a complete listing showed and that are not ours; a list
    # found later is ours only if it is not among them (protocol 5).
    foreign_lists = models.JSONField(default=list)
    lists_listed_at = models.DateTimeField(null=True, blank=True)
    usage_listed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """How it is called."""

        verbose_name = _("house domain")
        verbose_name_plural = _("house domains")

    def __str__(self) -> str:
        """Return the name."""
        return self.name


class Mailbox(models.Model):
    """What is sold: one per service of a billing system."""

    class State(models.TextChoices):
        """Where in its life it is."""

        CREATING = "creating"
        ACTIVE = "active"
        SUSPENDING = "suspending"
        SUSPENDED = "suspended"
        UNSUSPENDING = "unsuspending"
        TERMINATING = "terminating"
        TERMINATED = "terminated"
        FAILED = "failed"

    installation = models.ForeignKey(
        Installation, on_delete=models.PROTECT, related_name="mailboxes"
    )
    ref = ExactCharField(max_length=64)
    generation = models.PositiveIntegerField(default=1)
    server = models.ForeignKey(
        Server, on_delete=models.PROTECT, related_name="mailboxes"
    )
    house_domain = models.ForeignKey(
        HouseDomain, on_delete=models.PROTECT, related_name="mailboxes"
    )
    handle = models.CharField(max_length=64)
    owner_id = ExactCharField(max_length=64, blank=True)
    display_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.CREATING)
    state_changed_at = models.DateTimeField()
    # Found on the platform after a lost answer: its password is not certain yet, so
    # it is not called active before the next create has set one (protocol 3.5).
    found = models.BooleanField(default=False)
    needs_staff = models.BooleanField(default=False)
    # 202 or 503 while the billing system waits to hear how its create ended.
    create_answered = models.PositiveSmallIntegerField(null=True, blank=True)
    create_answered_at = models.DateTimeField(null=True, blank=True)

    quota_gb = models.DecimalField(max_digits=8, decimal_places=3)
    account_type = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10)
    timezone = models.CharField(max_length=64)
    date_format = models.CharField(max_length=10)
    # Which of the three were sent by a create or a change of plan, and have not been
    # shown by the platform since (protocol: what it ignores, it ignores silently).
    unconfirmed = models.JSONField(default=list)

    aliases_used = models.PositiveIntegerField(default=0)
    lists_used = models.PositiveIntegerField(default=0)
    names_day = models.DateField(null=True, blank=True)
    names_added = models.PositiveIntegerField(default=0)
    new_names_day = models.DateField(null=True, blank=True)
    new_names_added = models.PositiveIntegerField(default=0)
    members_day = models.DateField(null=True, blank=True)
    members_added = models.PositiveIntegerField(default=0)

    used_bytes = models.BigIntegerField(null=True, blank=True)
    last_login_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One row per service for all its lives."""

        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        constraints: ClassVar = [
            UniqueConstraint(fields=["installation", "ref"], name="mailbox_per_service")
        ]
        indexes: ClassVar = [models.Index(fields=["house_domain", "handle"])]

    def __str__(self) -> str:
        """Return the address."""
        return str(self.address)

    @property
    def address(self) -> Address:
        """Its address on the recorded house domain."""
        return Address(self.handle, self.house_domain.name)


class Claim(models.Model):
    """Who holds an address. One namespace per house domain for every kind."""

    class Kind(models.TextChoices):
        """What holds it."""

        HOLD = "hold"
        MAILBOX = "mailbox"
        ALIAS = "alias"
        LIST = "list"
        QUARANTINE = "quarantine"

    house_domain = models.ForeignKey(
        HouseDomain, on_delete=models.PROTECT, related_name="claims"
    )
    handle = models.CharField(max_length=64)
    kind = models.CharField(max_length=10, choices=Kind)
    installation = models.ForeignKey(
        Installation, on_delete=models.PROTECT, related_name="claims"
    )
    ref = ExactCharField(max_length=64, blank=True)
    owner_id = ExactCharField(max_length=64, blank=True)
    mailbox = models.ForeignKey(
        Mailbox, on_delete=models.PROTECT, null=True, related_name="claims"
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    # Of a hold: when it began; renewing changes its end alone.
    held_since = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    # No column: set on a claim that was just taken over from a quarantine. Whoever
    # takes it over and fails must put it back: the quarantine protects the former
    # owner's mail, whatever the next one tries.
    was_quarantined = False

    class Meta:
        """The key that decides every race for a name."""

        verbose_name = _("held name")
        verbose_name_plural = _("held names")
        constraints: ClassVar = [
            UniqueConstraint(
                fields=["house_domain", "handle"], name="claim_one_namespace"
            ),
            models.CheckConstraint(
                condition=Q(handle=Lower("handle")), name="claim_handle_lower_case"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "expires_at"])]

    def __str__(self) -> str:
        """Return address and kind."""
        return f"{self.handle}@{self.house_domain.name} ({self.kind})"


class Part(models.Model):
    """What aliases, lists and members share: made on the platform one by one."""

    class State(models.TextChoices):
        """Where it is between our record and the platform."""

        ADDING = "adding"
        ACTIVE = "active"
        REMOVING = "removing"

    state = models.CharField(max_length=10, choices=State, default=State.ADDING)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """Not a table of its own."""

        abstract = True


class Alias(Part):
    """An address that forwards to exactly one destination."""

    mailbox = models.ForeignKey(
        Mailbox, on_delete=models.PROTECT, related_name="aliases"
    )
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT)
    destination = models.CharField(max_length=254)

    class Meta:
        """The table that the product sheet names."""

        db_table = "mod_thexyz_pm_aliases"

    def __str__(self) -> str:
        """Return where it leads."""
        return f"{self.claim.handle} -> {self.destination}"


class DistributionList(Part):
    """An address that delivers to its members."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="lists")
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT)
    members_used = models.PositiveIntegerField(default=0)

    class Meta:
        """Named beside the alias table."""

        db_table = "mod_thexyz_pm_lists"

    def __str__(self) -> str:
        """Return its handle."""
        return self.claim.handle


class ListMember(Part):
    """One member of a distribution list."""

    list = models.ForeignKey(
        DistributionList, on_delete=models.CASCADE, related_name="members"
    )
    address = models.CharField(max_length=254)

    class Meta:
        """A member is on a list once."""

        db_table = "mod_thexyz_pm_list_members"
        constraints: ClassVar = [
            UniqueConstraint(fields=["list", "address"], name="member_once_per_list")
        ]

    def __str__(self) -> str:
        """Return the address."""
        return self.address


class Operation(models.Model):
    """One journaled attempt to bring something into a wanted state (protocol 1).

    ``open_for`` names what it excludes others from ("mailbox:7", "alias:3") while
    it is open and is NULL afterwards: the unique key lets one in at a time.
    """

    class State(models.TextChoices):
        """How it stands."""

        OPEN = "open"
        DONE = "done"
        REFUSED = "refused"
        UNAVAILABLE = "unavailable"
        UNDETERMINED = "undetermined"

    mailbox = models.ForeignKey(
        Mailbox, on_delete=models.CASCADE, related_name="operations"
    )
    generation = models.PositiveIntegerField(default=1)
    verb = models.CharField(max_length=20)
    subject_id = models.BigIntegerField(null=True, blank=True)
    wanted = models.JSONField(default=dict)
    open_for = models.CharField(max_length=40, null=True, unique=True)  # noqa: DJ001
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    code = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=400, blank=True)
    attempt = models.PositiveIntegerField(default=1)
    sends = models.PositiveIntegerField(default=0)
    # An earlier send, of this operation or of the life before, ended without an
    # answer: a refusal now means "look again", never "free the claim".
    earlier_unknown = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField()
    next_look_at = models.DateTimeField(null=True, blank=True)
    proof = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)
    needs_staff = models.BooleanField(default=False)
    request_id = models.CharField(max_length=64, blank=True)
    actor = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        """What the sweep asks for."""

        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        indexes: ClassVar = [
            models.Index(fields=["state", "next_look_at"]),
            models.Index(fields=["mailbox", "state"]),
        ]

    def __str__(self) -> str:
        """Return verb, id and attempt."""
        return f"{self.verb} {self.pk}:{self.attempt} ({self.state})"


class Calibration(models.Model):
    """When a look last found a mailbox on a server and domain (protocol 2)."""

    server = models.ForeignKey(Server, on_delete=models.CASCADE)
    house_domain = models.ForeignKey(HouseDomain, on_delete=models.CASCADE)
    found_at = models.DateTimeField()

    class Meta:
        """One per server and domain."""

        constraints: ClassVar = [
            UniqueConstraint(fields=["server", "house_domain"], name="calibration_once")
        ]

    def __str__(self) -> str:
        """Return what is calibrated."""
        return f"{self.server_id}:{self.house_domain_id}"


class ReservedRelease(models.Model):
    """A reserved name that staff gave out on one house domain, with the reason."""

    house_domain = models.ForeignKey(HouseDomain, on_delete=models.CASCADE)
    handle = models.CharField(max_length=64)
    reason = models.CharField(max_length=300)
    actor = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """A name is released once per domain."""

        verbose_name = _("released name")
        verbose_name_plural = _("released names")
        constraints: ClassVar = [
            UniqueConstraint(
                fields=["house_domain", "handle"], name="reserved_released_once"
            )
        ]

    def __str__(self) -> str:
        """Return the name."""
        return f"{self.handle}@{self.house_domain.name}"


class ReservedName(models.Model):
    """A name that staff keep back on every house domain, with the reason.

    ``handle`` is a skeleton (rules.skeleton): one row stands for every spelling.
    """

    handle = models.CharField(max_length=64, unique=True)
    reason = models.CharField(max_length=300)
    actor = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """How it is called."""

        verbose_name = _("reserved name")
        verbose_name_plural = _("reserved names")

    def __str__(self) -> str:
        """Return the name."""
        return self.handle
