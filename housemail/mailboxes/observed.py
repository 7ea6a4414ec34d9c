"""Ties a verb to the module log: every platform call made meanwhile is recorded."""

from __future__ import annotations

from contextvars import ContextVar
from types import TracebackType

from housemail.mailboxes.models import Mailbox
from housemail.modulelog import storage
from housemail.platforms.base import Call
from housemail.platforms.recording import recording

# What the door of this request wants back as ``calls``.
_collected: ContextVar[list[Call] | None] = ContextVar("collected", default=None)


class Collecting:
    """Collects the redacted calls of one request for its answer."""

    def __enter__(self) -> list[Call]:
        """Start with none."""
        self._calls: list[Call] = []
        self._token = _collected.set(self._calls)
        return self._calls

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        _collected.reset(self._token)


class Following:
    """Records the calls made inside it for one mailbox and verb."""

    def __init__(self, mailbox: Mailbox | None, verb: str, request_id: str) -> None:
        """Keep whom the calls are for."""
        self._mailbox = mailbox
        self._verb = verb
        self._request_id = request_id
        self._calls: list[Call] = []
        self._recording = recording(self._calls.append)

    def __enter__(self) -> Following:
        """Start recording."""
        self._recording.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Store what was recorded; a log that cannot be written stops nothing."""
        self._recording.__exit__(kind, value, trace)
        collected = _collected.get()
        if collected is not None:
            collected.extend(self._calls)
        if kind is None or issubclass(kind, Exception):
            mailbox = self._mailbox
            storage.store(
                self._calls,
                installation_id=mailbox.installation_id if mailbox else None,
                ref=mailbox.ref if mailbox else "",
                verb=self._verb,
                request_id=self._request_id,
            )
