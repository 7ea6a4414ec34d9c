"""Adds price texts up, where that needs no guess.

A price is what staff wrote, such as "€3 / month". Two can be added when each has
exactly one number and the words around it are the same: then currency and period are
equal whatever they are. Of all other prices there is no total, only their lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

# "1.000" and "1,5" may mean two things; "4", "4.50" and "4,50" mean one.
_PRICE = re.compile(
    r"(?P<before>[^0-9%]*)(?P<whole>[0-9]+)(?:(?P<point>[.,])(?P<cents>[0-9]{2}))?"
    r"(?P<after>[^0-9%]*)"
)
_MINUS = ("-", "\N{MINUS SIGN}", "\N{EN DASH}")


def total(prices: Sequence[str]) -> str:
    """Return the sum in the words of the first price; "" when it would be a guess."""
    found = [_PRICE.fullmatch(price.strip()) for price in prices]
    read = [match for match in found if match is not None]
    if not read or len(read) < len(found):
        return ""
    points = {match["point"] for match in read} - {None}
    around = {(_tight(match["before"]), _tight(match["after"])) for match in read}
    if len(around) > 1 or len(points) > 1:
        return ""
    first = read[0]
    if any(sign in first["before"] for sign in _MINUS):  # a rebate, or a range
        return ""
    summed = sum(
        (Decimal(f"{match['whole']}.{match['cents'] or '00'}") for match in read),
        Decimal(0),
    )
    shown = f"{summed:.2f}".replace(".", points.pop()) if points else f"{summed:.0f}"
    return f"{first['before']}{shown}{first['after']}"


def said(prices: Sequence[str]) -> str:
    """Return the whole price in one line: the total first, then what it is made of."""
    lines = " + ".join(prices)
    summed = total(prices) if len(prices) > 1 else ""
    return f"{summed} ({lines})" if summed else lines


def _tight(text: str) -> str:
    return "".join(text.split())
