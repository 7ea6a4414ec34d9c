"""Days that staff type: each counts until its end."""

from __future__ import annotations

from datetime import date, datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        """Take and show days as browsers send them, whatever the language."""
        super().__init__(format="%Y-%m-%d")


def end_of(day: date) -> datetime:
    """Return the end of a day, UTC. Errors: ValidationError for one that is over."""
    end = datetime.combine(day, time.max, tzinfo=timezone.get_default_timezone())
    if end <= timezone.now():
        raise forms.ValidationError(_("Choose a day that is not over."))
    return end
