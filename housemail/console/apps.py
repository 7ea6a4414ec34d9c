"""Django's registration of this room."""

from importlib import import_module

from django.apps import AppConfig

# Each module registers its parts with the console's site.
PARTS = (
    "claims",
    "domains",
    "history",
    "keys",
    "log",
    "operations",
    "orders",
    "people",
    "products",
    "reserved",
    "runs",
    "servers",
    "services",
    "shop_services",
)


class ConsoleConfig(AppConfig):
    """The staff console."""

    name = "housemail.console"
    label = "console"

    def ready(self) -> None:
        """Load the parts, now that all models are there."""
        for part in PARTS:
            import_module(f"{self.name}.{part}")
