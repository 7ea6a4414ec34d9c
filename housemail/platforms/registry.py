"""Kind of platform -> a ``Platform``. The only module that knows all vendors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from housemail.platforms.base import Platform
from housemail.platforms.emailarray.client import DEFAULT_THREADS
from housemail.platforms.emailarray.config import EmailArrayConfig
from housemail.platforms.emailarray.platform import EmailArray
from housemail.platforms.memory import Memory


@dataclass(frozen=True, slots=True)
class PlatformConfig:
    """What the platforms need to know of this process; no secret in it.

    ``threads``: how many threads serve requests; half of them may wait on one
    server. ``memory_domains``: what the harmless platform says it has.
    """

    threads: int = DEFAULT_THREADS
    emailarray: EmailArrayConfig = field(default_factory=EmailArrayConfig)
    memory_domains: tuple[str, ...] = ("house.test",)


Builder = Callable[[str, str, str, PlatformConfig], Platform]


def _emailarray(
    endpoint: str, username: str, password: str, config: PlatformConfig
) -> Platform:
    return EmailArray(
        endpoint, username, password, config=config.emailarray, threads=config.threads
    )


def _memory(_: str, username: str, __: str, config: PlatformConfig) -> Platform:
    return Memory(username, domains=config.memory_domains)


_BUILDERS: Mapping[str, Builder] = {"emailarray": _emailarray, "memory": _memory}


def kinds() -> list[str]:
    """Return the kinds there are."""
    return sorted(_BUILDERS)


def connect(
    kind: str, endpoint: str, username: str, password: str, *, config: PlatformConfig
) -> Platform:
    """Build the platform of that kind; sends nothing.

    Keep what you get, one per endpoint, user name and password: its connections,
    its token and its circuits live in it.

    Errors: LookupError for an unknown kind, ValueError for an unsuitable endpoint.
    """
    if kind not in _BUILDERS:
        raise LookupError(f"there is no mail platform of kind {kind!r}")
    return _BUILDERS[kind](endpoint, username, password, config)
