"""The harmless platform: it keeps mailboxes in this process and mail nowhere."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from housemail.platforms.base import (
    Address,
    Call,
    Deadline,
    Look,
    MailboxSpec,
    PlatformRefused,
    PlatformUnavailable,
    Presence,
    RemoteAlias,
    RemoteMailbox,
    WebmailLogin,
)
from housemail.platforms.recording import report

logger = logging.getLogger(__name__)

T = TypeVar("T")

HOST = "memory"
MB_PER_GB = 1000


@dataclass(slots=True)
class _Account:
    mailboxes: dict[Address, RemoteMailbox] = field(default_factory=dict)
    aliases: dict[Address, str] = field(default_factory=dict)
    lists: dict[Address, list[str]] = field(default_factory=dict)
    logins: int = 0

    def taken(self, address: Address) -> bool:
        return any(
            address in held for held in (self.mailboxes, self.aliases, self.lists)
        )


_accounts: dict[str, _Account] = {}
_lock = threading.RLock()
_warned = threading.Event()


class Memory:
    """A mail platform that is none: nothing is delivered, all is lost at exit.

    For trying out and for tests. One account per user name, shared by the whole
    process, and no password of the account is checked. Like the real one it keeps
    one namespace for mailboxes, aliases and lists, and has a rule for passwords.
    """

    kind = "memory"
    harmless = True

    def __init__(
        self, account: str = HOST, *, domains: tuple[str, ...] = ("house.test",)
    ) -> None:
        """Open the account of that name; the first time, say that it is harmless."""
        self._domains = domains
        with _lock:
            self._account = _accounts.setdefault(account, _Account())
        if not _warned.is_set():
            _warned.set()
            logger.warning("the memory platform keeps mail nowhere: nobody gets any")

    @staticmethod
    def forget() -> None:
        """Forget every account: for tests."""
        with _lock:
            _accounts.clear()

    def connect(self, deadline: Deadline) -> list[str]:
        """Return the domains it was given."""
        with self._call("connect", None, deadline):
            return [name.lower() for name in self._domains]

    def look(self, address: Address, deadline: Deadline, *, calibrated: bool) -> Look:
        """Look for one mailbox; uncalibrated, nothing found is UNPROVEN."""
        with self._call("look", address, deadline):
            found = self._account.mailboxes.get(address)
        if found is not None:
            return Look(Presence.PRESENT, found)
        return Look(Presence.ABSENT if calibrated else Presence.UNPROVEN)

    def read(self, address: Address, deadline: Deadline) -> RemoteMailbox | None:
        """Return the mailbox, or None."""
        with self._call("read", address, deadline):
            return self._account.mailboxes.get(address)

    def create_mailbox(
        self, spec: MailboxSpec, password: str, deadline: Deadline
    ) -> None:
        """Create it. Errors: PlatformRefused when taken or the password is weak."""
        with self._call("create_mailbox", spec.address, deadline):
            self._need_free(spec.address)
            _need_strong(password)
            self._account.mailboxes[spec.address] = _shown(spec, disabled=False)

    def update_mailbox(
        self, spec: MailboxSpec, deadline: Deadline, *, password: str | None = None
    ) -> None:
        """Set every value. Errors: PlatformRefused."""
        with self._call("update_mailbox", spec.address, deadline):
            known = self._need(self._account.mailboxes, spec.address)
            if password is not None:
                _need_strong(password)
            changed = _shown(spec, disabled=bool(known.disabled))
            self._account.mailboxes[spec.address] = changed

    def disable_mailbox(self, address: Address, deadline: Deadline) -> None:
        """Switch it off; again is fine. Errors: PlatformRefused."""
        self._switch("disable_mailbox", address, deadline, disabled=True)

    def enable_mailbox(self, address: Address, deadline: Deadline) -> None:
        """Switch it on; again is fine. Errors: PlatformRefused."""
        self._switch("enable_mailbox", address, deadline, disabled=False)

    def remove_mailbox(self, address: Address, deadline: Deadline) -> None:
        """Remove it. Errors: PlatformRefused."""
        with self._call("remove_mailbox", address, deadline):
            self._need(self._account.mailboxes, address)
            del self._account.mailboxes[address]

    def add_alias(self, address: Address, destination: str, deadline: Deadline) -> None:
        """Create an alias. Errors: PlatformRefused."""
        with self._call("add_alias", address, deadline):
            self._need_free(address)
            self._account.aliases[address] = destination

    def remove_alias(self, address: Address, deadline: Deadline) -> None:
        """Remove an alias. Errors: PlatformRefused."""
        with self._call("remove_alias", address, deadline):
            self._need(self._account.aliases, address)
            del self._account.aliases[address]

    def add_list(self, address: Address, deadline: Deadline) -> None:
        """Create an empty list. Errors: PlatformRefused."""
        with self._call("add_list", address, deadline):
            self._need_free(address)
            self._account.lists[address] = []

    def remove_list(self, address: Address, deadline: Deadline) -> None:
        """Remove a list. Errors: PlatformRefused."""
        with self._call("remove_list", address, deadline):
            self._need(self._account.lists, address)
            del self._account.lists[address]

    def list_members(self, address: Address, deadline: Deadline) -> list[str]:
        """Return the members. Errors: PlatformRefused."""
        with self._call("list_members", address, deadline):
            return self._need(self._account.lists, address).copy()

    def add_member(self, address: Address, member: str, deadline: Deadline) -> None:
        """Add a member. Errors: PlatformRefused, also when already in."""
        with self._call("add_member", address, deadline):
            members = self._need(self._account.lists, address)
            if member in members:
                raise PlatformRefused("already a member")
            members.append(member)

    def remove_member(self, address: Address, member: str, deadline: Deadline) -> None:
        """Remove a member. Errors: PlatformRefused, also when not in."""
        with self._call("remove_member", address, deadline):
            members = self._need(self._account.lists, address)
            if member not in members:
                raise PlatformRefused("not a member")
            members.remove(member)

    def webmail_login(self, address: Address, deadline: Deadline) -> WebmailLogin:
        """Return a link that leads nowhere, another one each time."""
        with self._call("webmail_login", address, deadline):
            self._need(self._account.mailboxes, address)
            self._account.logins += 1
            url = f"https://webmail.invalid/?once={self._account.logins}"
            return WebmailLogin("GET", url)

    def all_aliases(self, domain: str, deadline: Deadline) -> list[RemoteAlias]:
        """List the aliases of a domain."""
        with self._call("all_aliases", None, deadline):
            held = sorted(self._account.aliases.items())
        return [RemoteAlias(at.handle, to) for at, to in held if at.domain == domain]

    def all_lists(self, domain: str, deadline: Deadline) -> list[str]:
        """List the handles of a domain's lists."""
        with self._call("all_lists", None, deadline):
            held = sorted(self._account.lists)
        return [at.handle for at in held if at.domain == domain]

    def all_mailboxes(self, domain: str, deadline: Deadline) -> Iterator[RemoteMailbox]:
        """Yield the mailboxes of a domain."""
        with self._call("all_mailboxes", None, deadline):
            held = sorted(self._account.mailboxes.items())
        return (box for at, box in held if at.domain == domain)

    @contextmanager
    def _call(
        self, action: str, address: Address | None, deadline: Deadline
    ) -> Iterator[None]:
        """Hold the lock, refuse without time, report the call like the real one."""
        started = time.monotonic()
        outcome = "unavailable"
        try:
            with _lock:
                if deadline.remaining() <= 0:
                    raise PlatformUnavailable("no time left", action=action)
                yield
                outcome = "done"
        except PlatformRefused as exc:
            exc.action = action
            outcome = "refused"
            raise
        finally:
            spent = round((time.monotonic() - started) * 1000)
            named = {"address": str(address)} if address else {}
            report(Call(action, HOST, spent, outcome, named, {}))

    def _switch(
        self, action: str, address: Address, deadline: Deadline, *, disabled: bool
    ) -> None:
        with self._call(action, address, deadline):
            known = self._need(self._account.mailboxes, address)
            self._account.mailboxes[address] = replace(known, disabled=disabled)

    def _need_free(self, address: Address) -> None:
        if self._account.taken(address):
            raise PlatformRefused("this name is already in use")

    @staticmethod
    def _need(held: dict[Address, T], address: Address) -> T:
        if address not in held:
            raise PlatformRefused("there is no such name")
        return held[address]


def _need_strong(password: str) -> None:
    """Refuse what the real platform would refuse. Source: API 6.6."""
    kinds: tuple[Callable[[str], bool], ...] = (
        str.isupper,
        str.islower,
        str.isdigit,
        lambda sign: not sign.isalnum(),
    )
    if len(password) < 8 or not all(any(map(kind, password)) for kind in kinds):
        raise PlatformRefused("the password is too weak")


def _shown(spec: MailboxSpec, *, disabled: bool) -> RemoteMailbox:
    return RemoteMailbox(
        address=spec.address,
        account_type=int(spec.account_type),
        quota_raw=spec.quota_gb * MB_PER_GB,
        display_name=spec.display_name,
        disabled=disabled,
        used_bytes=0,
        last_login_at=None,
        language=spec.localisation.language,
        timezone=spec.localisation.timezone,
        date_format=spec.localisation.date_format,
    )
