"""What differs between adding and removing aliases, lists and members (protocol 5).

The platform has no notion of whose an alias is: our rows and claims are the record,
and nothing is sent about a name that the operation's own row does not hold.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final

from django.db.models import F
from django.utils import timezone

from housemail.mailboxes import accounts, claims, daily, journal, runner
from housemail.mailboxes.models import (
    Alias,
    Claim,
    DistributionList,
    HouseDomain,
    ListMember,
    Mailbox,
    Operation,
    Part,
)
from housemail.mailboxes.verb import Job, Verb, Verdict, register
from housemail.platforms.base import (
    Address,
    PlatformRefused,
    RemoteAlias,
)


def subject_of(job: Job) -> int:
    """Return the id of the row that the operation is about."""
    if job.operation.subject_id is None:
        raise ValueError("this operation is about no row")
    return job.operation.subject_id


def _aliases(job: Job) -> dict[str, str]:
    def read() -> dict[str, str]:
        domain = job.mailbox.house_domain.name
        rows: list[RemoteAlias] = job.platform.all_aliases(domain, job.deadline)
        return {row.handle.lower(): row.destination.lower() for row in rows}

    return job.listed("aliases", read)


def _lists(job: Job) -> tuple[set[str], HouseDomain]:
    """Return the lists found, and the house domain as it was before this listing."""

    def read() -> tuple[set[str], HouseDomain]:
        before = HouseDomain.objects.get(pk=job.mailbox.house_domain_id)
        started = timezone.now()
        found = set(job.platform.all_lists(job.mailbox.house_domain.name, job.deadline))
        if _is_of(job, before):
            remember_lists(before.pk, found, started)
        return found, before

    return job.listed("lists", read)


def _is_of(job: Job, domain: HouseDomain) -> bool:
    """Say whether what is listed of the domain is listed on this job's server.

    A mailbox that staff have not re-pointed yet may live on the account before.
    """
    return accounts.same(job.server.account, domain.account)


def remember_lists(domain_id: int, found: set[str], started: datetime) -> None:
    """Keep which lists of a complete listing are not ours."""
    # One that is still being added is not provably ours.
    ours = set(
        DistributionList.objects.filter(claim__house_domain_id=domain_id)
        .exclude(state=Part.State.ADDING)
        .values_list("claim__handle", flat=True)
    )
    HouseDomain.objects.filter(pk=domain_id).update(
        foreign_lists=sorted(found - ours), lists_listed_at=started
    )


def _close_members(row: DistributionList) -> None:
    """End what is open for members of a list that goes: there is nothing to settle."""
    keys = [f"member:{pk}" for pk in row.members.values_list("pk", flat=True)]
    Operation.objects.filter(open_for__in=keys).update(
        state=Operation.State.REFUSED,
        code="list_unknown",
        open_for=None,
        next_look_at=None,
        closed_at=timezone.now(),
    )


class NameVerb(Verb):
    """Shared by aliases and lists: one row, one claim, one place in a limit."""

    looks_in_request = False
    model: ClassVar[type[Alias] | type[DistributionList]]
    key: ClassVar[str]  # of ``open_for``, and how its verbs begin
    counter: ClassVar[str]

    def row(self, job: Job) -> Alias | DistributionList:
        """Return our row."""
        raise NotImplementedError

    def name_of(self, job: Job) -> Address:
        """Return the address that our row's claim holds, and no other."""
        return Address(self.row(job).claim.handle, job.mailbox.house_domain.name)

    def drop(self, job: Job, *, used: bool) -> None:
        """Remove our row, give its place back; a used name goes into quarantine."""
        claim = self.forget(self.row(job), job.operation.generation)
        if used or job.operation.wanted.get("was_quarantined"):
            claims.to_quarantine(claim)
        else:
            claims.free(claim)

    def forget(self, row: Alias | DistributionList, generation: int) -> Claim:
        """Remove our row, give its place back; return its claim, for one to decide."""
        claim = row.claim
        if isinstance(row, DistributionList):
            _close_members(row)
        row.delete()
        Mailbox.objects.filter(
            pk=row.mailbox_id, generation=generation, **{f"{self.counter}__gt": 0}
        ).update(**{self.counter: F(self.counter) - 1})
        return claim

    def _set(self, job: Job, state: Part.State) -> None:
        type(self.row(job)).objects.filter(pk=subject_of(job)).update(state=state)

    def foreign(self, job: Job) -> None:
        """The operation alone asks for staff; the mailbox goes on."""
        del job


class AddName(NameVerb):
    """Adding: an unknown one keeps its place and claim until it is settled."""

    def never_happened(self, job: Job) -> bool:
        """A mailbox that is ending gets no second try."""
        job.mailbox.refresh_from_db(fields=["state"])
        ending = {Mailbox.State.TERMINATING, Mailbox.State.TERMINATED}
        if job.mailbox.state not in ending:
            return False
        runner.close_unavailable(self, job, "nothing_happened")
        return True

    def done(self, job: Job) -> None:
        """It is there."""
        self._set(job, Part.State.ACTIVE)

    def undone(self, job: Job, *, sent: bool) -> None:
        """It never was."""
        self.drop(job, used=False)
        if not sent:
            daily.give_back(job.operation)


class RemoveName(NameVerb):
    """Removing: only a proof of absence frees the name."""

    def after_refusal(self, job: Job, refused: PlatformRefused) -> Verdict:
        """A "no" may mean that it is gone already; only a listing can tell."""
        del job, refused
        return Verdict.UNDECIDED

    def done(self, job: Job) -> None:
        """Gone; the name is kept from strangers for a while."""
        self.drop(job, used=True)

    def undone(self, job: Job, *, sent: bool) -> None:
        """Still there."""
        self._set(job, Part.State.ACTIVE)
        if not sent:
            daily.give_back(job.operation)


class _AliasRow(NameVerb):
    model, key, counter = Alias, "alias", "aliases_used"

    def row(self, job: Job) -> Alias:
        return Alias.objects.select_related("claim").get(pk=subject_of(job))


class _ListRow(NameVerb):
    model, key, counter = DistributionList, "list", "lists_used"

    def row(self, job: Job) -> DistributionList:
        return DistributionList.objects.select_related("claim").get(pk=subject_of(job))


class AddAlias(_AliasRow, AddName):
    """``addAlias``: one destination."""

    name = "alias_add"

    def send(self, job: Job) -> None:
        """Send it."""
        destination = self.row(job).destination
        job.platform.add_alias(self.name_of(job), destination, job.deadline)

    def verify(self, job: Job) -> Verdict:
        """The wanted destination is ours; another one is not, and stays."""
        row = self.row(job)
        found = _aliases(job).get(row.claim.handle)
        if found is None:
            return Verdict.NOT_APPLIED
        same = found == row.destination.lower()
        return Verdict.APPLIED if same else Verdict.REFUSED


class RemoveAlias(_AliasRow, RemoveName):
    """``removeAlias`` removes it as a whole."""

    name = "alias_remove"

    def send(self, job: Job) -> None:
        """Send it."""
        job.platform.remove_alias(self.name_of(job), job.deadline)

    def verify(self, job: Job) -> Verdict:
        """Gone, or leading elsewhere by now: ours does not exist."""
        row = self.row(job)
        found = _aliases(job).get(row.claim.handle)
        same = found is not None and found == row.destination.lower()
        return Verdict.NOT_APPLIED if same else Verdict.APPLIED


class AddList(_ListRow, AddName):
    """``addList``, empty."""

    name = "list_add"

    def send(self, job: Job) -> None:
        """Send it."""
        job.platform.add_list(self.name_of(job), job.deadline)

    def verify(self, job: Job) -> Verdict:
        """Ours only if a complete listing before had not shown it (protocol 5)."""
        handle = self.row(job).claim.handle
        found, before = _lists(job)
        if handle not in found:
            return Verdict.NOT_APPLIED
        sent = job.operation.sent_at
        known = before.lists_listed_at if _is_of(job, before) else None
        if known is None or sent is None or known > sent:
            known_absent = bool(job.operation.proof.get("list_absent"))
        else:
            known_absent = handle not in before.foreign_lists
        return Verdict.APPLIED if known_absent else Verdict.FOREIGN

    def prepare(self, job: Job) -> None:
        """Keep what the last complete listing said, before a later one replaces it."""
        domain = HouseDomain.objects.get(pk=job.mailbox.house_domain_id)
        if domain.lists_listed_at is not None and _is_of(job, domain):
            absent = self.row(job).claim.handle not in domain.foreign_lists
            journal.prove(job.operation, list_absent=absent)


class RemoveList(_ListRow, RemoveName):
    """``removeList``; its members go with it."""

    name = "list_remove"

    def send(self, job: Job) -> None:
        """Send it."""
        job.platform.remove_list(self.name_of(job), job.deadline)

    def verify(self, job: Job) -> Verdict:
        """Listed or not."""
        found, _ = _lists(job)
        there = self.row(job).claim.handle in found
        return Verdict.NOT_APPLIED if there else Verdict.APPLIED


class _Member(Verb):
    """One member of one of our lists; the list itself may be read in a request."""

    adding: ClassVar[bool]

    def row(self, job: Job) -> ListMember:
        """Return our row."""
        return ListMember.objects.select_related("list__claim").get(pk=subject_of(job))

    def list_of(self, job: Job) -> Address:
        """Return the address of the list."""
        return Address(self.row(job).list.claim.handle, job.mailbox.house_domain.name)

    def written(self, job: Job) -> str | None:
        """Return the member as the platform writes it, or None when not on the list."""
        wanted = self.row(job).address.lower()
        members = job.platform.list_members(self.list_of(job), job.deadline)
        return next((entry for entry in members if entry.lower() == wanted), None)

    def verify(self, job: Job) -> Verdict:
        """On the list or not."""
        there = self.written(job) is not None
        return Verdict.APPLIED if there is self.adding else Verdict.NOT_APPLIED

    def after_refusal(self, job: Job, refused: PlatformRefused) -> Verdict:
        """Already in, already out: a success."""
        del refused
        return self.verify(job)

    def drop(self, job: Job) -> None:
        """Remove our row and give its place back."""
        row = self.row(job)
        DistributionList.objects.filter(pk=row.list_id, members_used__gt=0).update(
            members_used=F("members_used") - 1
        )
        row.delete()

    def _set(self, job: Job, state: Part.State) -> None:
        ListMember.objects.filter(pk=subject_of(job)).update(state=state)

    def foreign(self, job: Job) -> None:
        """The operation alone asks for staff."""
        del job


class AddMember(_Member):
    """``addListMember``."""

    name = "member_add"
    adding = True

    def send(self, job: Job) -> None:
        """Send it."""
        address = self.row(job).address
        job.platform.add_member(self.list_of(job), address, job.deadline)

    def done(self, job: Job) -> None:
        """On the list."""
        self._set(job, Part.State.ACTIVE)

    def undone(self, job: Job, *, sent: bool) -> None:
        """Not on the list."""
        self.drop(job)
        if not sent:
            daily.give_back(job.operation)


class RemoveMember(_Member):
    """``removeListMember``, with the member written exactly as it is listed."""

    name = "member_remove"
    adding = False

    def send(self, job: Job) -> None:
        """Read how the platform writes it, then send; not on the list is done."""
        written = self.written(job)
        if written is not None:
            job.platform.remove_member(self.list_of(job), written, job.deadline)

    def done(self, job: Job) -> None:
        """Off the list."""
        self.drop(job)

    def undone(self, job: Job, *, sent: bool) -> None:
        """Still on the list."""
        del sent
        self._set(job, Part.State.ACTIVE)


ALIAS_ADD: Final = register(AddAlias())
ALIAS_REMOVE: Final = register(RemoveAlias())
LIST_ADD: Final = register(AddList())
LIST_REMOVE: Final = register(RemoveList())
MEMBER_ADD: Final = register(AddMember())
MEMBER_REMOVE: Final = register(RemoveMember())
