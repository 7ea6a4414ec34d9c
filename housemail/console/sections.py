"""The headings of the console's sidebar, in their order."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Section(TextChoices):
    """What belongs together; each part of the console names one."""

    SHOP = "shop", _("Shop")
    MAILBOXES = "mailboxes", _("Mailboxes")
    PLATFORM = "platform", _("Mail platform")
    ACCESS = "access", _("People and access")
