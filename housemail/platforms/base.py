"""What a mail platform is to us: one Protocol, its values and its errors.

Platform words never leave the vendor's folder; nothing here knows Django or our
models. Every method takes a ``Deadline`` and one ``Address`` that the caller's own
claim holds: the platform does not know whose an alias is, we do.

Errors a platform may raise, and nothing else may slip through::

    PlatformError
    ├── PlatformRefused       it answered and said no; nothing changed
    │   ├── LoginRefused      user name or password refused
    │   └── PermissionRefused the account may not do this
    ├── PlatformUnavailable   nothing was sent, or nothing came of it
    │   ├── PlatformBusy      it answered: not now, too many calls
    │   ├── HostUnreachable   no connection (DNS, refused, TLS, connect time-out)
    │   ├── CircuitOpen       too many transport failures a moment ago
    │   └── NotAnAdminApi     something answered, but not as the admin API (login only)
    └── OutcomeUnknown        it was sent, the answer is lost or unreadable
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Protocol


class PlatformError(Exception):
    """Base of everything a platform may raise."""

    def __init__(self, detail: str, *, action: str = "") -> None:
        """Keep the platform's sentence (cut, no secret) and its action's name."""
        super().__init__(detail)
        self.detail = detail
        self.action = action


class PlatformRefused(PlatformError):
    """The platform answered and said no: nothing changed."""


class LoginRefused(PlatformRefused):
    """User name or password refused."""


class PermissionRefused(PlatformRefused):
    """Login works, the account may not do this."""


class PlatformUnavailable(PlatformError):
    """Nothing was sent; asking again later is safe."""


class PlatformBusy(PlatformUnavailable):
    """It answered that it takes no more calls for now: nothing changed."""


class HostUnreachable(PlatformUnavailable):
    """No connection could be made; ``host`` names whom we tried."""

    def __init__(self, detail: str, *, action: str = "", host: str = "") -> None:
        """Keep the host that was tried."""
        super().__init__(detail, action=action)
        self.host = host


class CircuitOpen(HostUnreachable):
    """Too many transport failures a moment ago; nothing was tried."""


class NotAnAdminApi(PlatformUnavailable):
    """Something answered the login, but not as the admin API."""


class OutcomeUnknown(PlatformError):
    """The request was sent and its answer is lost or unreadable: look, then decide."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point on the monotonic clock by which an answer is due."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Return the deadline that many seconds from now."""
        return cls(time.monotonic() + seconds)

    def remaining(self) -> float:
        """Return the seconds left, never below zero."""
        return max(0.0, self.at - time.monotonic())

    def within(self, seconds: float) -> Deadline:
        """Return the earlier of this deadline and one that many seconds from now."""
        return Deadline(min(self.at, time.monotonic() + seconds))


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """A handle on a house domain, both lower case."""

    handle: str
    domain: str

    def __str__(self) -> str:
        """Return ``handle@domain``."""
        return f"{self.handle}@{self.domain}"


class AccountType(int, Enum):
    """The two account types of the product sheet."""

    BASIC = 1
    ENHANCED = 2


@dataclass(frozen=True, slots=True)
class Localisation:
    """Language code, IANA time zone and date format, as the product sheet writes."""

    language: str = "en"
    timezone: str = "America/Montreal"
    date_format: str = "yyyy-mm-dd"


@dataclass(frozen=True, slots=True)
class MailboxSpec:
    """A mailbox as it is wanted; the password travels beside it, never in it."""

    address: Address
    account_type: AccountType
    quota_gb: Decimal
    display_name: str
    localisation: Localisation


@dataclass(frozen=True, slots=True)
class RemoteMailbox:
    """A mailbox as the platform shows it; what it does not show is None.

    ``quota_raw`` is the number as read: its unit is not known for certain, so it
    is only ever compared (``shows_quota``), never converted and written back.
    """

    address: Address
    account_type: int | None = None
    quota_raw: Decimal | None = None
    display_name: str | None = None
    disabled: bool | None = None
    used_bytes: int | None = None
    last_login_at: datetime | None = None
    language: str | None = None
    timezone: str | None = None
    date_format: str | None = None

    def shows_quota(self, wanted_gb: Decimal) -> bool | None:
        """Say whether the quota read matches, in MB of 1000 or 1024 or in GB.

        None when no quota was read. Source: API 6.7 (1 % tolerance keeps the two
        MB readings apart).
        """
        if self.quota_raw is None:
            return None
        return any(
            abs(self.quota_raw - wanted_gb * k) <= wanted_gb * k / 100
            for k in (1000, 1024, 1)
        )


class Presence(Enum):
    """What a look can say (protocol 2)."""

    PRESENT = "present"
    ABSENT = "absent"
    UNPROVEN = "unproven"


@dataclass(frozen=True, slots=True)
class Look:
    """The result of looking for one address."""

    presence: Presence
    mailbox: RemoteMailbox | None = None


@dataclass(frozen=True, slots=True)
class RemoteAlias:
    """An alias as the platform lists it."""

    handle: str
    destination: str


@dataclass(frozen=True, slots=True)
class WebmailLogin:
    """A one-time way into webmail, minted per call and never stored."""

    method: str
    url: str = field(repr=False)
    fields: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """One redacted platform call, as it may be logged and shown."""

    action: str
    host: str
    duration_ms: int
    outcome: str
    request: dict[str, str]
    response: dict[str, object]


Recorder = Callable[[Call], None]


class Platform(Protocol):
    """One account on one mail platform. Safe to share between threads.

    Writes are sent at most once per call and raise PlatformRefused,
    PlatformUnavailable or OutcomeUnknown. Reads may be repeated inside the call
    and raise PlatformRefused or PlatformUnavailable (a read whose answer is lost
    changed nothing, so it is never "unknown").
    """

    kind: str
    harmless: bool

    def connect(self, deadline: Deadline) -> list[str]:
        """Log in afresh and return the domains of the account, lower case."""
        ...

    def look(self, address: Address, deadline: Deadline, *, calibrated: bool) -> Look:
        """Look for one mailbox.

        ``calibrated`` says that the same search found a mailbox known to exist on
        this server and domain within the last day; without it "nothing found" is
        only UNPROVEN. Never lists a whole domain.
        """
        ...

    def read(self, address: Address, deadline: Deadline) -> RemoteMailbox | None:
        """Return all the platform shows of one mailbox, or None when it shows none.

        None is not a proof of absence.
        """
        ...

    def create_mailbox(
        self, spec: MailboxSpec, password: str, deadline: Deadline
    ) -> None:
        """Create it, sent once. Not repeatable."""
        ...

    def update_mailbox(
        self, spec: MailboxSpec, deadline: Deadline, *, password: str | None = None
    ) -> None:
        """Send the full set of values (and a password when given). Repeatable."""
        ...

    def disable_mailbox(self, address: Address, deadline: Deadline) -> None:
        """Switch the mailbox off."""
        ...

    def enable_mailbox(self, address: Address, deadline: Deadline) -> None:
        """Switch the mailbox on."""
        ...

    def remove_mailbox(self, address: Address, deadline: Deadline) -> None:
        """Delete the mailbox and its mail."""
        ...

    def add_alias(self, address: Address, destination: str, deadline: Deadline) -> None:
        """Create an alias that delivers to ``destination``."""
        ...

    def remove_alias(self, address: Address, deadline: Deadline) -> None:
        """Remove an alias."""
        ...

    def add_list(self, address: Address, deadline: Deadline) -> None:
        """Create an empty distribution list."""
        ...

    def remove_list(self, address: Address, deadline: Deadline) -> None:
        """Remove a distribution list."""
        ...

    def list_members(self, address: Address, deadline: Deadline) -> list[str]:
        """Return the members of one list, as the platform writes them."""
        ...

    def add_member(self, address: Address, member: str, deadline: Deadline) -> None:
        """Add one member, a full address."""
        ...

    def remove_member(self, address: Address, member: str, deadline: Deadline) -> None:
        """Remove one member, written exactly as listed."""
        ...

    def webmail_login(self, address: Address, deadline: Deadline) -> WebmailLogin:
        """Mint a one-time login."""
        ...

    def all_aliases(self, domain: str, deadline: Deadline) -> list[RemoteAlias]:
        """List every alias of a domain. Background only; raises unless complete."""
        ...

    def all_lists(self, domain: str, deadline: Deadline) -> list[str]:
        """List the handles of every list of a domain. Background only."""
        ...

    def all_mailboxes(self, domain: str, deadline: Deadline) -> Iterator[RemoteMailbox]:
        """Yield every mailbox of a domain, page by page, each at most once.

        Background only. Raises PlatformUnavailable when any page fails or the
        listing cannot be shown to be complete: whoever consumed rows before must
        then draw no conclusion about absence.
        """
        ...
