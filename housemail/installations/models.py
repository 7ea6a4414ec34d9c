"""Installations (billing systems), their keys, and the servers they sell on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _

from housemail.installations.fields import EncryptedTextField


def default_endpoint_hosts() -> list[str]:
    """Return the hosts of the real platform (protocol 6)."""
    return ["cp.emailarray.com", "cfcp.emailarray.com"]


class Installation(models.Model):
    """One billing system that orders from us: a WHMCS, or the built-in shop."""

    class Kind(models.TextChoices):
        """What kind of billing system it is."""

        WHMCS = "whmcs", "WHMCS"
        SHOP = "shop", "Shop"
        OTHER = "other", "Other"

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.WHMCS)
    endpoint_hosts = models.JSONField(default=default_endpoint_hosts)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """How it is called."""

        verbose_name = _("billing system")
        verbose_name_plural = _("billing systems")

    def __str__(self) -> str:
        """Return its name."""
        return self.name


class ApiKey(models.Model):
    """A key of an installation; only its digest is kept.

    Two keys may be valid at once, so that a rotation needs no pause.
    """

    installation = models.ForeignKey(
        Installation, on_delete=models.CASCADE, related_name="keys"
    )
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    permissions = models.JSONField(default=list)
    source_networks = models.JSONField(default=list)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    # One key per form, however often it is sent.
    form_key = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001
    # The key that this one takes over from; one successor at a time, by the unique key.
    replaces = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, related_name="successor"
    )

    class Meta:
        """How it is called."""

        verbose_name = _("API key")
        verbose_name_plural = _("API keys")

    def __str__(self) -> str:
        """Return the public part."""
        return f"hm_{self.prefix}_…"


class Server(models.Model):
    """Endpoint and admin credentials of a mail platform, as one installation has it.

    ``account`` names the platform account whatever the host: the fail-over hosts
    of one platform are one account (protocol 6).
    """

    installation = models.ForeignKey(
        Installation, on_delete=models.CASCADE, related_name="servers"
    )
    platform = models.CharField(max_length=20)
    endpoint = models.CharField(max_length=255)
    username = models.CharField(max_length=120)
    account = models.CharField(max_length=255, db_index=True)
    password = EncryptedTextField()
    domains = models.JSONField(default=list)
    domains_seen_at = models.DateTimeField(null=True, blank=True)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One row per account of an installation."""

        constraints: ClassVar = [
            UniqueConstraint(
                fields=["installation", "platform", "account"],
                name="server_once_per_installation",
            )
        ]

    def __str__(self) -> str:
        """Return who logs in where."""
        return f"{self.username} at {self.endpoint}"
