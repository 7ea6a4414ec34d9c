"""Forms of commands that must not be done without saying why."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from housemail.console.commands import CommandForm


class WhyForm(CommandForm):
    """Asks why, and does not go on without."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Kept in the record. No passwords, please."),
    )
