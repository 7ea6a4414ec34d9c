"""Distribution lists and their members (API reference 5.4).

The parameter names are asymmetrical on the real wire and are so here: a client
that uses one set for both directions is refused.
"""

from __future__ import annotations

from emulator.actions import names
from emulator.call import Action, Answer, Call, Refused
from emulator.state import DistributionList, Domain


def add_list(call: Call) -> Answer:
    """An empty list."""
    domain = call.domain()
    name = names.new_name(call, "newlname", domain)
    domain.lists[name] = DistributionList(name, call.text("newlisttype") or "1")
    return Answer("List created", changed=True)


def remove_list(call: Call) -> Answer:
    """Remove the list with its members."""
    domain = call.domain()
    name = call.need("lname").strip().lower()
    if domain.lists.pop(name, None) is None:
        return call.repeated("No such list in this domain", default="fail")
    return Answer("List removed", changed=True)


def get_lists(call: Call) -> Answer:
    """All lists of a domain; there is no paging."""
    return Answer(
        [
            {"lname": entry.lname, "listtype": entry.listtype}
            for entry in call.domain().lists.values()
        ]
    )


def _list(call: Call, key: str, domain: Domain) -> DistributionList:
    entry = domain.lists.get(call.need(key).strip().lower())
    if entry is None:
        raise Refused("No such list in this domain")
    return entry


def get_members(call: Call) -> Answer:
    """All members of a list."""
    entry = _list(call, "lname", call.domain())
    return Answer([{"member": member} for member in entry.members])


def add_member(call: Call) -> Answer:
    """Takes only editlname, editdomain, newmember."""
    entry = _list(call, "editlname", call.domain("editdomain"))
    member = names.address(call, "newmember")
    if member.lower() in (known.lower() for known in entry.members):
        return call.repeated("Member is already in this list", default="fail")
    entry.members.append(member)
    return Answer("Member added", changed=True)


def remove_member(call: Call) -> Answer:
    """Takes only lname, domain, member; the member exactly as listed."""
    entry = _list(call, "lname", call.domain())
    member = call.need("member").strip()
    if member not in entry.members:
        return call.repeated("No such member in this list", default="fail")
    entry.members.remove(member)
    return Answer("Member removed", changed=True)


ACTIONS = (
    Action("addList", "write", "lists", add_list),
    Action("removeList", "delete", "lists", remove_list),
    Action("getAllListsDomain", "read", "lists", get_lists, listing=True),
    Action("getListMembers", "read", "lists", get_members, listing=True),
    Action("addListMember", "write", "lists", add_member),
    Action("removeListMember", "delete", "lists", remove_member),
)
