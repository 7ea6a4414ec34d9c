"""What the imitated platform knows: domains, mailboxes, aliases, lists, the admin.

Passwords are kept in the clear, because this *is* the platform; they never leave
through the journal, the page, the control interface or a ``repr``.
"""

from __future__ import annotations

import copy
from collections import deque
from dataclasses import dataclass, field

MB_PER_GB = 1000  # decimal, API reference 6.7
BASIC, ENHANCED = 1, 2  # API reference 6.8


@dataclass
class Mailbox:
    """One mailbox; ``quota_mb`` and ``usage_mb`` are decimal megabytes."""

    username: str
    uname: str = ""
    account_type: int = BASIC
    quota_mb: int = MB_PER_GB
    password: str = field(default="", repr=False)
    disabled: bool = False
    user_language: str = "en"
    timezone: str = ""
    dateformat: str = ""
    usage_mb: int = 0
    lastauth: float | None = None
    twofa_allowed: bool = True
    former_passwords: list[str] = field(default_factory=list, repr=False)


@dataclass
class DistributionList:
    """An address that delivers to its members."""

    lname: str
    listtype: str = "1"
    members: list[str] = field(default_factory=list)


def _no_brand() -> dict[str, str]:
    return {"brandname": "", "supportemail": "", "brandcolor": "", "newlogo": ""}


@dataclass
class Domain:
    """One domain with everything that lives in it."""

    name: str
    id: int = 0
    mailboxes: dict[str, Mailbox] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    lists: dict[str, DistributionList] = field(default_factory=dict)
    forwards: dict[str, list[str]] = field(default_factory=dict)
    active: bool = True
    verified: bool = True
    enhanced: bool = True
    exchange_enabled: bool = False
    catchall: str = ""
    dtzone: str = "UTC"
    footer: str = ""
    dkim_enabled: bool = False
    dkim_key: str = ""
    brand: dict[str, str] = field(default_factory=_no_brand)
    alias_domains: dict[int, str] = field(default_factory=dict)

    def holder(self, name: str) -> str | None:
        """What holds a name: one namespace for all three (API reference 6.1)."""
        if name in self.mailboxes:
            return "mailbox"
        if name in self.aliases:
            return "alias"
        return "list" if name in self.lists else None

    def frozen(self) -> Domain:
        """A copy that later changes do not reach (for replication_lag)."""
        twin = copy.copy(self)
        twin.mailboxes = {key: copy.copy(box) for key, box in self.mailboxes.items()}
        twin.aliases = dict(self.aliases)
        twin.lists = copy.deepcopy(self.lists)
        twin.forwards = copy.deepcopy(self.forwards)
        twin.brand = dict(self.brand)
        twin.alias_domains = dict(self.alias_domains)
        return twin


@dataclass
class Admin:
    """The reseller's login and what the subscription allows (reference 6.15)."""

    username: str
    password: str = field(repr=False)
    email: str = "admin@reseller.example"
    max_basic: int = 1_000_000
    max_enhanced: int = 1_000_000
    max_domains: int = 1_000
    max_quota_gb: int = 10_000_000


@dataclass(frozen=True)
class HistoryLine:
    """A row of the reseller's own action history (getAccountStats)."""

    action: str
    username: str
    remoteip: str
    at: float


@dataclass
class State:
    """Everything the two hosts share."""

    admin: Admin
    domains: dict[str, Domain] = field(default_factory=dict)
    history: deque[HistoryLine] = field(default_factory=lambda: deque(maxlen=500))
    last_id: int = 1000

    def next_id(self) -> int:
        """A number never given before."""
        self.last_id += 1
        return self.last_id

    def add_domain(self, name: str, *, verified: bool = True) -> Domain:
        """Create an empty domain."""
        number = self.next_id()
        domain = Domain(name=name, id=number, verified=verified)
        domain.dkim_key = f"v=DKIM1; k=rsa; p=IMITATION{number}"
        self.domains[name] = domain
        return domain

    def count(self, account_type: int) -> int:
        """Mailboxes of one type, over all domains."""
        return sum(
            box.account_type == account_type
            for domain in self.domains.values()
            for box in domain.mailboxes.values()
        )

    def quota_mb(self) -> int:
        """Megabytes handed out, over all domains."""
        return sum(
            box.quota_mb
            for domain in self.domains.values()
            for box in domain.mailboxes.values()
        )


def snapshot(state: State) -> dict[str, object]:
    """The state as plain dicts, without passwords."""
    return {"domains": {name: _plain(domain) for name, domain in state.domains.items()}}


def _plain(domain: Domain) -> dict[str, object]:
    return {
        "active": domain.active,
        "verified": domain.verified,
        "enhanced": domain.enhanced,
        "mailboxes": {name: _box(box) for name, box in domain.mailboxes.items()},
        "aliases": dict(domain.aliases),
        "lists": {
            name: {"listtype": entry.listtype, "members": list(entry.members)}
            for name, entry in domain.lists.items()
        },
        "forwards": {name: list(to) for name, to in domain.forwards.items()},
    }


def _box(box: Mailbox) -> dict[str, object]:
    secret = ("password", "former_passwords")
    return {key: value for key, value in vars(box).items() if key not in secret}
