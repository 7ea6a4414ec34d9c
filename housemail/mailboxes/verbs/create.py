"""Create: the verb that must never double, lose or give away a mailbox (protocol 3)."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from housemail.mailboxes import claims, journal, rules
from housemail.mailboxes.commit import commit
from housemail.mailboxes.errors import Conflict, PasswordUnsuitable, Refusal
from housemail.mailboxes.journal import Step
from housemail.mailboxes.models import Claim, Mailbox, Operation
from housemail.mailboxes.verb import Job, Verb, Verdict, register, set_state
from housemail.platforms.base import (
    AccountType,
    Localisation,
    MailboxSpec,
    PlatformError,
    PlatformRefused,
    PlatformUnavailable,
    Presence,
    RemoteMailbox,
)

PROOF_AGE = timedelta(seconds=10)


def spec_of(mailbox: Mailbox, display_name: str | None = None) -> MailboxSpec:
    """Return the mailbox as it is wanted, from its own record."""
    return MailboxSpec(
        address=mailbox.address,
        account_type=AccountType(mailbox.account_type),
        quota_gb=Decimal(mailbox.quota_gb),
        display_name=mailbox.display_name if display_name is None else display_name,
        localisation=Localisation(
            mailbox.language, mailbox.timezone, mailbox.date_format
        ),
    )


def claim_of(mailbox: Mailbox) -> Claim | None:
    """Return the claim of the mailbox's own address."""
    return Claim.objects.filter(mailbox=mailbox, kind=Claim.Kind.MAILBOX).first()


_PERMISSION = re.compile(r"permission|denied|restricted|not allowed to", re.IGNORECASE)


def password_refusal(text: str) -> Refusal:
    """Word a platform's refusal of a password, with a suggestion.

    The text is a hint only: without the word, a refusal of this call is taken as one
    of the password, unless it speaks of permission, which no password mends.
    """
    if _PERMISSION.search(text) and not _looks_like_password(text):
        return Conflict("platform_refused", reason=text)
    code = rules.password_refusal(text)
    return PasswordUnsuitable(
        code, suggestion=rules.generate_password(), reason=text or "-"
    )


def _looks_like_password(text: str) -> bool:
    return "password" in text.lower()


def _give_back(job: Job, claim: Claim, *, keep: bool) -> None:
    """Give a name back: to its quarantine, else as a hold of the ref, else free."""
    if job.operation.wanted.get("was_quarantined"):
        claims.to_quarantine(claim)
    elif keep:
        claims.to_hold(claim)
    else:
        claims.free(claim)


class Create(Verb):
    """``addUser``, sent once, between a look that proves and a commit that says so."""

    name = "create"
    engine_repeats = False  # the next create call sends again, never the engine

    def prepare(self, job: Job) -> None:
        """Look first: present is taken, absent is a proof, unproven goes on."""
        look = job.look()
        journal.reach(Step.LOOKED, job.operation)
        if look.presence is Presence.PRESENT:
            # After a send that seemed to do nothing it may be ours, applied late.
            code = "needs_staff" if job.operation.earlier_unknown else "address_taken"
            raise Conflict(code, field="handle", address=job.mailbox)
        if look.presence is Presence.ABSENT:
            journal.prove(job.operation, absent_at=timezone.now().isoformat())

    def _proof_is_fresh(self, job: Job) -> bool:
        at = job.operation.proof.get("absent_at")
        return bool(at) and timezone.now() - datetime.fromisoformat(at) <= PROOF_AGE

    def send(self, job: Job) -> None:
        """Send it, with a password that is thrown away when none was given."""
        if job.operation.proof and not self._proof_is_fresh(job):
            raise PlatformUnavailable("the proof of absence grew old before sending")
        job.platform.create_mailbox(
            spec_of(job.mailbox),
            job.password or rules.generate_password(),
            job.deadline,
        )

    def verify(self, job: Job) -> Verdict:
        """Found and provably ours, provably absent, or neither (protocol 3.4)."""
        proof = job.operation.proof.get("absent_at")
        # Without a proof only an absence that counts can decide anything good: no
        # whole listing is read before.
        if proof or journal.absent_counts(job.operation, job.looked_at):
            look = job.look_or_list()
        else:
            look = job.look()
        if look.presence is Presence.ABSENT:
            return Verdict.NOT_APPLIED
        if look.presence is Presence.UNPROVEN or look.mailbox is None:
            return Verdict.UNDECIDED
        if not proof:
            return Verdict.FOREIGN
        return self._ours(job, look.mailbox)

    def _ours(self, job: Job, seen: RemoteMailbox) -> Verdict:
        """Compare what is there with what was sent; read more when a look is thin."""
        if None in {seen.display_name, seen.account_type, seen.quota_raw}:
            seen = job.platform.read(job.address, job.deadline) or seen
        mailbox = job.mailbox
        same = (
            (seen.display_name or "").strip() == mailbox.display_name.strip()
            and seen.account_type == mailbox.account_type
            and seen.shows_quota(Decimal(mailbox.quota_gb)) is True
        )
        return Verdict.APPLIED if same else Verdict.FOREIGN

    def after_refusal(self, job: Job, refused: PlatformRefused) -> Verdict:
        """A first refusal is believed; nothing of ours can be there."""
        del job, refused
        return Verdict.NOT_APPLIED

    def refusal(self, job: Job, refused: PlatformRefused) -> Refusal:
        """Say "taken" only when a look shows the address (protocol 3.3)."""
        try:
            shown = job.look().presence is Presence.PRESENT
        except PlatformError:
            shown = False
        if shown:
            return Conflict("address_taken", field="handle", address=job.mailbox)
        if _looks_like_password(refused.detail):
            return password_refusal(refused.detail)
        return Conflict("platform_refused", reason=refused.detail)

    def done(self, job: Job) -> None:
        """Active when the password that this very request sent is the stored one."""
        if job.own_send:
            set_state(
                job.mailbox, Mailbox.State.ACTIVE, found=False, create_answered=200
            )
        else:
            set_state(job.mailbox, Mailbox.State.CREATING, found=True)

    def undone(self, job: Job, *, sent: bool) -> None:
        """A refusal frees the name; nothing sent keeps it as a hold of the ref."""
        if job.operation.code == "needs_staff":
            self.foreign(job)
            return
        claim = claim_of(job.mailbox)
        unsent = job.operation.state == Operation.State.UNAVAILABLE
        if claim is not None:
            _give_back(job, claim, keep=unsent and not sent)
        set_state(job.mailbox, Mailbox.State.FAILED)

    def foreign(self, job: Job) -> None:
        """Keep the name claimed and ask staff; it is never adopted."""
        set_state(job.mailbox, Mailbox.State.FAILED, needs_staff=True)

    def never_happened(self, job: Job) -> bool:
        """Provably absent long after the first send: the next create may send again."""
        if job.operation.earlier_unknown:
            return False

        def work() -> None:
            journal.close(
                job.operation, Operation.State.UNAVAILABLE, code="nothing_happened"
            )
            claim = claim_of(job.mailbox)
            if claim is not None:
                _give_back(job, claim, keep=True)
            set_state(job.mailbox, Mailbox.State.FAILED)

        commit(work)
        journal.reach(Step.CLOSED, job.operation)
        return True


class Finish(Verb):
    """One full update with the password makes a found mailbox certain (3.5)."""

    name = "finish"
    undetermined_code = "password_undetermined"
    repeats_at_once = True
    engine_repeats = False

    def send(self, job: Job) -> None:
        """Send the full set and the password."""
        job.platform.update_mailbox(
            spec_of(job.mailbox),
            job.deadline,
            password=job.password or rules.generate_password(),
        )

    def verify(self, job: Job) -> Verdict:
        """A password cannot be read back; the next create finishes it."""
        del job
        return Verdict.FOREIGN

    def refusal(self, job: Job, refused: PlatformRefused) -> Refusal:
        """A refusal here is about the password."""
        del job
        return password_refusal(refused.detail)

    def done(self, job: Job) -> None:
        """Active at last."""
        set_state(job.mailbox, Mailbox.State.ACTIVE, found=False, create_answered=200)

    def undone(self, job: Job, *, sent: bool) -> None:
        """It stays found; the next create finishes it."""
        del job, sent

    def given_up(self, job: Job) -> None:
        """It stays found; the next create finishes it, no staff needed."""
        del job


CREATE = register(Create())
FINISH = register(Finish())
