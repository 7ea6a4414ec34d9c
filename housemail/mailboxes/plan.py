"""The plan of one mailbox: module settings, overridden by configurable options.

The one place that reads them. A billing system sends them raw, as text, number,
``id|label`` or label; here they become a ``Plan`` or a refusal that names the setting.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import permutations
from typing import Generic, TypeVar
from zoneinfo import available_timezones

from housemail.mailboxes.errors import Invalid
from housemail.mailboxes.marking import _
from housemail.mailboxes.rules import parse_domains, shown
from housemail.platforms.base import AccountType, Localisation

T = TypeVar("T")

LANGUAGES = ("en", "pt-br", "id", "es", "de", "fr")
DATE_FORMATS = tuple(
    mark.join(order) for mark in "-/." for order in permutations(("yyyy", "mm", "dd"))
)
QUOTA_MAX_GB = Decimal(10_000)
LIMIT_MAX = 1_000_000

_NUMBER_MAX = 10**12
_QUOTA = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*(?:gb?)?", re.ASCII | re.IGNORECASE)
_LIMIT = re.compile(r"\d{1,7}", re.ASCII)
_ON = frozenset({"on", "1", "yes", "true"})
_OFF = frozenset({"off", "0", "no", "false"})


class UnreadableError(Exception):
    """A value that a setting cannot have; carries the part of it that is wrong."""


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One setting: its key in the API, its label for people, and how it is read.

    ``option`` is the configurable option that overrides it, named as in the sheet.
    ``read`` takes text that is not empty, or raises UnreadableError. ``salvage``
    takes what is right of a wrong value, for callers that may not refuse.
    """

    key: str
    label: str
    default: T
    read: Callable[[str], T]
    fix: str
    option: str = ""
    salvage: Callable[[str], T] | None = None


# --- reading text -------------------------------------------------------------------


def _text(value: object) -> str:
    """Return a raw value as text; a value that is no scalar is unreadable.

    A ticked box may arrive as True; as a number it would be read as 1 GB or
    1 alias, so booleans become the words "on" and "off".
    """
    match value:
        case None:
            return ""
        case bool():
            return "on" if value else "off"
        case str():
            return value.strip()
        case int() if abs(value) <= _NUMBER_MAX:
            return str(value)
        case Decimal():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() else str(value)
        case list() | tuple() if all(isinstance(item, str) for item in value):
            return ",".join(value)
    raise UnreadableError(type(value).__name__)


def _either(read: Callable[[str], T]) -> Callable[[str], T]:
    """Return a reader that also takes ``value|label``.

    The part before the bar counts, the label when that part says nothing. When both
    can be read and differ ("5120|5 GB") somebody would get what was not paid for.
    """

    def reader(text: str) -> T:
        if "|" not in text:
            return read(text)
        found: list[T] = []
        for part in text.split("|", 1):
            try:
                found.append(read(part.strip()))
            except UnreadableError:
                continue
        if not found or found[0] != found[-1]:
            raise UnreadableError(text)
        return found[0]

    return reader


def _domains(text: str) -> tuple[str, ...]:
    try:
        return parse_domains(text)
    except Invalid as exc:
        raise UnreadableError(exc.params["domain"]) from exc


def _good_domains(text: str) -> tuple[str, ...]:
    """Return the domains that are right, so that one typing error sells no other."""
    good: list[str] = []
    for part in re.split(r"[,;\s]+", text):
        try:
            good += parse_domains(part)
        except Invalid:
            continue
    return tuple(dict.fromkeys(good))


def _account_type(text: str) -> AccountType:
    names = {"1": "BASIC", "2": "ENHANCED"}
    name = names.get(text, text.upper())
    if name not in AccountType.__members__:
        raise UnreadableError(text)
    return AccountType[name]


def _quota(text: str) -> Decimal:
    match = _QUOTA.fullmatch(text)
    quota_gb = Decimal(match[1]) if match else Decimal(0)
    if not 0 < quota_gb <= QUOTA_MAX_GB:
        raise UnreadableError(text)
    # One spelling for one size: "25.0" and "25" must not read as a change of plan.
    whole_gb = quota_gb.to_integral_value()
    return whole_gb if whole_gb == quota_gb else quota_gb.normalize()


def _limit(text: str) -> int:
    if not _LIMIT.fullmatch(text) or int(text) > LIMIT_MAX:
        raise UnreadableError(text)
    return int(text)


def _switch(text: str) -> bool:
    word = text.lower()
    if word not in _ON | _OFF:
        raise UnreadableError(text)
    return word in _ON


@lru_cache(maxsize=1)
def _timezones() -> dict[str, str]:
    """Return every IANA name by its lower-case spelling, without the placeholders."""
    names = available_timezones() - {"Factory", "localtime"}
    return {name.lower(): name for name in sorted(names)}


def _timezone(text: str) -> str:
    name = _timezones().get(text.lower().replace(" ", "_"))
    if name is None:
        raise UnreadableError(text)
    return name


def _language(text: str) -> str:
    code = text.lower().replace("_", "-")
    if code not in LANGUAGES:
        raise UnreadableError(text)
    return code


def _date_format(text: str) -> str:
    code = text.lower()
    if code not in DATE_FORMATS:
        raise UnreadableError(text)
    return code


# --- the settings, in the order and the words of the product sheet -------------------

_LOCAL = Localisation()
_ON_OR_OFF = _("Use on or off.")
_COUNT = _("Use a whole number; 0 means unlimited.")

ALLOWED_DOMAINS: Setting[tuple[str, ...]] = Setting(
    "allowed_domains",
    "Allowed Domains CSV",
    (),
    _domains,
    _("Enter domain names separated by commas, such as thexyz.com,thexyz.ca."),
    salvage=_good_domains,
)
ACCOUNT_TYPE = Setting(
    "account_type",
    "Default Account Type",
    AccountType.BASIC,
    _either(_account_type),
    _("Use 1|Basic or 2|Enhanced."),
    option="Account Type",
)
QUOTA_GB = Setting(
    "quota_gb",
    "Default Quota GB",
    Decimal(25),
    _either(_quota),
    _(
        "Use a number of GB above 0 and up to 10000, with at most 3 decimals, such as "
        "25."
    ),
    option="Mailbox Quota (GB)",
)
MAX_ALIASES = Setting("max_aliases", "Max Aliases", 25, _either(_limit), _COUNT)
ALLOW_EXTERNAL_FORWARDS = Setting(
    "allow_external_forwards",
    "Allow External Forwards",
    False,
    _either(_switch),
    _ON_OR_OFF,
)
TIMEZONE = Setting(
    "timezone",
    "Default Timezone",
    _LOCAL.timezone,
    _either(_timezone),
    _("Use a name such as America/Montreal."),
)
DATE_FORMAT = Setting(
    "date_format",
    "Default Date Format",
    _LOCAL.date_format,
    _either(_date_format),
    _(
        "Use yyyy, mm and dd in any order with - or / or . between them, such as "
        "yyyy-mm-dd."
    ),
)
LANGUAGE = Setting(
    "language",
    "Default Language",
    _LOCAL.language,
    _either(_language),
    # Written out: only whole sentences can be translated. A test holds it to LANGUAGES.
    _("Use one of en, pt-br, id, es, de, fr."),
)
MAX_LISTS = Setting("max_lists", "Max Distribution Lists", 5, _either(_limit), _COUNT)
# Appended to the sheet's settings: absent or empty means on.
ENABLE_ALIASES = Setting(
    "enable_aliases", "Enable Aliases", True, _either(_switch), _ON_OR_OFF
)
ENABLE_LISTS = Setting(
    "enable_lists", "Enable Distribution Lists", True, _either(_switch), _ON_OR_OFF
)
ALLOW_EXTERNAL_LIST_MEMBERS = Setting(
    "allow_external_list_members",
    "Allow External List Members",
    True,
    _either(_switch),
    _ON_OR_OFF,
)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the values come from, and whether a wrong one is refused."""

    plan: Mapping[str, object]
    options: Mapping[str, object]
    strict: bool

    def __getitem__(self, setting: Setting[T]) -> T:
        """Return the value that applies: option, else setting, else default."""
        label, raw = setting.option, self.options.get(setting.option)
        if not setting.option or _is_empty(raw):
            label, raw = setting.label, self.plan.get(setting.key)
        text = ""
        try:
            text = _text(raw)
            return setting.read(text) if text else setting.default
        except UnreadableError as exc:
            if not self.strict:
                return setting.salvage(text) if setting.salvage else setting.default
            raise Invalid(
                "setting_invalid",
                field=setting.key,
                setting=label,
                value=shown(str(exc)),
                fix=setting.fix,
            ) from exc


def _is_empty(raw: object) -> bool:
    # PHP writes an empty map as [].
    return raw is None or raw == [] or (isinstance(raw, str) and not raw.strip())


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings that apply to one mailbox, read and valid.

    Units:  ``quota_gb`` in GB, above 0; ``max_aliases`` and ``max_lists`` are counts
            where 0 means unlimited.
    Source: product sheet, "Configure module settings" and "Optional configurable
            options"; design 5 (defaults, spellings) and 6 (the three appended ones).
    """

    allowed_domains: tuple[str, ...] = ALLOWED_DOMAINS.default
    account_type: AccountType = ACCOUNT_TYPE.default
    quota_gb: Decimal = QUOTA_GB.default
    max_aliases: int = MAX_ALIASES.default
    allow_external_forwards: bool = ALLOW_EXTERNAL_FORWARDS.default
    localisation: Localisation = _LOCAL
    max_lists: int = MAX_LISTS.default
    enable_aliases: bool = ENABLE_ALIASES.default
    enable_lists: bool = ENABLE_LISTS.default
    allow_external_list_members: bool = ALLOW_EXTERNAL_LIST_MEMBERS.default

    @classmethod
    def parse(cls, plan: Mapping[str, object], options: Mapping[str, object]) -> Plan:
        """Return the plan, for verbs that sell or change one.

        Empty takes the default; keys and options that we do not know are ignored.

        Errors: ``setting_invalid`` for the first wrong value that would apply; it
                names the option when that is where the value came from.
        """
        return cls._from(_Source(plan, options, strict=True))

    @classmethod
    def lenient(cls, plan: Mapping[str, object], options: Mapping[str, object]) -> Plan:
        """Return the plan for verbs that must not fail on a wrong setting.

        A wrong value takes the default; of the allowed domains the right ones stay.
        Never raises.
        """
        return cls._from(_Source(plan, options, strict=False))

    @classmethod
    def _from(cls, source: _Source) -> Plan:
        return cls(
            allowed_domains=source[ALLOWED_DOMAINS],
            account_type=source[ACCOUNT_TYPE],
            quota_gb=source[QUOTA_GB],
            max_aliases=source[MAX_ALIASES],
            allow_external_forwards=source[ALLOW_EXTERNAL_FORWARDS],
            localisation=Localisation(
                language=source[LANGUAGE],
                timezone=source[TIMEZONE],
                date_format=source[DATE_FORMAT],
            ),
            max_lists=source[MAX_LISTS],
            enable_aliases=source[ENABLE_ALIASES],
            enable_lists=source[ENABLE_LISTS],
            allow_external_list_members=source[ALLOW_EXTERNAL_LIST_MEMBERS],
        )
