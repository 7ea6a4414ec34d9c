"""The demo's story: who buys what, and what becomes of it.

Names are long and unusual, so that whoever tries the demo finds the short ones free.
``domain`` is a place in the list of house domains.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from housemail.ops.demo import sign_ins
from housemail.sales.models import OptionValue
from housemail.sales.opening import Offer
from housemail.sales.states import AutoSetup

QUOTA, TYPE = OptionValue.Option.QUOTA_GB, OptionValue.Option.ACCOUNT_TYPE
PREMIUM, PERSONAL = "premium-email-account", "personal-email-account"

OFFERS = (
    Offer(
        name="Premium Email Account",
        price_text="€4 / month",
        description="Webmail, calendar, 25 aliases and 5 distribution lists.",
        # The sheet's ten settings with the sheet's own values: nothing to add.
        options={
            TYPE: {"Basic": "", "Enhanced": "€2 / month"},
            QUOTA: {"10": "", "25": "", "50": "€2 / month", "100": "€5 / month"},
        },
    ),
    Offer(
        name="Personal Email Account",
        price_text="€1 / month",
        description="One address for one person, with a few aliases.",
        auto_setup=AutoSetup.ACCEPT,
        settings={"quota_gb": "5", "max_aliases": "3", "max_lists": "1"},
    ),
)


@dataclass(frozen=True)
class Customer:
    """Somebody who buys; ``language`` is that of the e-mails."""

    name: str
    email: str
    language: str


CUSTOMERS = {
    "emma": Customer(sign_ins.CUSTOMER.name, sign_ins.CUSTOMER.email, "en"),
    "jonas": Customer("Jonas Weber", "jonas.weber@example.net", "de"),
    "camille": Customer("Camille Roy", "camille.roy@example.net", "fr"),
    "lucia": Customer("Lucía Fernández", "lucia.fernandez@example.net", "es"),
    "joao": Customer("João Almeida", "joao.almeida@example.net", "pt-br"),
    "putri": Customer("Putri Wulandari", "putri.wulandari@example.net", "id"),
}


class Ends(StrEnum):
    """How far an order goes in the story, and what happens to its mailbox then."""

    PLACED = "placed"
    PAID = "paid"
    ACCEPTED = "accepted"
    SETTING_UP = "setting_up"
    PROBLEM = "problem"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    ENDING = "ending"


@dataclass(frozen=True)
class Sale:
    """One order of the story. Aliases deliver to the mailbox itself.

    A mailbox that nobody used yet (``used_mb``) still waits for its first password.
    """

    customer: str
    product: str
    handle: str
    domain: int
    ends: Ends
    options: Mapping[str, str] = field(default_factory=dict)
    used_mb: int = 0
    aliases: tuple[str, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


SALES = (
    Sale(
        "emma",
        PREMIUM,
        "emma.clarke",
        0,
        Ends.ACTIVE,
        {TYPE: "Enhanced", QUOTA: "50"},
        used_mb=31_240,
        aliases=("e.clarke", "emma.orders", "emma.travel"),
        lists={
            "clarke.family": ("ruth.clarke@example.org", "noah.clarke@example.org"),
            "clarke.choir": (
                "amira.haddad@example.com",
                "ben.okafor@example.com",
                "chiara.rossi@example.com",
                "dan.novak@example.com",
            ),
        },
    ),
    Sale("emma", PREMIUM, "clarke.studio", 1, Ends.SUSPENDED, used_mb=2_130),
    Sale("emma", PREMIUM, "ruth.clarke", 1, Ends.PROBLEM),
    Sale("emma", PREMIUM, "clarke.baking", 0, Ends.ACTIVE),
    Sale("emma", PERSONAL, "emma.letters", 0, Ends.PLACED),
    Sale(
        "jonas",
        PREMIUM,
        "jonas.weber",
        0,
        Ends.ACTIVE,
        used_mb=24_480,
        aliases=("j.weber", "weber.rechnungen"),
        lists={"weber.werkstatt": ("tobias.lang@example.org",)},
    ),
    Sale("jonas", PREMIUM, "weber.garten", 0, Ends.SETTING_UP),
    Sale(
        "camille",
        PERSONAL,
        "camille.roy",
        1,
        Ends.ENDING,
        used_mb=640,
        aliases=("atelier.roy",),
    ),
    Sale("camille", PREMIUM, "roy.galerie", 1, Ends.ACCEPTED, {QUOTA: "100"}),
    Sale("lucia", PREMIUM, "lucia.fernandez", 0, Ends.TERMINATED),
    Sale("lucia", PERSONAL, "lucia.clases", 0, Ends.PAID),
    Sale("joao", PREMIUM, "joao.almeida", 0, Ends.CANCELLED),
    Sale("joao", PERSONAL, "almeida.familia", 1, Ends.EXPIRED),
    Sale(
        "putri",
        PREMIUM,
        "putri.wulandari",
        2,
        Ends.ACTIVE,
        {QUOTA: "10"},
        used_mb=3_905,
        aliases=("wulandari.toko",),
    ),
    Sale("putri", PREMIUM, "wulandari.kantor", 2, Ends.PLACED, {TYPE: "Enhanced"}),
)
# On the platform already and nobody's here: why the order with the problem has one.
STRANGERS = ((1, "ruth.clarke", "Ruth Clarke"),)
