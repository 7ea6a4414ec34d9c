"""The dashboard: each number is that of the list it leads to, at a fixed cost."""

from __future__ import annotations

import os
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from housemail.console.dashboard import Figure
from housemail.modulelog import health
from housemail.modulelog.models import ModuleLogEntry
from housemail.sales.models import Order
from tests.console.test_orders import queries

pytestmark = [pytest.mark.databases, pytest.mark.django_db]
HOME = "/console/"


def figures(client) -> dict[tuple[str, str], Figure]:
    cards = client.get(HOME).context["cards"]
    return {
        (str(card.title), str(figure.words)): figure
        for card in cards
        for figure in card.figures
    }


def an_entry(hours_ago: float = 0, outcome: str = "done", ms: int = 100) -> None:
    ModuleLogEntry.objects.create(
        at=timezone.now() - timedelta(hours=hours_ago),
        action="login",
        host="cp.emailarray.com",
        duration_ms=ms,
        outcome=outcome,
    )


def test_every_number_is_that_of_the_list_it_leads_to(store, support):
    store.order("bob")
    Order.objects.filter(pk=store.order("carl").pk).update(state="problem")
    store.sells("order")
    store.order("anna")
    store.engine()
    found = figures(support)
    assert found["Orders waiting", "Ordered"].number == 1
    assert found["Orders waiting", "Needs attention"].tone == "bad"
    assert found["Mailboxes", "Active"].number == 1
    for words, figure in found.items():
        if figure.url:
            listed = support.get(figure.url).context["cl"].result_count
            assert listed == figure.number, words


def test_charts_show_the_last_day(support):
    assert support.get(HOME).context["charts"] == []
    an_entry(ms=100)
    an_entry(ms=300, outcome="failed")
    an_entry(hours_ago=30)
    hours = health.hours()
    assert len(hours) == 24
    assert (hours[-1].calls, hours[-1].failed, hours[-1].milliseconds) == (2, 1, 200)
    page = support.get(HOME)
    latency, failed = page.context["charts"]
    assert latency.sentence.endswith("at most 200 ms.")
    assert failed.bars[-1].height > 0
    assert "<svg" in page.content.decode()
    assert "cp.emailarray.com" in page.content.decode()


def test_an_engine_that_rests_is_said(support, settings, tmp_path):
    settings.HOUSEMAIL_DATA_DIR = tmp_path
    assert "The engine rests" in support.get(HOME).content.decode()
    beat = tmp_path / "engine.heartbeat"
    beat.touch()
    assert "The engine rests" not in support.get(HOME).content.decode()
    long_ago = time.time() - 600
    os.utime(beat, (long_ago, long_ago))
    assert "It last ran at" in support.get(HOME).content.decode()
    # Who lets it sweep rarely is not alarmed.
    settings.HOUSEMAIL_SWEEP_SECONDS = 300
    assert "The engine rests" not in support.get(HOME).content.decode()


def test_it_costs_the_same_with_many_rows(store, support):
    store.order("anna")
    an_entry()
    few = queries(support, HOME)
    for number in range(12):
        store.order(f"many{number}")
        an_entry(hours_ago=number)
    assert queries(support, HOME) == few


def test_no_page_has_inline_scripts(store, support):
    for path in (HOME, "/console/sales/order/", "/console/sales/saleserver/"):
        page = support.get(path).content.decode()
        assert "<script>" not in page
        assert "onclick=" not in page
