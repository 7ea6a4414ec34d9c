"""Numbers of the shop that staff looks at first."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count

from housemail.sales.models import Order
from housemail.sales.states import LIVE, State


def live_orders() -> Mapping[State, int]:
    """Return how many orders that have not ended are in which state; one query."""
    rows = Order.objects.filter(state__in=LIVE).order_by().values_list("state")
    found = dict(rows.annotate(count=Count("pk")))
    return {state: found.get(state, 0) for state in State if state in LIVE}
