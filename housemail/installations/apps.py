"""Django's registration of this room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InstallationsConfig(AppConfig):
    """Installations, keys and servers."""

    name = "housemail.installations"
    label = "installations"
    verbose_name = _("Billing systems")
    default_auto_field = "django.db.models.BigAutoField"
