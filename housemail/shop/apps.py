"""Django's registration of this room."""

from django.apps import AppConfig


class ShopConfig(AppConfig):
    """The door of visitors: choose an address, order it, follow the order."""

    name = "housemail.shop"
    label = "shop"
