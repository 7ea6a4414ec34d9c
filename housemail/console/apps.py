"""Django's registration of this room."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The staff console."""

    name = "housemail.console"
    label = "console"
