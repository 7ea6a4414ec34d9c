"""The rules, pure: handles, domains, destinations, passwords, limits.

Text goes in, clean text or a refusal comes out. Nothing here knows the database, the
network or the clock; what a rule must ask for (is this a list of ours? which names
are taken?) it is handed as a function.
"""

from __future__ import annotations

import re
import secrets
import string
from collections.abc import Callable, Sequence

import idna

from housemail.mailboxes.errors import Invalid, PasswordUnsuitable
from housemail.mailboxes.marking import _

HANDLE_MAX = 64
ADDRESS_MAX = 254
DOMAIN_MAX = 253
PASSWORD_MIN = 10
PASSWORD_MAX = 128
MEMBERS_MAX = 100
MEMBER_ADDS_PER_DAY = 50
NEW_NAMES_PER_DAY = 20
QUARANTINE_MIN = 10
# A plan without a limit still needs an end, or one service could block a house domain.
# 600 is what 20 new names a day can leave behind in a quarantine of 30 days, so the
# daily limit is always the first that an honest customer meets.
QUARANTINE_UNLIMITED = NEW_NAMES_PER_DAY * 30

HANDLE = re.compile(r"(?!.*\.\.)[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_WEB_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?([^/?#]*).*", re.ASCII | re.IGNORECASE | re.DOTALL
)
# What people type around a name without meaning it: space, no-break and wide space.
_BLANKS = " \u00a0\u3000"
_SEPARATORS = str.maketrans("", "", "._-")
_ALNUM = string.ascii_letters + string.digits
_WIDE = str.maketrans({chr(ord(letter) + 0xFEE0): letter for letter in _ALNUM})

# API 6.6: the symbols that the vendor counts ...
_SYMBOLS = "!@#$%^&*()_+-=[]{};':\"\\|,.<>/?"
# ... and, with letters and digits, those of them that HTML, mail templates and the
# escaping in between leave alone.
_GENERATED = _ALNUM + "!#*()_+-=[]:,.?@^"
_CLASSES = (string.ascii_uppercase, string.ascii_lowercase, string.digits, _SYMBOLS)


def shown(raw: str) -> str:
    """Return text as a refusal repeats it: one line, printable, 100 characters."""
    text = "".join(c if c.isprintable() else "\ufffd" for c in raw.strip())
    return text if len(text) <= 100 else text[:99] + "…"


def _fold(raw: str) -> str:
    """Strip blanks, make full-width letters and digits plain, lower ASCII only.

    Not NFKC: that would also make "@" and "." of characters that only look like them,
    and ``str.lower`` makes "k" of the Kelvin sign; what was never typed would get in.
    """
    text = raw.strip(_BLANKS).translate(_WIDE)
    return text.lower() if text.isascii() else text


def split_address(raw_handle: str, raw_domain: str = "") -> tuple[str, str]:
    """Return (raw handle, clean domain or ""); a full address is split at its "@".

    Errors: ``handle_malformed`` (two "@", or nothing after it), ``domain_malformed``,
            ``domain_conflict`` (the address names another domain than the field).
    Source: design 6 (a full address typed into ``Mailbox``).
    """
    handle, at, typed = raw_handle.strip(_BLANKS).partition("@")
    given = clean_domain(raw_domain) if raw_domain.strip(_BLANKS) else ""
    if not at:
        return handle, given
    if "@" in typed or not typed.strip(_BLANKS):
        raise Invalid("handle_malformed", field="handle")
    named = clean_domain(typed)
    if given and given != named:
        raise Invalid("domain_conflict", field="domain", typed=named, domain=given)
    return handle, named


def clean_handle(raw: str) -> str:
    """Return the handle as we store it.

    Case and full-width letters are folded because two customers must never own
    ``Anna@`` and ``anna@``; all else that is not ASCII is refused, never replaced.

    Units:  length in characters (all ASCII), 1 to 64.
    Errors: ``handle_empty``, ``handle_too_long``, ``handle_malformed``.
    Source: product sheet, "Create the mailbox custom field" (alphabet, first and last
            character); RFC 5321 4.5.3.1.1 (64) and 4.1.2 (no empty atom: "a..b").
    """
    handle = _fold(raw)
    if not handle:
        raise Invalid("handle_empty", field="handle")
    if len(handle) > HANDLE_MAX:
        raise Invalid("handle_too_long", field="handle")
    if not HANDLE.fullmatch(handle):
        raise Invalid("handle_malformed", field="handle")
    return handle


def skeleton(handle: str) -> str:
    """Return the handle without its separators; digits stay digits."""
    return _fold(handle).translate(_SEPARATORS)


def is_reserved(handle: str, names: frozenset[str]) -> bool:
    """Say whether the handle is one of the reserved names, whatever the separator.

    ``names`` are skeletons, as ``reserved.builtin_and_configured`` returns them.
    Source: product sheet, "Reserved mailbox names"; design 9, promise 5.
    """
    return skeleton(handle) in names


def clean_domain(raw: str, *, field: str = _("Domain")) -> str:
    """Return the domain in lower case, as A-labels, without a trailing dot.

    Of a web address, such as ``https://TheXYZ.com/``, scheme and path are dropped, and
    nothing else: ``www.`` is part of a name, and a port or a login is no typing habit.
    ``field`` is the label that the refusal tells people to correct.

    Units:  at most 253 characters, labels of 1 to 63, two labels at least.
    Errors: ``domain_malformed``.
    Source: RFC 1035 2.3.4 and 5890 2.3.2.1; a last label of digits alone would be an
            IPv4 address (RFC 3696 2); WHMCS contract 4.1 (what people type).
    """
    host = _WEB_ADDRESS.sub(r"\1", raw.strip(_BLANKS), count=1)
    domain = _to_ascii(_fold(host)).removesuffix(".")
    labels = domain.split(".")
    if (
        len(domain) > DOMAIN_MAX
        or len(labels) < 2
        or labels[-1].isdigit()
        or not all(_LABEL.fullmatch(label) for label in labels)
    ):
        raise Invalid(
            "domain_malformed", field="domain", domain=shown(raw), label=field
        )
    return domain


def _to_ascii(text: str) -> str:
    """Return the A-label form or "" when there is none; ASCII and the overlong stay."""
    if len(text) > DOMAIN_MAX + 1 or (text.isascii() and "xn--" not in text):
        return text
    try:
        return idna.encode(text, uts46=True, std3_rules=True).decode("ascii")
    except UnicodeError:
        return ""


def parse_domains(csv: str) -> tuple[str, ...]:
    """Return the domains of a list in its order, each once.

    Commas, semicolons and white space separate; empty places are skipped.
    Errors: ``domain_malformed``, which names the first bad one.
    Source: product sheet, "Allowed Domains CSV".
    """
    label = "Allowed Domains CSV"
    parts = [part for part in re.split(r"[,;\s]+", csv) if part]
    return tuple(dict.fromkeys(clean_domain(part, field=label) for part in parts))


def choose_domain(requested: str, allowed: tuple[str, ...]) -> str:
    """Return the domain to sell on: the one asked for, or the only one allowed.

    Errors: ``domain_missing``, ``domain_malformed``, ``domain_not_allowed``.
    Source: product sheet, "Domain selection options" and the two domain errors under
            "Troubleshooting".
    """
    if requested.strip(_BLANKS):
        domain = clean_domain(requested)
        if domain not in allowed:
            raise Invalid("domain_not_allowed", field="domain", domain=domain)
        return domain
    if len(allowed) != 1:
        raise Invalid("domain_missing", field="domain")
    return allowed[0]


def clean_destination(
    raw: str,
    *,
    own: str,
    domain: str,
    allow_external: bool,
    is_list: Callable[[str], bool],
) -> str:
    """Return the address that the alias ``own`` of ``domain`` may deliver to.

    Units:  at most 254 characters, 64 before the "@".
    Errors: ``destination_malformed``, ``destination_is_itself``,
            ``destination_external``, ``destination_is_list`` (in any domain).
    Source: product sheet, "Allow External Forwards"; design 9, promise 14.
    """
    field = "destination"
    address = _clean_address(raw)
    if not address:
        raise Invalid("destination_malformed", field=field, destination=shown(raw))
    if own.lower() in _readings(address):
        raise Invalid("destination_is_itself", field=field)
    if not allow_external and not address.endswith(f"@{domain}"):
        raise Invalid("destination_external", field=field, domain=domain)
    if any(map(is_list, _readings(address))):
        raise Invalid("destination_is_list", field=field, destination=address)
    return address


def clean_member(
    raw: str,
    *,
    list_address: str,
    domain: str,
    allow_external: bool,
    is_list: Callable[[str], bool],
) -> str:
    """Return the address that may be on the list ``list_address`` of ``domain``.

    Units:  at most 254 characters, 64 before the "@".
    Errors: ``member_malformed``, ``member_external``, ``member_is_list`` (in any
            domain, and the list itself).
    Source: design 6 (``Allow External List Members``) and 9, promise 14.
    """
    address = _clean_address(raw)
    if not address:
        raise Invalid("member_malformed", field="members", member=shown(raw))
    if not allow_external and not address.endswith(f"@{domain}"):
        raise Invalid("member_external", field="members", domain=domain)
    readings = _readings(address)
    if list_address.lower() in readings or any(map(is_list, readings)):
        raise Invalid("member_is_list", field="members", member=address)
    return address


def parse_members(raw: str | Sequence[str]) -> list[str]:
    """Return what was typed as members, one entry each, in order, each once.

    Lines, commas and semicolons separate. Entries are not judged here, so that each
    can be answered on its own by ``clean_member``.
    Errors: ``member_batch_limit`` (more than a list may have).
    """
    found: dict[str, str] = {}
    for chunk in [raw] if isinstance(raw, str) else raw:
        for entry in filter(None, map(str.strip, re.split(r"[,;\r\n]", chunk))):
            found.setdefault(_fold(entry), entry)
    if len(found) > MEMBERS_MAX:
        raise Invalid("member_batch_limit", field="members", limit=MEMBERS_MAX)
    return list(found.values())


def _clean_address(raw: str) -> str:
    """Return the address in lower case, or "" when it is none.

    A destination that differs only by case is the same for every platform we know.
    Quoted local parts are not taken.
    Source: RFC 5322 3.2.3 (dot-atom), RFC 5321 4.5.3.1 (64 and 254).
    """
    local, _, domain = _fold(raw).rpartition("@")
    if (
        len(local) > HANDLE_MAX
        or not _DOT_ATOM.fullmatch(local)
        or domain != domain.strip()
        or not set("/?#").isdisjoint(domain)  # no web address follows an "@"
    ):
        return ""
    try:
        address = f"{local}@{clean_domain(domain)}"
    except Invalid:
        return ""
    return address if len(address) <= ADDRESS_MAX else ""


def _readings(address: str) -> set[str]:
    """Return the address and what it means without a "+tag".

    Mail for ``team+x@`` reaches ``team@``, so a tag must not hide a list or a loop.
    """
    local, _, domain = address.rpartition("@")
    untagged = local.partition("+")[0]
    return {address, f"{untagged}@{domain}"} if untagged else {address}


def check_password(raw: str, *, suggestion: Callable[[], str]) -> None:
    """Refuse a password that the platform would not take, naming the first reason.

    ``suggestion`` is called only for a refusal; see ``generate_password``.

    Units:  length in characters, 10 to 128.
    Errors: PasswordUnsuitable with ``password_too_short``, ``password_too_long``,
            ``password_has_space`` (any white space), ``password_characters`` (not
            printable ASCII) or ``password_too_weak``, in this order.
    Source: product sheet, "Password change fails" (10, no spaces); protocol 4; API 6.6
            (four classes, and the symbols that count).
    """
    if code := _password_fault(raw):
        raise PasswordUnsuitable(code, suggestion=suggestion())


def _password_fault(raw: str) -> str:
    faults = (
        ("password_too_short", len(raw) < PASSWORD_MIN),
        ("password_too_long", len(raw) > PASSWORD_MAX),
        ("password_has_space", any(letter.isspace() for letter in raw)),
        ("password_characters", not (raw.isascii() and raw.isprintable())),
        ("password_too_weak", any(set(kind).isdisjoint(raw) for kind in _CLASSES)),
    )
    return next((code for code, wrong in faults if wrong), "")


def generate_password() -> str:
    """Return a password of 20 characters that every check of ours passes.

    Drawn again until it is suitable, so that each suitable one is equally likely. A
    symbol in front is not: "=", "-" and "@" there mean something to other programs.
    Source: API 6.6 (advice for generated ones: symbols that HTML does not harm).
    """
    while True:
        password = "".join(secrets.choice(_GENERATED) for _ in range(20))
        if password[0].isalnum() and not _password_fault(password):
            return password


_BAD = "(invalid|illegal|forbidden|unsupported|allowed|permitted)"
_PASSWORD_HINTS = (
    ("password_characters", rf"{_BAD} char|char.*{_BAD}"),
    ("password_used_before", r"same|previous|reus|\bused|different|histor"),
    ("password_too_weak", "weak|strong|strength|character|least|upper|symbol"),
)


def password_refusal(text: str) -> str:
    """Return our code for a platform's refusal of a password: a hint, not a proof.

    ``password_refused`` when the text says nothing that we know.
    Source: API 7.1 (patterns; no text of the vendor is public).
    """
    if re.search("pass(word|wd|phrase|code)", text, re.IGNORECASE):
        for code, pattern in _PASSWORD_HINTS:
            if re.search(pattern, text, re.IGNORECASE):
                return code
    return "password_refused"


def quarantine_allowance(limit: int) -> int:
    """Return how many names of one service may be in quarantine at once.

    Units:  names; ``limit`` 0 means unlimited, see QUARANTINE_UNLIMITED.
    Source: protocol 5 (at most max(10, limit)).
    """
    return max(QUARANTINE_MIN, limit) if limit else QUARANTINE_UNLIMITED
