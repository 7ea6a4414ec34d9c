"""Servers and server groups, as the sheet's "Create a WHMCS server" has them."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from housemail.installations.fields import EncryptedTextField
from housemail.installations.models import Installation
from housemail.mailboxes import endpoints
from housemail.mailboxes.context import ServerDetails
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.wording import say

# Which field of ours a refusal about a server belongs to.
_FIELDS = {"endpoint": "endpoint", "username": "username", "password": "password"}


class ServerGroup(models.Model):
    """Servers that share the mailboxes of a product, the least full first."""

    class Fill(models.TextChoices):
        """How the next server is chosen."""

        LEAST_FULL = "least_full", _("Fill the least full server first")

    name = models.CharField(_("name"), max_length=80, unique=True)
    fill = models.CharField(
        _("fill type"), max_length=12, choices=Fill, default=Fill.LEAST_FULL
    )

    class Meta:
        """By name."""

        verbose_name = _("server group")
        verbose_name_plural = _("server groups")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        """Return its name."""
        return self.name


class SaleServer(models.Model):
    """A mail platform that the shop sells on; the password is encrypted at rest."""

    class Kind(models.TextChoices):
        """Which platform; the sheet calls the first "Thexyz Mailboxes"."""

        EMAILARRAY = "emailarray", "Thexyz Mailboxes"
        MEMORY = "memory", _("Memory (for trying; keeps no mail)")

    name = models.CharField(_("Name"), max_length=80, unique=True)
    hostname = models.CharField(
        _("Hostname"),
        max_length=253,
        help_text=_("Such as cp.emailarray.com; the API endpoint follows from it."),
    )
    ip_address = models.GenericIPAddressField(
        _("IP Address"),
        null=True,
        blank=True,
        help_text=_("Leave blank unless required."),
    )
    kind = models.CharField(
        _("Type"), max_length=20, choices=Kind, default=Kind.EMAILARRAY
    )
    username = models.CharField(_("Username"), max_length=120)
    password = EncryptedTextField(_("Password"))
    typed_endpoint = models.CharField(
        _("API endpoint"),
        max_length=255,
        blank=True,
        help_text=_("Only when it is not https://HOSTNAME/admin/json.php."),
    )
    max_mailboxes = models.PositiveIntegerField(
        _("most mailboxes"), default=0, help_text=_("0 means no limit.")
    )
    active = models.BooleanField(
        _("takes new mailboxes"),
        default=True,
        help_text=_("Mailboxes that live here stay, whatever this says."),
    )
    groups = models.ManyToManyField(
        ServerGroup, related_name="servers", blank=True, verbose_name=_("server groups")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """By name."""

        verbose_name = _("server")
        verbose_name_plural = _("servers")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        """Return its name."""
        return self.name

    @property
    def endpoint(self) -> str:
        """The admin API's URL: as typed, else from the host name (design 6)."""
        if self.typed_endpoint:
            return self.typed_endpoint
        return f"https://{self.hostname.strip().lower()}/admin/json.php"

    @property
    def host(self) -> str:
        """The host that the endpoint leads to."""
        return endpoints.host_of(self.endpoint)

    def details(self, endpoint: str = "") -> ServerDetails:
        """Return it as the verbs want it; ``endpoint`` is a product's own setting."""
        return ServerDetails(
            platform=self.kind,
            endpoint=endpoint.strip() or self.endpoint,
            username=self.username,
            password=self.password,
        )

    def clean(self) -> None:
        """Refuse an endpoint that no call would be sent to."""
        super().clean()
        self.hostname = self.hostname.strip().lower()
        if not self.username or not self.password:
            return  # each field says so itself
        listed = Installation(endpoint_hosts=[self.host])
        try:
            endpoints.check_details(listed, self.details())
        except Refusal as refusal:
            field = _FIELDS.get(refusal.field, "kind")
            if field == "endpoint":
                field = "typed_endpoint" if self.typed_endpoint else "hostname"
            sentence = say(refusal.sentence, refusal.params)
            raise ValidationError({field: sentence}, code=refusal.code) from refusal
