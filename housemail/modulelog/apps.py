"""Django's registration of the module log."""

from django.apps import AppConfig


class ModuleLogConfig(AppConfig):
    """Module log entries and the switch that turns successes on."""

    name = "housemail.modulelog"
    label = "modulelog"
    default_auto_field = "django.db.models.BigAutoField"
