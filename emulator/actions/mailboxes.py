"""Mailboxes: create, change, suspend, remove, one-time passwords (reference 5.1)."""

from __future__ import annotations

from dataclasses import replace

from emulator.actions import names
from emulator.call import Action, Answer, Call, Refused
from emulator.state import BASIC, ENHANCED, MB_PER_GB, DistributionList, Domain, Mailbox
from emulator.switches import Activation

_SSO = {
    "bare": "webmail.emailarray.com",
    "https": "https://webmail.emailarray.com/",
    "http": "http://webmail.emailarray.com/",
    "foreign": "https://webmail.elsewhere.example/",
    "port": "https://webmail.emailarray.com:8443/",
}
_FALSE = ("", "0", "false", "no", "off")


def add_user(call: Call) -> Answer:
    """Create a mailbox; a repeat fails as a duplicate."""
    domain = call.domain()
    if call.consult.on("domain_missing"):
        raise Refused("No such domain in this account")
    if call.consult.on("domain_unverified"):
        raise Refused("Domain is pending verification")
    _stranger(call, domain)
    name = names.new_name(call, "username", domain)
    box = Mailbox(
        username=name,
        uname=call.text("uname"),
        account_type=names.account_type(call, "account_type", domain),
        quota_mb=names.quota_mb(call, "quota"),
        password=names.password(call, "password", None),
        user_language=call.text("user_language") or "en",
        timezone=call.text("timezone"),
        dateformat=call.text("dateformat"),
        twofa_allowed=_flag(call, "twofa_allowed", default=True),
    )
    if call.consult.on("localisation_ignored"):
        box = replace(box, user_language="en", timezone="", dateformat="")
    _check_limits(call, box, None)
    domain.mailboxes[name] = box
    return Answer("User created", changed=True)


def _stranger(call: Call, domain: Domain) -> None:
    """mailbox_exists: somebody else takes the name just before this call does."""
    found = call.consult.on("mailbox_exists")
    name = call.text("username").strip().lower()
    if not found or not name or domain.holder(name):
        return
    holder = found.word("holder")
    if holder == "mailbox":
        domain.mailboxes[name] = Mailbox(name, uname="Somebody else")
    elif holder == "alias":
        domain.aliases[name] = f"stranger@{domain.name}"
    else:
        domain.lists[name] = DistributionList(name)


def _check_limits(call: Call, box: Mailbox, before: Mailbox | None) -> None:
    state, admin = call.state, call.state.admin
    if before is None:
        total = sum(len(domain.mailboxes) for domain in state.domains.values())
        if total >= admin.max_basic + admin.max_enhanced:
            raise Refused("Maximum number of accounts reached")
    found = call.consult.on("limit_reached")
    if found and _over(call, found, box, before):
        raise Refused("Account limit reached for this subscription")


def _over(call: Call, found: Activation, box: Mailbox, before: Mailbox | None) -> bool:
    state = call.state
    if all(value is None for value in found.params.values()):
        return before is None or box.quota_mb > before.quota_mb
    kind = "basic" if box.account_type == BASIC else "enhanced"
    new_kind = before is None or before.account_type != box.account_type
    added = box.quota_mb - (before.quota_mb if before else 0)
    checks = (
        ("quota", added > 0, lambda: (state.quota_mb() + added) / MB_PER_GB),
        (kind, new_kind, lambda: state.count(box.account_type) + 1),
        (
            "mailboxes",
            before is None,
            lambda: state.count(BASIC) + state.count(ENHANCED) + 1,
        ),
    )
    return any(
        concerned and found.params[name] is not None and value() > found.number(name)
        for name, concerned, value in checks
    )


def update_user(call: Call) -> Answer:
    """Change a mailbox; only the edit... names are looked at."""
    domain, box = call.mailbox("editusername", "editdomain")
    new = replace(box, former_passwords=list(box.former_passwords))
    blank = call.consult.on("partial_update_blanks") is not None
    if call.has("edituname") or blank:
        new.uname = call.text("edituname")
    if call.has("editaccount_type"):
        new.account_type = names.account_type(call, "editaccount_type", domain)
    if call.has("editquota"):
        new.quota_mb = names.quota_mb(call, "editquota")
    elif blank:
        new.quota_mb = 0
    if call.text("editpassword"):
        new.password = names.password(call, "editpassword", box)
        if box.password and new.password != box.password:
            new.former_passwords.append(box.password)
    new.twofa_allowed = _flag(call, "edittwofa_allowed", default=box.twofa_allowed)
    _localise(call, new)
    _check_limits(call, new, box)
    changed = new != box
    vars(box).update(vars(new))  # in place: one object per mailbox for its life
    return Answer("User updated", changed=changed)


def _localise(call: Call, box: Mailbox) -> None:
    """The real names are not public (API reference 6.9), so a test may set them."""
    if call.consult.on("localisation_ignored"):
        return
    word = call.consult.word
    for attribute, param, default in (
        ("user_language", "language", "edituser_language"),
        ("timezone", "timezone", "edittimezone"),
        ("dateformat", "dateformat", "editdateformat"),
    ):
        field = word("localisation_names", param, default)
        if call.has(field):
            setattr(box, attribute, call.text(field))


def _flag(call: Call, key: str, *, default: bool) -> bool:
    return call.text(key).strip().lower() not in _FALSE if call.has(key) else default


def disable_user(call: Call) -> Answer:
    """Suspend."""
    return _switch(call, disabled=True)


def enable_user(call: Call) -> Answer:
    """Lift a suspension."""
    return _switch(call, disabled=False)


def _switch(call: Call, *, disabled: bool) -> Answer:
    _, box = call.mailbox()
    word = "disabled" if disabled else "enabled"
    if box.disabled is disabled:
        return call.repeated(f"User is already {word}", default="ok")
    box.disabled = disabled
    return Answer(f"User {word}", changed=True)


def remove_user(call: Call) -> Answer:
    """Delete; aliases and memberships stay unless cascade_on_remove is on."""
    domain = call.domain()
    name = call.need("username").strip().lower()
    if domain.mailboxes.pop(name, None) is None:
        return call.repeated("No such user in this domain", default="fail")
    domain.forwards.pop(name, None)
    if call.consult.on("cascade_on_remove"):
        _cascade(call, f"{name}@{domain.name}")
    return Answer("User removed", changed=True)


def _cascade(call: Call, gone: str) -> None:
    for domain in call.state.domains.values():
        domain.aliases = {
            alias: forward
            for alias, forward in domain.aliases.items()
            if forward.lower() != gone
        }
        for entry in domain.lists.values():
            entry.members = [m for m in entry.members if m.lower() != gone]


def get_otp(call: Call) -> Answer:
    """A one-time password, as a string."""
    domain, box = _may_sign_in(call)
    return Answer(call.sessions.mint(domain.name, box.username, call.now).value)


def get_otp_and_token(call: Call) -> Answer:
    """A one-time password with a user token and the webmail's address."""
    domain, box = _may_sign_in(call)
    return Answer(
        mint_pair(call, domain, box)
        | {"url": _SSO[call.consult.word("sso_url", "form", "bare")]}
    )


def mint_pair(call: Call, domain: Domain, box: Mailbox) -> dict[str, object]:
    """A one-time password and a user token."""
    owner = (domain.name, box.username)
    token = call.sessions.issue(call.request.host, call.now, owner)
    otp = call.sessions.mint(domain.name, box.username, call.now)
    return {"otp": otp.value, "token": token.value}


def _may_sign_in(call: Call) -> tuple[Domain, Mailbox]:
    domain, box = call.mailbox()
    mode = call.consult.word("otp", "mode", "")
    if box.disabled and mode == "refused_when_disabled":
        raise Refused("This account is disabled")
    return domain, box


ACTIONS = (
    Action("addUser", "write", "users", add_user),
    Action("updateUser", "write", "users", update_user),
    Action("disableUser", "write", "users", disable_user),
    Action("enableUser", "write", "users", enable_user),
    Action("removeUser", "delete", "users", remove_user),
    Action("getOTPass", "secret", "users", get_otp),
    Action("getOTPassAndToken", "secret", "users", get_otp_and_token),
)
