"""The imitated platform from behind: what was there before us, and what goes wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import urllib3

TIMEOUT = urllib3.Timeout(connect=3, read=30)
Row = Mapping[str, object]


class ControlError(Exception):
    """The imitation would not do it; the text says why."""


class Control:
    """Its control interface; nothing here passes the service."""

    def __init__(self, url: str) -> None:
        """Remember where."""
        self._pool = urllib3.PoolManager(retries=False, timeout=TIMEOUT)
        self._url = url.rstrip("/")

    def put(self, **rows: Sequence[Row]) -> None:
        """Put ``mailboxes``, ``aliases``, ``lists``; ``changes`` of mailboxes there."""
        self._post("/seed", rows)

    def fault(self, name: str, **scope: object) -> None:
        """Switch a fault on."""
        self._post("/switch", {"name": name, **scope})

    def calm(self) -> None:
        """Switch all faults off."""
        self._post("/switch", {"on": False, "all": True})

    def preset(self, name: str) -> None:
        """Behave as the preset says, from now on."""
        self._post("/preset", {"name": name})

    def close(self) -> None:
        """Give the connections back."""
        self._pool.clear()

    def _post(self, path: str, wish: object) -> None:
        try:
            answer = self._pool.request(
                "POST",
                self._url + path,
                body=json.dumps(wish),
                headers={"Content-Type": "application/json"},
            )
        except urllib3.exceptions.HTTPError as error:
            raise ControlError(f"the imitated platform is gone ({error})") from error
        if answer.status != 200:
            raise ControlError(answer.data.decode("utf-8", "replace")[:300])
