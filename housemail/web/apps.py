"""Django's registration of this room."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """What pages share: base template, elements, style, middleware."""

    name = "housemail.web"
    label = "web"
