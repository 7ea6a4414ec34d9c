"""The actions that may be sent, and whom each of them may name.

What is not in ``Action`` cannot be sent: ``removeDomain``, ``updateDomain``,
``changePassword`` (the reseller's own!) and ``changeEmail`` are absent on purpose.
Source: API 4, 5 and 8.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from housemail.platforms.base import Address


class Action(StrEnum):
    """Every action this client can send, spelled as on the wire."""

    LOGIN = "login"
    ALL_DOMAINS = "getAllDomains"
    SEARCH_USERS = "searchUsers"
    USER_INFO = "getUserInfo"
    ALL_USERS = "getAllUsersDomain"
    ADD_USER = "addUser"
    UPDATE_USER = "updateUser"
    DISABLE_USER = "disableUser"
    ENABLE_USER = "enableUser"
    REMOVE_USER = "removeUser"
    OTP = "getOTPass"
    OTP_AND_TOKEN = "getOTPassAndToken"  # noqa: S105 - an action's name
    ADD_ALIAS = "addAlias"
    REMOVE_ALIAS = "removeAlias"
    ALL_ALIASES = "getAllAliasesDomain"
    ADD_LIST = "addList"
    REMOVE_LIST = "removeList"
    ALL_LISTS = "getAllListsDomain"
    LIST_MEMBERS = "getListMembers"
    ADD_MEMBER = "addListMember"
    REMOVE_MEMBER = "removeListMember"


class Kind(Enum):
    """How an action may be sent: what it costs to send it twice."""

    LOGIN = "login"
    READ = "read"
    LISTING = "listing"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class ActionRule:
    """Kind of an action and the parameters that name its domain and its handle."""

    kind: Kind
    domain: str = ""
    handle: str = ""


# Asymmetrical on purpose: these are the vendor's own names (API 5.1, 5.3, 5.4).
# The one-time passwords count as reads: a lost one is simply minted again (API 8.4).
RULES: Mapping[Action, ActionRule] = {
    Action.LOGIN: ActionRule(Kind.LOGIN),
    Action.ALL_DOMAINS: ActionRule(Kind.READ),
    Action.SEARCH_USERS: ActionRule(Kind.READ, "domain", "search"),
    Action.USER_INFO: ActionRule(Kind.READ, "domain", "username"),
    Action.ALL_USERS: ActionRule(Kind.LISTING, "domain"),
    Action.ADD_USER: ActionRule(Kind.WRITE, "domain", "username"),
    Action.UPDATE_USER: ActionRule(Kind.WRITE, "editdomain", "editusername"),
    Action.DISABLE_USER: ActionRule(Kind.WRITE, "domain", "username"),
    Action.ENABLE_USER: ActionRule(Kind.WRITE, "domain", "username"),
    Action.REMOVE_USER: ActionRule(Kind.WRITE, "domain", "username"),
    Action.OTP: ActionRule(Kind.READ, "domain", "username"),
    Action.OTP_AND_TOKEN: ActionRule(Kind.READ, "domain", "username"),
    Action.ADD_ALIAS: ActionRule(Kind.WRITE, "domain", "alias"),
    Action.REMOVE_ALIAS: ActionRule(Kind.WRITE, "domain", "alias"),
    Action.ALL_ALIASES: ActionRule(Kind.LISTING, "domain"),
    Action.ADD_LIST: ActionRule(Kind.WRITE, "domain", "newlname"),
    Action.REMOVE_LIST: ActionRule(Kind.WRITE, "domain", "lname"),
    Action.ALL_LISTS: ActionRule(Kind.LISTING, "domain"),
    Action.LIST_MEMBERS: ActionRule(Kind.READ, "domain", "lname"),
    Action.ADD_MEMBER: ActionRule(Kind.WRITE, "editdomain", "editlname"),
    Action.REMOVE_MEMBER: ActionRule(Kind.WRITE, "domain", "lname"),
}

# Every parameter that could name a domain or a name, of whatever action.
NAMING = frozenset({"newdomain", "adomain"}) | {
    name for rule in RULES.values() for name in (rule.domain, rule.handle) if name
}

# Never logged, wherever they turn up (API 8.3).
SECRET_KEYS = frozenset(
    {
        *("password", "editpassword", "password1", "password2", "pass", "token"),
        *("otp", "p", "newlogo", "dkim_key", "auth", "secret", "apikey", "opass"),
    }
)

# Their returndata is a secret (API 8.3).
SECRET_ANSWERS = frozenset({Action.LOGIN, Action.OTP, Action.OTP_AND_TOKEN})

Permit = Address | str | None


def check_permit(action: Action, params: Mapping[str, str], permit: Permit) -> None:
    """Raise ValueError unless ``params`` name exactly what ``permit`` allows.

    ``permit`` is the one address (or, for listings, the one domain) that the
    operation's own claim holds. An empty handle or domain is refused as well: an
    empty search would read a whole domain.

    Source: API 8.5, first point; protocol 6.
    """
    rule = RULES[action]
    wanted: dict[str, str] = {}
    if rule.handle:
        if not isinstance(permit, Address):
            raise ValueError(f"{action.value} needs the one address it may name")
        wanted = {rule.handle: permit.handle, rule.domain: permit.domain}
    elif rule.domain:
        if not isinstance(permit, str):
            raise ValueError(f"{action.value} needs the one domain it may name")
        wanted = {rule.domain: permit}
    if not all(wanted.values()) or any("@" in value for value in wanted.values()):
        raise ValueError(f"{action.value}: the permitted name is malformed")
    named = {key: value for key, value in params.items() if key in NAMING}
    if named != wanted:
        raise ValueError(f"{action.value} names what its permit does not hold")
