"""How mailboxes are written into answers: scalar types, units, date formats.

By default row scalars are strings, as if they came straight from a database
column (API reference 2.1); switches choose other formats.
"""

from __future__ import annotations

import html
from dataclasses import dataclass

from emulator.clock import stamp
from emulator.state import MB_PER_GB, Domain, Mailbox
from emulator.switches import Consultation


@dataclass(frozen=True)
class RowFormat:
    """The formats in effect for one call, looked up once."""

    quota_unit: str
    usage: str
    timestamp: str
    entities: bool

    @classmethod
    def of(cls, consult: Consultation) -> RowFormat:
        """Ask the switches."""
        return cls(
            consult.word("quota_read_unit", "unit", "mb1000"),
            consult.word("usage_format", "form", "number"),
            consult.word("timestamp_format", "form", "text"),
            consult.on("html_entities") is not None,
        )

    def row(
        self, domain: Domain, box: Mailbox, *, quota: bool = True
    ) -> dict[str, object]:
        """A listing row (API reference 5.1)."""
        row: dict[str, object] = {
            "username": box.username,
            "domain": domain.name,
            "email": f"{box.username}@{domain.name}",
            "uname": html.escape(box.uname) if self.entities else box.uname,
            "account_type": str(box.account_type),
            "disabled": digit(flag=box.disabled),
            "lastauth_timestamp": self._lastauth(box),
        }
        if quota:
            row["quota"] = self._quota(box)
            row["usage"] = self._usage(box)
        return row

    def info(self, domain: Domain, box: Mailbox) -> dict[str, object]:
        """The row plus preferences (getUserInfo)."""
        return self.row(domain, box) | {
            "twofa_allowed": digit(flag=box.twofa_allowed),
            "user_language": box.user_language,
            "timezone": box.timezone,
            "dateformat": box.dateformat,
        }

    def _quota(self, box: Mailbox) -> str:
        if self.quota_unit == "mb1024":
            return f"{box.quota_mb * 1024 / MB_PER_GB:.10g}"
        if self.quota_unit == "gb":
            return f"{box.quota_mb / MB_PER_GB:.10g}"
        return str(box.quota_mb)

    def _usage(self, box: Mailbox) -> str | None:
        if self.usage == "text":
            return f"{box.usage_mb / MB_PER_GB:.1f} GB"
        if self.usage == "percent":
            return f"{round(100 * box.usage_mb / max(box.quota_mb, 1))}%"
        return None if self.usage == "null" else str(box.usage_mb)

    def _lastauth(self, box: Mailbox) -> str | None:
        if self.timestamp == "null" or box.lastauth is None:
            return "0000-00-00 00:00:00" if self.timestamp == "zero" else None
        if self.timestamp == "epoch":
            return str(int(box.lastauth))
        return (
            "0000-00-00 00:00:00" if self.timestamp == "zero" else stamp(box.lastauth)
        )


def digit(*, flag: bool) -> str:
    """A flag as a database column shows it."""
    return "1" if flag else "0"
