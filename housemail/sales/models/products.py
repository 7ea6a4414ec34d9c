"""Product groups, products with the ten module settings, and their options.

The settings are kept raw: what they mean and which values are right is known to
mailboxes/plan.py alone, here as behind the billing API.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _

from housemail.mailboxes import plan as plans
from housemail.mailboxes.endpoints import check_details
from housemail.mailboxes.errors import Invalid, Refusal
from housemail.mailboxes.plan import Plan
from housemail.mailboxes.wording import say
from housemail.sales.installation import installation
from housemail.sales.models.servers import ServerGroup
from housemail.sales.states import AutoSetup

# The module settings that make a plan, in the sheet's order, then the appended ones.
PLAN_SETTINGS: tuple[plans.Setting[Any], ...] = (
    plans.ALLOWED_DOMAINS,
    plans.ACCOUNT_TYPE,
    plans.QUOTA_GB,
    plans.MAX_ALIASES,
    plans.ALLOW_EXTERNAL_FORWARDS,
    plans.TIMEZONE,
    plans.DATE_FORMAT,
    plans.LANGUAGE,
    plans.MAX_LISTS,
    plans.ENABLE_ALIASES,
    plans.ENABLE_LISTS,
    plans.ALLOW_EXTERNAL_LIST_MEMBERS,
)
ACCOUNT_TYPES = [("1|Basic", _("Basic")), ("2|Enhanced", _("Enhanced"))]


class ProductGroup(models.Model):
    """A heading of the shop, such as Email Services."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("short name in links"), max_length=80, unique=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        """In the order that staff gave them."""

        verbose_name = _("product group")
        verbose_name_plural = _("product groups")
        ordering: ClassVar = ["position", "name"]

    def __str__(self) -> str:
        """Return its name."""
        return self.name


class ModuleSettings(models.Model):
    """The ten module settings in the sheet's words and order, and three appended."""

    endpoint = models.CharField(
        _("API Endpoint"),
        max_length=255,
        blank=True,
        help_text=_(
            "Empty: the server's own, https://HOSTNAME/admin/json.php; for the "
            "server cp.emailarray.com that is "
            "https://cp.emailarray.com/admin/json.php."
        ),
    )
    allowed_domains = models.CharField(
        _("Allowed Domains CSV"),
        max_length=2000,
        blank=True,
        help_text=_(
            "The shared domains on which customers may order, such as "
            "thexyz.com,thexyz.ca,thexyz.cn. No other domain can be used."
        ),
    )
    account_type = models.CharField(
        _("Default Account Type"),
        max_length=20,
        choices=ACCOUNT_TYPES,
        default="1|Basic",
        help_text=_("Basic for standard mailboxes, Enhanced for higher-tier plans."),
    )
    quota_gb = models.CharField(
        _("Default Quota GB"),
        max_length=20,
        default="25",
        help_text=_("The option Mailbox Quota (GB) overrides it."),
    )
    max_aliases = models.CharField(
        _("Max Aliases"), max_length=20, default="25", help_text=_("0 means unlimited.")
    )
    allow_external_forwards = models.BooleanField(
        _("Allow External Forwards"),
        default=False,
        help_text=_("Off: aliases deliver to addresses of the mailbox's domain only."),
    )
    timezone = models.CharField(
        _("Default Timezone"), max_length=64, default=plans.TIMEZONE.default
    )
    date_format = models.CharField(
        _("Default Date Format"),
        max_length=10,
        choices=[(value, value) for value in plans.DATE_FORMATS],
        default=plans.DATE_FORMAT.default,
    )
    language = models.CharField(
        _("Default Language"),
        max_length=10,
        choices=[(value, value) for value in plans.LANGUAGES],
        default=plans.LANGUAGE.default,
    )
    max_lists = models.CharField(
        _("Max Distribution Lists"),
        max_length=20,
        default="5",
        help_text=_("0 means unlimited."),
    )
    enable_aliases = models.BooleanField(_("Enable Aliases"), default=True)
    enable_lists = models.BooleanField(_("Enable Distribution Lists"), default=True)
    allow_external_list_members = models.BooleanField(
        _("Allow External List Members"), default=True
    )

    class Meta:
        """Not a table of its own."""

        abstract = True

    def module_settings(self) -> dict[str, object]:
        """Return the settings raw, as they go into the context of every call."""
        return {setting.key: getattr(self, setting.key) for setting in PLAN_SETTINGS}

    def plan(self, options: Mapping[str, object] | None = None) -> Plan:
        """Return the plan of this product; wrong settings take their defaults."""
        return Plan.lenient(self.module_settings(), options or {})

    def clean(self) -> None:
        """Refuse each wrong setting at its own field, in the words of the plan."""
        super().clean()
        wrong: dict[str, str] = {}
        for key, value in self.module_settings().items():
            try:
                Plan.parse({key: value}, {})
            except Invalid as refusal:
                wrong[key] = say(refusal.sentence, refusal.params)
        if wrong:
            raise ValidationError(wrong, code="setting_invalid")


class Product(ModuleSettings):
    """What can be ordered: a plan with a price text and a way of being set up."""

    class Kind(models.TextChoices):
        """The sheet's "product type"."""

        OTHER = "other", _("Other")

    group = models.ForeignKey(
        ProductGroup,
        on_delete=models.PROTECT,
        related_name="products",
        verbose_name=_("product group"),
    )
    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(_("short name in links"), max_length=80, unique=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    price_text = models.CharField(
        _("price"), max_length=80, blank=True, help_text=_("As shown, such as €3/month")
    )
    kind = models.CharField(
        _("product type"), max_length=10, choices=Kind, default=Kind.OTHER
    )
    auto_setup = models.CharField(
        _("Automatic Setup"),
        max_length=10,
        choices=AutoSetup,
        default=AutoSetup.PAYMENT,
    )
    server_group = models.ForeignKey(
        ServerGroup,
        on_delete=models.PROTECT,
        related_name="products",
        null=True,
        blank=True,
        verbose_name=_("server group"),
    )
    on_sale = models.BooleanField(_("on sale"), default=False)
    position = models.PositiveIntegerField(_("position"), default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """In the order that staff gave them."""

        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering: ClassVar = ["position", "name"]

    def __str__(self) -> str:
        """Return its name."""
        return self.name

    def clean(self) -> None:
        """Refuse what could not be sold: settings, no domain, no server."""
        super().clean()
        if self.on_sale and not self.plan().allowed_domains:
            message = _("Enter at least one domain before it goes on sale.")
            raise ValidationError({"allowed_domains": message}, code="domain_missing")
        if self.on_sale and self.server_group_id is None:
            message = _("Choose a server group before it goes on sale.")
            raise ValidationError({"server_group": message}, code="server_missing")
        if self.endpoint and self.server_group is not None:
            self._check_endpoint(self.server_group)

    def _check_endpoint(self, group: ServerGroup) -> None:
        """Its own endpoint receives the servers' passwords: each must be allowed."""
        for server in group.servers.all():
            try:
                check_details(installation(), server.details(self.endpoint))
            except Refusal as refusal:
                message = say(refusal.sentence, refusal.params)
                raise ValidationError(
                    {"endpoint": message}, code=refusal.code
                ) from refusal


class OptionValue(models.Model):
    """One value of a configurable option that a customer may choose."""

    class Option(models.TextChoices):
        """The two options, named exactly as the sheet does."""

        ACCOUNT_TYPE = "Account Type", _("Account Type")
        QUOTA_GB = "Mailbox Quota (GB)", _("Mailbox Quota (GB)")

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="options"
    )
    option = models.CharField(_("option"), max_length=40, choices=Option)
    value = models.CharField(_("value"), max_length=40)
    price_text = models.CharField(_("price"), max_length=80, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        """A value is offered once."""

        verbose_name = _("configurable option")
        verbose_name_plural = _("configurable options")
        ordering: ClassVar = ["option", "position", "pk"]
        constraints: ClassVar = [
            UniqueConstraint(
                fields=["product", "option", "value"], name="option_value_once"
            )
        ]

    def __str__(self) -> str:
        """Return option and value."""
        return f"{self.option}: {self.value}"

    def clean(self) -> None:
        """Refuse a value that no plan could have."""
        super().clean()
        try:
            Plan.parse({}, {self.option: self.value})
        except Invalid as refusal:
            sentence = say(refusal.sentence, refusal.params)
            raise ValidationError({"value": sentence}, code=refusal.code) from refusal


# What the sheet suggests for the two options, offered when staff makes a product.
SUGGESTED_OPTIONS: Mapping[OptionValue.Option, tuple[str, ...]] = {
    OptionValue.Option.ACCOUNT_TYPE: ("Basic", "Enhanced"),
    OptionValue.Option.QUOTA_GB: ("10", "25", "50", "100"),
}
