"""What a host that lags behind still shows (replication_lag).

While the switch is on, each write first keeps a copy of the domain it touches.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from emulator.state import Domain


@dataclass
class Past:
    """Domains as they were before each recent change, oldest first."""

    changes: deque[tuple[float, str, Domain | None]] = field(default_factory=deque)

    def record(
        self, now: float, name: str, domain: Domain | None, *, keep: float
    ) -> None:
        """Keep a domain as it is before a change; None: it does not exist."""
        while self.changes and self.changes[0][0] < now - keep:
            self.changes.popleft()
        if name:
            self.changes.append((now, name, domain.frozen() if domain else None))

    def seen_at(
        self, moment: float, current: Mapping[str, Domain]
    ) -> Mapping[str, Domain]:
        """The domains as they were at a moment."""
        view = dict(current)
        seen: set[str] = set()
        for at, name, domain in self.changes:
            # The first change after the moment holds what was true at the moment.
            if at <= moment or name in seen:
                continue
            seen.add(name)
            if domain is None:
                view.pop(name, None)
            else:
                view[name] = domain
        return view
