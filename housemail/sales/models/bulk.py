"""Runs over many things at once: each line keeps how it ended."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class BulkRun(models.Model):
    """One command over the rows that staff picked."""

    command = models.CharField(_("command"), max_length=40)
    title = models.CharField(_("title"), max_length=120)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("started by"),
    )
    # Of the form that started it: sent twice, it is one run.
    key = models.CharField(max_length=64, unique=True)
    params = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        """The newest first."""

        verbose_name = _("bulk run")
        verbose_name_plural = _("bulk runs")
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        """Return what is done, and which run it is."""
        return f"{self.title} #{self.pk}"


class BulkLine(models.Model):
    """One row of a run."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        UNKNOWN = "unknown", _("Being checked")
        REFUSED = "refused", _("Refused")

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="lines")
    subject_id = models.BigIntegerField()
    label = models.CharField(_("what"), max_length=254)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.WAITING
    )
    sentence = models.CharField(_("result"), max_length=400, blank=True)
    # Whoever runs it has until then; afterwards it is anybody's again.
    lease_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        """As they were picked."""

        verbose_name = _("line of a bulk run")
        verbose_name_plural = _("lines of bulk runs")
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [models.Index(fields=["run", "state"], name="bulk_lines")]

    def __str__(self) -> str:
        """Return what it is about."""
        return self.label
