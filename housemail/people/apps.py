"""Django's registration of this room."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Who signs in, and what staff may do."""

    name = "housemail.people"
    label = "people"
    verbose_name = _("People and access")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the roles' groups with each migration; watch second factors."""
        from housemail.people import second_factor

        post_migrate.connect(_make_groups, sender=self)
        second_factor.watch()


def _make_groups(*, using: str, **kwargs: Any) -> None:
    del kwargs  # the signal brings more
    from housemail.people import roles

    roles.make_groups(using)
