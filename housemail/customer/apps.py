"""Django's registration of this room."""

from django.apps import AppConfig


class CustomerConfig(AppConfig):
    """The pages of somebody who owns mailboxes."""

    name = "housemail.customer"
    label = "customer"
