"""Django's registration of this room."""

from django.apps import AppConfig


class AccountConfig(AppConfig):
    """Sign-up, sign-in and one's own account. allauth has the label ``account``."""

    name = "housemail.account"
    label = "own_account"
