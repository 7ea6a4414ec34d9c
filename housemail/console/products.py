"""Products with the ten module settings of the product sheet, and their groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline

from housemail.console.base import RoomAdmin
from housemail.console.marks import mark
from housemail.console.sections import Section
from housemail.console.site import site
from housemail.people import roles
from housemail.people.roles import Action
from housemail.sales import catalogue
from housemail.sales.models import OptionValue, Product, ProductGroup
from housemail.sales.models.products import SUGGESTED_OPTIONS

SETTINGS = (
    "endpoint",
    "allowed_domains",
    "account_type",
    "quota_gb",
    "max_aliases",
    "allow_external_forwards",
    "timezone",
    "date_format",
    "language",
    "max_lists",
)
# What the sheet says of settings whose field says nothing.
HELP = {
    "timezone": _("Such as America/Montreal; the mail platform is told at set-up."),
    "date_format": _("Such as yyyy-mm-dd."),
    "language": _("Of webmail, until the owner chooses another."),
    "auto_setup": _("When a mailbox is set up by itself."),
    "on_sale": _("Off: it is not shown, and what was ordered goes on."),
}
APPENDED = ("enable_aliases", "enable_lists", "allow_external_list_members")


def suggested() -> list[dict[str, object]]:
    """Return the sheet's values of both options, as the rows of a new product."""
    return [
        {"option": option, "value": value, "position": position}
        for option, values in SUGGESTED_OPTIONS.items()
        for position, value in enumerate(values)
    ]


if TYPE_CHECKING:
    _OptionForm = forms.ModelForm[OptionValue]
else:
    _OptionForm = forms.ModelForm


class OptionForm(_OptionForm):
    """One value of an option; a new row without a value and a price is no row."""

    def has_changed(self) -> bool:
        """Leave blank rows alone: their option and position are never empty."""
        if self.instance.pk:
            return super().has_changed()
        typed = (self[name].data or "" for name in ("value", "price_text"))
        return any(text.strip() for text in typed)


class OptionInline(TabularInline):
    """The values that a customer may choose."""

    model = OptionValue
    form = OptionForm
    fields = ("option", "value", "price_text", "position")
    verbose_name = _("configurable option")
    verbose_name_plural = _("configurable options")

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Name each input: the column's heading is not its label."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = db_field.verbose_name
        return field

    def get_extra(
        self, request: HttpRequest, obj: Model | None = None, **kwargs: Any
    ) -> int:
        """A new product begins with the values that the sheet suggests."""
        return 2 if obj is not None else len(suggested())

    def has_view_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """As the product itself."""
        return roles.may(request.user, Action.SEE)

    def has_add_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """As the product itself."""
        return roles.may(request.user, Action.EDIT_CATALOGUE)

    has_change_permission = has_add_permission
    has_delete_permission = has_add_permission


@admin.register(Product, site=site)
class ProductAdmin(RoomAdmin):
    """What customers can order."""

    section = Section.SHOP
    icon = "inventory_2"
    position = 20
    add_action = Action.EDIT_CATALOGUE
    change_action = Action.EDIT_CATALOGUE
    delete_action = Action.EDIT_CATALOGUE
    list_display = (
        "name",
        "group",
        "price_text",
        "auto_setup",
        "server_group",
        "shown_on_sale",
    )
    list_select_related = ("group", "server_group")
    search_fields = ("name", "slug", "description", "allowed_domains", "group__name")
    search_help_text = _("Name, description, domain or group")
    quick_filters = (
        (_("All"), {}),
        (_("On sale"), {"on_sale": "1"}),
        (_("Not on sale"), {"on_sale": "0"}),
    )
    prepopulated_fields = {"slug": ("name",)}
    inlines = (OptionInline,)
    fieldsets = (
        (
            _("What is sold"),
            {
                "fields": (
                    "group",
                    "name",
                    "slug",
                    "description",
                    "price_text",
                    "kind",
                    "auto_setup",
                    "server_group",
                    "on_sale",
                    "position",
                )
            },
        ),
        (
            _("Module settings"),
            {
                "fields": SETTINGS,
                "description": _(
                    "The ten settings of the product sheet, in its words and order."
                ),
            },
        ),
        (
            _("More settings"),
            {
                "fields": APPENDED,
                "description": _("On by default; off takes a page from customers."),
            },
        ),
        (
            _("Custom field and configurable options"),
            {
                "fields": ("custom_field", "account_types", "quotas"),
                "description": _(
                    "The order form asks for the custom field by itself; there is "
                    "nothing to set. Offer values of the two options below; without "
                    "any the settings above apply."
                ),
            },
        ),
    )
    readonly_fields = ("custom_field", "account_types", "quotas")

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """What was ordered is withdrawn, not deleted."""
        allowed = super().has_delete_permission(request, obj)
        ordered = isinstance(obj, Product) and catalogue.was_ordered(obj)
        return allowed and not ordered

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Explain each setting where it is set."""
        if db_field.name in HELP:
            kwargs.setdefault("help_text", HELP[db_field.name])
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_formset_kwargs(
        self, request: HttpRequest, obj: Model, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """Fill in the suggested options of a new product; staff strikes or changes."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(
            request, obj, inline, prefix
        )
        if obj.pk is None and request.method == "GET":
            kwargs["initial"] = suggested()
        return kwargs

    @admin.display(description=_("State"), ordering="on_sale")
    def shown_on_sale(self, product: Product) -> SafeString:
        """Whether it can be ordered."""
        if product.on_sale:
            return mark(gettext("On sale"), "good")
        return mark(gettext("Not on sale"), "plain")

    @admin.display(description=_("Mailbox"))
    def custom_field(self, product: Product) -> str:
        """What the order form asks for, as the sheet describes it."""
        return gettext(
            "Text box, required, on the order form: Choose the first part of your "
            "email address. Allowed are a-z, 0-9, dot, underscore and hyphen; it "
            "starts and ends with a letter or number."
        )

    @admin.display(description=_("Account Type"))
    def account_types(self, product: Product) -> str:
        """What the sheet says of the first option."""
        return gettext("Overrides Default Account Type. Suggested: Basic, Enhanced.")

    @admin.display(description=_("Mailbox Quota (GB)"))
    def quotas(self, product: Product) -> str:
        """What the sheet says of the second option."""
        return gettext("Overrides Default Quota GB. Suggested: 10, 25, 50, 100.")


@admin.register(ProductGroup, site=site)
class ProductGroupAdmin(RoomAdmin):
    """The headings of the shop."""

    section = Section.SHOP
    icon = "category"
    position = 30
    add_action = Action.EDIT_CATALOGUE
    change_action = Action.EDIT_CATALOGUE
    delete_action = Action.EDIT_CATALOGUE
    list_display = ("name", "slug", "position", "size")
    search_fields = ("name", "slug")
    search_help_text = _("Name")
    prepopulated_fields = {"slug": ("name",)}
    fields = ("name", "slug", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProductGroup]:
        """Read how many products each has."""
        return ProductGroup.objects.annotate(size=Count("products"))

    @admin.display(description=_("Products"))
    def size(self, group: ProductGroup) -> int:
        """How many products are in it."""
        return int(getattr(group, "size", 0))
