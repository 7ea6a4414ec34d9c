"""What a verb is, and one attempt at it: the words that runner.py acts on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import ClassVar, TypeVar, cast

from django.utils import timezone

from housemail.installations.models import Server
from housemail.mailboxes import servers
from housemail.mailboxes.context import Answer
from housemail.mailboxes.errors import Conflict, Refusal
from housemail.mailboxes.models import Mailbox, Operation
from housemail.platforms.base import (
    Address,
    Deadline,
    Look,
    Platform,
    PlatformRefused,
    Presence,
    RemoteMailbox,
)
from housemail.prepared import Given, Prepared

T = TypeVar("T")
_MAILBOX = Prepared(lambda: Mailbox.objects.filter(pk=Given(Mailbox, "id")))


class Verdict(Enum):
    """What a look says about a send whose answer is not known."""

    APPLIED = "applied"
    NOT_APPLIED = "not applied"
    REFUSED = "refused"  # something else stands in its place, for good
    FOREIGN = "foreign"  # something is there, but not provably ours: staff decides
    UNDECIDED = "undecided"


@dataclass(slots=True)
class Job:
    """One attempt: the row we hold, what it is about, and how long we have."""

    operation: Operation
    mailbox: Mailbox
    deadline: Deadline
    # Never stored: it passes through. The engine has none.
    password: str | None = field(default=None, repr=False)
    # True in the engine: whole-domain listings are allowed there only.
    background: bool = False
    # Listings shared by the jobs of one sweep, by (server, domain, what).
    listings: dict[tuple[int, str, str], tuple[datetime, object]] = field(
        default_factory=dict
    )
    # When what the last look says was true; a shared listing is older than now.
    looked_at: datetime = field(default_factory=timezone.now)
    # True while what this very request sent is what the platform may have applied.
    own_send: bool = False

    @property
    def server(self) -> Server:
        """The server on which the mailbox was made."""
        return self.mailbox.server

    @property
    def platform(self) -> Platform:
        """The shared client of that server."""
        return servers.platform_for(self.server)

    @property
    def address(self) -> Address:
        """The mailbox's address, from its own record."""
        return self.mailbox.address

    def look(self) -> Look:
        """Look for the mailbox."""
        return servers.look(
            self.server, self.mailbox.house_domain, self.address, self.deadline
        )

    def listed(self, what: str, read: Callable[[], T]) -> T:
        """Read a listing once for all jobs of a sweep."""
        key = (self.server.pk, self.mailbox.house_domain.name, what)
        if key not in self.listings:
            started = timezone.now()
            self.listings[key] = (started, read())
        # What a listing says is true of when it was read, not of now.
        self.looked_at, found = self.listings[key]
        return cast(T, found)

    def look_or_list(self) -> Look:
        """Look; where that proves nothing, the engine reads the complete listing.

        On a domain where nothing of ours exists yet no search is calibrated, so the
        listing alone can prove absence there. Errors: those of platform reads.
        """
        look = self.look()
        if look.presence is not Presence.UNPROVEN or not self.background:
            return look
        rows = self.listed("mailboxes", self._mailboxes_asked_for)
        sent_at = self.operation.sent_at
        if self.address.handle not in rows or (sent_at and self.looked_at < sent_at):
            # Read for an earlier job of the sweep, before ours was open or sent.
            return look
        found = rows[self.address.handle]
        return Look(Presence.PRESENT, found) if found else Look(Presence.ABSENT)

    def _mailboxes_asked_for(self) -> dict[str, RemoteMailbox | None]:
        """Read the whole listing, keep what open operations of the domain ask for.

        It is read to its end whatever is found: only a complete one proves anything.
        """
        asked = Operation.objects.filter(
            state=Operation.State.OPEN,
            mailbox__house_domain_id=self.mailbox.house_domain_id,
        ).values_list("mailbox__handle", flat=True)
        rows: dict[str, RemoteMailbox | None] = dict.fromkeys(asked)
        for row in self.platform.all_mailboxes(self.address.domain, self.deadline):
            if row.address.handle in rows:
                rows[row.address.handle] = row
        return rows


class WaitingError(Exception):
    """Raised by ``prepare``: a step before is not settled; the engine resumes."""


class Verb:
    """What differs between verbs. Database work and platform work are apart."""

    name: ClassVar[str]
    # May an engine or a later request look in this way without a listing?
    looks_in_request: ClassVar[bool] = True
    # Sent again within the request when the answer is lost (password only).
    repeats_at_once: ClassVar[bool] = False
    # Sent again by the engine when provably not applied after the window.
    engine_repeats: ClassVar[bool] = True

    def prepare(self, job: Job) -> None:
        """Read what is needed before sending. Errors: Refusal, PlatformError."""

    def send(self, job: Job) -> None:
        """Send the one write."""
        raise NotImplementedError

    def verify(self, job: Job) -> Verdict:
        """Look whether the wanted state is there."""
        raise NotImplementedError

    def after_refusal(self, job: Job, refused: PlatformRefused) -> Verdict:
        """Judge a clear "no" to the first send; most verbs believe it."""
        del job, refused
        return Verdict.NOT_APPLIED

    def refusal(self, job: Job, refused: PlatformRefused) -> Refusal:
        """Word the platform's "no"."""
        del job
        return Conflict("platform_refused", reason=refused.detail)

    def done(self, job: Job) -> None:
        """Write the wanted state. Database only, within the closing transaction."""
        raise NotImplementedError

    def undone(self, job: Job, *, sent: bool) -> None:
        """Write back what was before. ``sent`` False: nothing left us."""
        raise NotImplementedError

    def foreign(self, job: Job) -> None:
        """Write that staff must look."""
        Mailbox.objects.filter(pk=job.mailbox.pk).update(needs_staff=True)

    # What an operation that ends without proof is called, and whether staff must act.
    undetermined_code: ClassVar[str] = "needs_staff"

    def waits_when_unavailable(self, job: Job) -> bool:
        """Say whether the engine goes on although nothing could be sent now."""
        del job
        return False

    def given_up(self, job: Job) -> None:
        """Write what is left when nothing could be proved in time."""
        self.foreign(job)

    def may_repeat(self, job: Job) -> bool:
        """Say whether the engine may send once more."""
        return self.engine_repeats and job.operation.sends < 2

    def never_happened(self, job: Job) -> bool:
        """Close as nothing-happened when provably not applied; say whether done."""
        del job
        return False

    def answer(self, job: Job) -> Answer:
        """Say where things stand, as this operation has read or written it."""
        return Answer(state=job.mailbox.state)


REGISTRY: dict[str, Verb] = {}


V = TypeVar("V", bound=Verb)


def register(verb: V) -> V:
    """Enter a verb into the table from which open operations are settled."""
    REGISTRY[verb.name] = verb
    return verb


def set_state(mailbox: Mailbox, state: Mailbox.State, **values: object) -> None:
    """Write a mailbox's state and when it changed, in the row and in our copy of it."""
    values |= {"state": state, "state_changed_at": timezone.now()}
    _MAILBOX.update(values, id=mailbox.pk)
    for name, value in values.items():
        setattr(mailbox, name, value)
