"""The table of actions the imitation knows (API reference 4).

Names seen once and not trusted (reference 5.9) are absent on purpose: a client
that uses them is told that the action is unknown.
"""

from emulator.actions import (
    admin,
    aliases,
    appearance,
    domains,
    listing,
    lists,
    mailboxes,
    session,
)
from emulator.call import Action

ACTIONS: dict[tuple[str, str], Action] = {
    (row.endpoint, row.name): row
    for table in (
        session.ACTIONS,
        mailboxes.ACTIONS,
        listing.ACTIONS,
        aliases.ACTIONS,
        lists.ACTIONS,
        domains.ACTIONS,
        appearance.ACTIONS,
        admin.ACTIONS,
    )
    for row in table
}
