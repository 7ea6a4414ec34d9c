"""What differs between suspend, unsuspend, password and plan (protocol 4 and 5)."""

from __future__ import annotations

from decimal import Decimal

from housemail.mailboxes import journal
from housemail.mailboxes.errors import Conflict, Refusal
from housemail.mailboxes.models import Mailbox
from housemail.mailboxes.plan import Plan
from housemail.mailboxes.verb import Job, Verb, Verdict, register, set_state
from housemail.mailboxes.verbs.create import password_refusal, spec_of
from housemail.platforms.base import (
    AccountType,
    Localisation,
    MailboxSpec,
    PlatformError,
    PlatformRefused,
    Presence,
    RemoteMailbox,
)

LOCALISATION = ("language", "timezone", "date_format")


def plan_fields(plan: Plan) -> dict[str, object]:
    """Return what of a plan is stored on the mailbox and sent by updates."""
    return {
        "quota_gb": plan.quota_gb,
        "account_type": int(plan.account_type),
        **{key: getattr(plan.localisation, key) for key in LOCALISATION},
    }


class Switch(Verb):
    """Suspend or unsuspend: one call that is safe to repeat."""

    def __init__(self, name: str, *, disabled: bool) -> None:
        """Keep which way it switches."""
        self.name = name  # type: ignore[misc]
        self._disabled = disabled
        self._state = Mailbox.State.SUSPENDED if disabled else Mailbox.State.ACTIVE
        self._before = Mailbox.State.ACTIVE if disabled else Mailbox.State.SUSPENDED

    def send(self, job: Job) -> None:
        """Send disable or enable."""
        if self._disabled:
            job.platform.disable_mailbox(job.address, job.deadline)
        else:
            job.platform.enable_mailbox(job.address, job.deadline)

    def verify(self, job: Job) -> Verdict:
        """Read whether it is switched off."""
        seen = job.look().mailbox
        if seen is None or seen.disabled is None:
            seen = job.platform.read(job.address, job.deadline)
        if seen is None or seen.disabled is None:
            return Verdict.UNDECIDED
        same = seen.disabled is self._disabled
        return Verdict.APPLIED if same else Verdict.NOT_APPLIED

    def after_refusal(self, job: Job, refused: PlatformRefused) -> Verdict:
        """Already so, shown by a look, is success; otherwise the "no" counts."""
        del refused
        try:
            applied = self.verify(job) is Verdict.APPLIED
        except PlatformError:
            applied = False
        return Verdict.APPLIED if applied else Verdict.NOT_APPLIED

    def done(self, job: Job) -> None:
        """Write that the platform confirmed it."""
        set_state(job.mailbox, self._state)

    def undone(self, job: Job, *, sent: bool) -> None:
        """Back to what it was, whichever of the states it came from."""
        del sent
        before = job.operation.wanted.get("before", self._before)
        set_state(job.mailbox, Mailbox.State(before))


def known_name(job: Job) -> str:
    """Return the display name just read, else the one we sent last."""
    seen: RemoteMailbox | None = None
    look = job.look()
    if look.presence is Presence.ABSENT:
        raise Conflict("mailbox_missing", address=job.mailbox)
    seen = look.mailbox
    if seen is None or seen.display_name is None:
        seen = job.platform.read(job.address, job.deadline)
    if seen is None or seen.display_name is None:
        return job.mailbox.display_name
    return seen.display_name


class SetPassword(Verb):
    """A new password, with the full known set beside it (protocol 4)."""

    name = "password"
    undetermined_code = "password_undetermined"  # the owner sets it again
    repeats_at_once = True
    engine_repeats = False

    def prepare(self, job: Job) -> None:
        """Read the display name, so that it is not blanked."""
        journal.want(job.operation, display_name=known_name(job))

    def send(self, job: Job) -> None:
        """Send the full set and the password."""
        name = str(job.operation.wanted["display_name"])
        job.platform.update_mailbox(
            spec_of(job.mailbox, name), job.deadline, password=job.password
        )

    def verify(self, job: Job) -> Verdict:
        """A password cannot be read back: without its answer nothing is known.

        The engine has no password to repeat; it closes as undetermined.
        """
        del job
        return Verdict.FOREIGN

    def refusal(self, job: Job, refused: PlatformRefused) -> Refusal:
        """Say why, with a suggestion."""
        del job
        return password_refusal(refused.detail)

    def done(self, job: Job) -> None:
        """Nothing is stored of a password."""
        del job

    def undone(self, job: Job, *, sent: bool) -> None:
        """Nothing is stored of a password."""
        del job, sent

    def given_up(self, job: Job) -> None:
        """No staff is needed."""
        del job


def _localised(seen: RemoteMailbox, spec: MailboxSpec) -> bool:
    """Say whether all localisation that is shown is as wanted."""
    return all(
        getattr(seen, key) in {None, getattr(spec.localisation, key)}
        for key in LOCALISATION
    )


class ChangePlan(Verb):
    """Quota, account type and localisation in one full update, safe to repeat."""

    name = "plan"

    def _spec(self, job: Job) -> MailboxSpec:
        wanted = job.operation.wanted
        name = wanted.get("display_name")
        return MailboxSpec(
            address=job.address,
            account_type=AccountType(int(wanted["account_type"])),
            quota_gb=Decimal(str(wanted["quota_gb"])),
            display_name=job.mailbox.display_name if name is None else str(name),
            localisation=Localisation(*(str(wanted[key]) for key in LOCALISATION)),
        )

    def prepare(self, job: Job) -> None:
        """Read the display name, so that it is not blanked."""
        journal.want(job.operation, display_name=known_name(job))

    def send(self, job: Job) -> None:
        """Send the full wanted set."""
        job.platform.update_mailbox(self._spec(job), job.deadline)

    def verify(self, job: Job) -> Verdict:
        """Compare type and quota; both must be readable to decide."""
        seen = job.platform.read(job.address, job.deadline)
        spec = self._spec(job)
        if seen is None or seen.account_type is None:
            return Verdict.UNDECIDED
        quota = seen.shows_quota(spec.quota_gb)
        if quota is None:
            return Verdict.UNDECIDED
        same = quota and seen.account_type == int(spec.account_type)
        # Names that the platform may ignore (API 6.9) get a second send, not a third.
        if same and job.operation.sends < 2 and not _localised(seen, spec):
            return Verdict.NOT_APPLIED
        return Verdict.APPLIED if same else Verdict.NOT_APPLIED

    def done(self, job: Job) -> None:
        """What create and plan sent is what later updates send again."""
        wanted, before = job.operation.wanted, job.mailbox
        Mailbox.objects.filter(pk=before.pk).update(
            account_type=int(wanted["account_type"]),
            quota_gb=Decimal(str(wanted["quota_gb"])),
            unconfirmed=[
                key
                for key in LOCALISATION
                if key in before.unconfirmed or wanted[key] != getattr(before, key)
            ],
            **{key: str(wanted[key]) for key in LOCALISATION},
        )

    def undone(self, job: Job, *, sent: bool) -> None:
        """The record still says what was before."""
        del job, sent


SUSPEND = register(Switch("suspend", disabled=True))
UNSUSPEND = register(Switch("unsuspend", disabled=False))
PASSWORD = register(SetPassword())
PLAN = register(ChangePlan())
