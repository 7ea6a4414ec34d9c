"""Django's registration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SalesConfig(AppConfig):
    """Servers, products, orders, services and outgoing e-mails of the shop."""

    name = "housemail.sales"
    label = "sales"
    verbose_name = _("Shop")
    default_auto_field = "django.db.models.BigAutoField"
