"""Putting things into the platform without going over the wire."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from emulator.state import ENHANCED, DistributionList, Domain, Mailbox, State

_FIELDS = {entry.name for entry in fields(Mailbox)} - {"username"}
SEED_PASSWORD = "Seeded-pw-1"  # noqa: S105 - an imitation's mailbox


def domain_of(state: State, name: str) -> Domain:
    """The domain, created when it is missing."""
    low = name.strip().lower()
    if not low:
        raise ValueError("A domain name is needed.")
    return state.domains.get(low) or state.add_domain(low)


def mailbox(
    state: State, domain: str, username: str, values: dict[str, object]
) -> None:
    """One mailbox; fields by their names in the state."""
    unknown = set(values) - _FIELDS
    if unknown:
        raise ValueError(f"A mailbox has no {', '.join(sorted(unknown))}.")
    home, name = domain_of(state, domain), _free(state, domain, username)
    home.mailboxes[name] = Mailbox(name, password=SEED_PASSWORD)
    change(state, domain, name, values)


def change(state: State, domain: str, username: str, values: dict[str, object]) -> None:
    """What became of a mailbox meanwhile, such as ``usage_mb`` and ``lastauth``."""
    unknown = set(values) - _FIELDS
    if unknown:
        raise ValueError(f"A mailbox has no {', '.join(sorted(unknown))}.")
    box = domain_of(state, domain).mailboxes.get(username.strip().lower())
    if box is None:
        raise ValueError(f"There is no mailbox {username} on {domain}.")
    for key, value in values.items():
        setattr(box, key, value)


def alias(state: State, domain: str, name: str, forward: str) -> None:
    """One alias."""
    domain_of(state, domain).aliases[_free(state, domain, name)] = forward


def distribution_list(
    state: State, domain: str, lname: str, members: Iterable[str]
) -> None:
    """One list with its members."""
    name = _free(state, domain, lname)
    domain_of(state, domain).lists[name] = DistributionList(name, members=list(members))


def _free(state: State, domain: str, name: str) -> str:
    low = name.strip().lower()
    if not low or "@" in low:
        raise ValueError("A name is the part before the @, and not empty.")
    holder = domain_of(state, domain).holder(low)
    if holder:
        raise ValueError(f"{low} is already a {holder} of {domain}.")
    return low


def fill(domain: Domain, count: int, now: float) -> None:
    """Many mailboxes: user00000, user00001 and so on, in varied conditions."""
    for index in range(count):
        name = f"user{index:05d}"
        if domain.holder(name):
            continue
        domain.mailboxes[name] = Mailbox(
            name,
            uname=f"User {index}",
            password=SEED_PASSWORD,
            account_type=ENHANCED if index % 10 == 0 else 1,
            quota_mb=(1000, 5000, 10_000)[index % 3],
            usage_mb=index % 900,
            disabled=index % 50 == 49,
            lastauth=None if index % 7 == 0 else now - index,
        )
