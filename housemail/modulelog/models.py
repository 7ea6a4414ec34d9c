"""Module log entries, and the switch that turns successes on for a while."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from housemail.exact import ExactCharField


class ModuleLogEntry(models.Model):
    """One redacted platform call."""

    at = models.DateTimeField(db_index=True)
    installation_id = models.BigIntegerField(null=True, db_index=True)
    ref = ExactCharField(max_length=64, blank=True, db_index=True)
    verb = models.CharField(max_length=20, blank=True)
    action = models.CharField(max_length=40)
    host = models.CharField(max_length=255)
    duration_ms = models.PositiveIntegerField()
    outcome = models.CharField(max_length=20)
    request = models.JSONField(default=dict)
    response = models.JSONField(default=dict)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        """Newest first."""

        verbose_name = _("module log entry")
        verbose_name_plural = _("module log entries")
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        """Return action and outcome."""
        return f"{self.action}: {self.outcome}"


class LogSwitch(models.Model):
    """Until when successful calls are logged too; one row."""

    successes_until = models.DateTimeField(null=True, blank=True)
    keep_days = models.PositiveIntegerField(default=14)

    def __str__(self) -> str:
        """Return until when."""
        return f"successes until {self.successes_until}"
