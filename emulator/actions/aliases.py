"""Aliases, and forwards as the mailbox owner sets them (API reference 5.3, 5.5)."""

from __future__ import annotations

from emulator.actions import names
from emulator.call import USER, Action, Answer, Call, Refused


def add_alias(call: Call) -> Answer:
    """An address without a mailbox, with one destination."""
    domain = call.domain()
    forward = names.address(call, "forward")
    domain.aliases[names.new_name(call, "alias", domain)] = forward
    return Answer("Alias created", changed=True)


def remove_alias(call: Call) -> Answer:
    """Remove the alias as a whole."""
    name = call.need("alias").strip().lower()
    if call.domain().aliases.pop(name, None) is None:
        return call.repeated("No such alias in this domain", default="fail")
    return Answer("Alias removed", changed=True)


def get_aliases(call: Call) -> Answer:
    """All aliases of a domain; there is no paging."""
    domain = call.domain()
    return Answer(
        [
            {"alias": alias, "domain": domain.name, "forward": forward}
            for alias, forward in domain.aliases.items()
        ]
    )


def get_forward_rows(call: Call) -> Answer:
    """Forwards of a domain, as the admin sees them."""
    domain = call.domain()
    return Answer(
        [
            {"username": name, "forward": forward}
            for name, forwards in domain.forwards.items()
            for forward in forwards
        ]
    )


def _own_forwards(call: Call) -> list[str]:
    owner = call.token.owner if call.token else None
    domain = call.domains.get(owner[0]) if owner else None
    if owner is None or domain is None or owner[1] not in domain.mailboxes:
        raise Refused("Session is not valid")
    return domain.forwards.setdefault(owner[1], [])


def add_forward(call: Call) -> Answer:
    """Copy incoming mail elsewhere."""
    forwards = _own_forwards(call)
    wanted = names.address(call, "newforward")
    if wanted.lower() in (entry.lower() for entry in forwards):
        return call.repeated("Forward is already set", default="fail")
    forwards.append(wanted)
    return Answer("Forward created", changed=True)


def remove_forward(call: Call) -> Answer:
    """Stop copying."""
    forwards = _own_forwards(call)
    wanted = call.need("forward").strip()
    if wanted not in forwards:
        return call.repeated("No such forward", default="fail")
    forwards.remove(wanted)
    return Answer("Forward removed", changed=True)


def get_forwards(call: Call) -> Answer:
    """The mailbox's own forwards."""
    return Answer([{"forward": forward} for forward in _own_forwards(call)])


ACTIONS = (
    Action("addAlias", "write", "aliases", add_alias),
    Action("removeAlias", "delete", "aliases", remove_alias),
    Action("getAllAliasesDomain", "read", "aliases", get_aliases, listing=True),
    Action("getAllForwardsDomain", "read", "forwards", get_forward_rows, listing=True),
    Action("addForward", "write", "forwards", add_forward, USER),
    Action("removeForward", "delete", "forwards", remove_forward, USER),
    Action("getForwards", "read", "forwards", get_forwards, USER, listing=True),
)
