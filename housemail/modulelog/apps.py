"""Django's registration of the module log."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ModuleLogConfig(AppConfig):
    """Module log entries and the switch that turns successes on."""

    name = "housemail.modulelog"
    label = "modulelog"
    verbose_name = _("Module log")
    default_auto_field = "django.db.models.BigAutoField"
