"""Django's registration of the core."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailboxesConfig(AppConfig):
    """House domains, claims, mailboxes, aliases, lists and the journal."""

    name = "housemail.mailboxes"
    label = "mailboxes"
    verbose_name = _("Mailboxes")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Fill the table of verbs, from which open operations are settled."""
        from housemail.mailboxes import provisioning  # noqa: F401
        from housemail.mailboxes.verbs import parts  # noqa: F401
