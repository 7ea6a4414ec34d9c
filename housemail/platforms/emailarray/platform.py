"""EmailArray in our words.

Each method sends one action unless its docstring says otherwise; the notes beside
this file tell which action serves what, and what is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from housemail.platforms.base import (
    Address,
    Deadline,
    Localisation,
    LoginRefused,
    Look,
    MailboxSpec,
    PermissionRefused,
    PlatformRefused,
    PlatformUnavailable,
    Presence,
    RemoteAlias,
    RemoteMailbox,
    WebmailLogin,
)
from housemail.platforms.emailarray import mapping, webmail
from housemail.platforms.emailarray.actions import Action
from housemail.platforms.emailarray.answers import (
    count_named,
    each,
    is_whole,
    matching,
    merged,
    rows_of,
)
from housemail.platforms.emailarray.client import (
    DEFAULT_THREADS,
    Client,
    envelope_of,
)
from housemail.platforms.emailarray.config import EmailArrayConfig
from housemail.platforms.emailarray.delivery import Reply
from housemail.platforms.emailarray.envelope import Envelope
from housemail.platforms.emailarray.listing import Listing

SEARCH_LIMIT = 100
DISTRIBUTION_LIST = "1"


class EmailArray:
    """One reseller account of PolarisMail / EmailArray. Safe to share; keep it."""

    kind = "emailarray"
    harmless = False

    def __init__(
        self,
        endpoint: str,
        username: str,
        password: str,
        *,
        config: EmailArrayConfig | None = None,
        threads: int = DEFAULT_THREADS,
    ) -> None:
        """Connect to nothing yet. Errors: ValueError for an unsuitable endpoint."""
        self._config = config or EmailArrayConfig()
        self._client = Client(
            endpoint, username, password, config=self._config, threads=threads
        )

    def __repr__(self) -> str:
        """Return the host only: the rest is secret."""
        return f"<EmailArray {self._client.host}>"

    def connect(self, deadline: Deadline) -> list[str]:
        """Log in afresh and return the account's domains.

        Wire:   ``login``, ``getAllDomains`` (API 3.1, 5.6, 9).
        Errors: LoginRefused, NotAnAdminApi, HostUnreachable, PermissionRefused,
                PlatformUnavailable.
        """
        self._client.login(deadline)
        action = Action.ALL_DOMAINS
        try:
            reply = self._client.call(action, {}, permit=None, deadline=deadline)
        except (LoginRefused, PermissionRefused):
            raise
        except PlatformRefused as exc:
            raise PermissionRefused(exc.detail, action=exc.action) from exc
        return each(mapping.domain_name, rows_of(envelope_of(reply), action), action)

    def look(self, address: Address, deadline: Deadline, *, calibrated: bool) -> Look:
        """Look for one mailbox.

        Wire:   ``searchUsers``; only when its answer has an odd shape also
                ``getUserInfo``, which may confirm presence, never absence.
        Errors: LoginRefused, PlatformUnavailable. Any other refusal is UNPROVEN:
                it may be about anything (API 5.1, 8.1 no. 3).
        Source: protocol 2.
        """
        try:
            reply = self._search(address, deadline)
        except LoginRefused:
            raise
        except PlatformRefused:
            return Look(Presence.UNPROVEN)
        found = matching(envelope_of(reply), address)
        if found is not None:
            return Look(Presence.PRESENT, found)
        named = count_named(envelope_of(reply), address.domain)
        if named is None:
            shown = self._info(address, deadline)
            return Look(Presence.PRESENT if shown else Presence.UNPROVEN, shown)
        # A host that may lag behind a write just made proves nothing (API 8.1 no. 22).
        proven = calibrated and not reply.may_lag
        if proven and is_whole(envelope_of(reply), named, SEARCH_LIMIT):
            return Look(Presence.ABSENT)
        return Look(Presence.UNPROVEN)

    def read(self, address: Address, deadline: Deadline) -> RemoteMailbox | None:
        """Return all that is shown of one mailbox.

        Wire:   ``getUserInfo``; when it shows no type, quota or state (its fields
                are not known) also ``searchUsers``, whose row fills the gaps.
        Errors: LoginRefused, PlatformUnavailable. None proves nothing.
        Source: API 6.2.
        """
        info = self._info(address, deadline)
        if info is not None and None not in (
            *(info.account_type, info.quota_raw, info.disabled),
        ):
            return info
        try:
            reply = self._search(address, deadline)
        except LoginRefused:
            raise
        except PlatformRefused:
            return info
        return merged(info, matching(envelope_of(reply), address))

    def create_mailbox(
        self, spec: MailboxSpec, password: str, deadline: Deadline
    ) -> None:
        """Create it, sent once; not repeatable.

        Wire:   ``addUser`` (API 5.1). Units: ``quota`` in GB.
        Errors: PlatformRefused, PlatformUnavailable, OutcomeUnknown.
        """
        self._write(
            Action.ADD_USER,
            {
                "username": spec.address.handle,
                "domain": spec.address.domain,
                "account_type": str(int(spec.account_type)),
                "quota": mapping.quota_text(spec.quota_gb),
                "uname": spec.display_name,
                "twofa_allowed": "1",
                "user_language": spec.localisation.language,
                "timezone": spec.localisation.timezone,
                "dateformat": spec.localisation.date_format,
            },
            spec.address,
            deadline,
            {"password": password},
        )

    def update_mailbox(
        self, spec: MailboxSpec, deadline: Deadline, *, password: str | None = None
    ) -> None:
        """Send the full set, as the vendor does: a gap might blank a value.

        Wire:   ``updateUser`` (API 5.1, 6.3, 6.9). Units: ``editquota`` in GB.
        Errors: PlatformRefused, PlatformUnavailable, OutcomeUnknown.
        """
        self._write(
            Action.UPDATE_USER,
            {
                "editusername": spec.address.handle,
                "editdomain": spec.address.domain,
                "edituname": spec.display_name,
                "editaccount_type": str(int(spec.account_type)),
                "editquota": mapping.quota_text(spec.quota_gb),
                **self._localised(spec.localisation),
            },
            spec.address,
            deadline,
            None if password is None else {"editpassword": password},
        )

    def disable_mailbox(self, address: Address, deadline: Deadline) -> None:
        """Switch it off. Wire: ``disableUser`` (API 5.1, 6.4)."""
        self._write(Action.DISABLE_USER, _user(address), address, deadline)

    def enable_mailbox(self, address: Address, deadline: Deadline) -> None:
        """Switch it on. Wire: ``enableUser`` (API 5.1, 6.4)."""
        self._write(Action.ENABLE_USER, _user(address), address, deadline)

    def remove_mailbox(self, address: Address, deadline: Deadline) -> None:
        """Delete it with its mail. Wire: ``removeUser``, never another (API 6.5)."""
        self._write(Action.REMOVE_USER, _user(address), address, deadline)

    def add_alias(self, address: Address, destination: str, deadline: Deadline) -> None:
        """Create an alias. Wire: ``addAlias`` (API 5.3)."""
        params = {
            "alias": address.handle,
            "domain": address.domain,
            "forward": destination,
        }
        self._write(Action.ADD_ALIAS, params, address, deadline)

    def remove_alias(self, address: Address, deadline: Deadline) -> None:
        """Remove an alias as a whole. Wire: ``removeAlias`` (API 5.3)."""
        params = {"alias": address.handle, "domain": address.domain}
        self._write(Action.REMOVE_ALIAS, params, address, deadline)

    def add_list(self, address: Address, deadline: Deadline) -> None:
        """Create an empty list. Wire: ``addList`` (API 5.4)."""
        params = {
            "newlname": address.handle,
            "domain": address.domain,
            "newlisttype": DISTRIBUTION_LIST,
        }
        self._write(Action.ADD_LIST, params, address, deadline)

    def remove_list(self, address: Address, deadline: Deadline) -> None:
        """Remove a list. Wire: ``removeList`` (API 5.4)."""
        self._write(Action.REMOVE_LIST, _list(address), address, deadline)

    def list_members(self, address: Address, deadline: Deadline) -> list[str]:
        """Return the members as written there.

        Wire:   ``getListMembers`` (API 5.4). An empty text, null or false with
                returncode 1 counts as "no members": good enough for a list of ours,
                since adding and removing are checked there again (API 2.2).
        Errors: PlatformRefused, PlatformUnavailable.
        """
        action = Action.LIST_MEMBERS
        reply = self._client.call(
            action, _list(address), permit=address, deadline=deadline
        )
        envelope = envelope_of(reply)
        if envelope.data in ("", None, False):
            return []
        return each(mapping.member, rows_of(envelope, action), action)

    def add_member(self, address: Address, member: str, deadline: Deadline) -> None:
        """Add a member. Wire: ``addListMember``, whose names differ (API 5.4)."""
        params = {
            "editlname": address.handle,
            "editdomain": address.domain,
            "newmember": member,
        }
        self._write(Action.ADD_MEMBER, params, address, deadline)

    def remove_member(self, address: Address, member: str, deadline: Deadline) -> None:
        """Remove a member. Wire: ``removeListMember`` (API 5.4)."""
        params = {**_list(address), "member": member}
        self._write(Action.REMOVE_MEMBER, params, address, deadline)

    def webmail_login(self, address: Address, deadline: Deadline) -> WebmailLogin:
        """Mint a one-time login.

        Wire:   ``getOTPass`` (panel) or ``getOTPassAndToken`` (form), API 5.2, 6.13.
        Errors: PlatformRefused, PlatformUnavailable.
        """
        panel = self._config.webmail_method == "panel"
        action = Action.OTP if panel else Action.OTP_AND_TOKEN
        reply = self._client.call(
            action, _user(address), permit=address, deadline=deadline
        )
        data = envelope_of(reply).data
        if panel:
            return webmail.panel_login(self._config.panel_login_url, address, data)
        return webmail.form_login(self._config, address, data)

    def all_aliases(self, domain: str, deadline: Deadline) -> list[RemoteAlias]:
        """List every alias. Wire: ``getAllAliasesDomain`` (API 5.3).

        Errors: LoginRefused; PlatformUnavailable unless every row is usable.
        """
        action = Action.ALL_ALIASES
        envelope = self._listing(action, {"domain": domain}, domain, deadline)
        return each(
            lambda row: mapping.alias(row, domain), rows_of(envelope, action), action
        )

    def all_lists(self, domain: str, deadline: Deadline) -> list[str]:
        """List the handles of every list. Wire: ``getAllListsDomain`` (API 5.4).

        Errors: LoginRefused; PlatformUnavailable unless every row is usable.
        """
        action = Action.ALL_LISTS
        envelope = self._listing(action, {"domain": domain}, domain, deadline)
        return each(mapping.list_handle, rows_of(envelope, action), action)

    def all_mailboxes(self, domain: str, deadline: Deadline) -> Iterator[RemoteMailbox]:
        """Yield every mailbox of a domain.

        Wire:   ``getAllUsersDomain`` page by page (API 5.1, 6.14);
                ``getOTPAndToken`` is always 0, or each row would mint a secret.
        Errors: LoginRefused; PlatformUnavailable unless complete.
        """

        def fetch(slicing: int, offset: int, limit: int) -> Envelope:
            params = {
                "domain": domain,
                "slicing": str(slicing),
                "offset": str(offset),
                "limit": str(limit),
                "getOTPAndToken": "0",
                "showQuota": "1",
            }
            return self._listing(Action.ALL_USERS, params, domain, deadline)

        return Listing(domain, fetch).mailboxes()

    def _write(
        self,
        action: Action,
        params: Mapping[str, str],
        address: Address,
        deadline: Deadline,
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        self._client.call(
            action, params, permit=address, deadline=deadline, secrets=secrets
        )

    def _listing(
        self, action: Action, params: Mapping[str, str], domain: str, deadline: Deadline
    ) -> Envelope:
        """Return a listing's envelope; a refusal must never look like "none"."""
        try:
            reply = self._client.call(action, params, permit=domain, deadline=deadline)
        except LoginRefused:
            raise
        except PlatformRefused as exc:
            raise PlatformUnavailable(exc.detail, action=exc.action) from exc
        return envelope_of(reply)

    def _search(self, address: Address, deadline: Deadline) -> Reply:
        params = {
            "domain": address.domain,
            "search": address.handle,
            "slicing": "1",
            "offset": "0",
            "limit": str(SEARCH_LIMIT),
        }
        return self._client.call(
            Action.SEARCH_USERS, params, permit=address, deadline=deadline
        )

    def _info(self, address: Address, deadline: Deadline) -> RemoteMailbox | None:
        try:
            reply = self._client.call(
                Action.USER_INFO, _user(address), permit=address, deadline=deadline
            )
        except LoginRefused:
            raise
        except PlatformRefused:
            return None
        return matching(envelope_of(reply), address, asked_for=True)

    def _localised(self, localisation: Localisation) -> dict[str, str]:
        named = {
            self._config.update_language: localisation.language,
            self._config.update_timezone: localisation.timezone,
            self._config.update_date_format: localisation.date_format,
        }
        return {name: value for name, value in named.items() if name}


def _user(address: Address) -> dict[str, str]:
    return {"username": address.handle, "domain": address.domain}


def _list(address: Address) -> dict[str, str]:
    return {"lname": address.handle, "domain": address.domain}
