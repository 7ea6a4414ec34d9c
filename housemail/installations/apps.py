"""Django's registration of this room."""

from django.apps import AppConfig


class InstallationsConfig(AppConfig):
    """Installations, keys and servers."""

    name = "housemail.installations"
    label = "installations"
    default_auto_field = "django.db.models.BigAutoField"
