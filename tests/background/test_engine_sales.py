"""The engine in a process of its own sets orders up, and sends what was queued."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from tests.background.test_engine import end, environment

__all__ = ["environment"]

SCRIPT = """
import django, time
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from housemail.background import engine
from housemail.mailboxes.context import Actor
from housemail.people import roles
from housemail.people.models import User
from housemail.platforms.base import Deadline
from housemail.sales import bulk, orders, placing
from housemail.sales.holds import Visitor
from housemail.sales.models import Product, ProductGroup, SaleServer, ServerGroup
from housemail.sales.placing import Form
group = ServerGroup.objects.create(name="g")
server = SaleServer.objects.create(
    name="s", hostname="localhost", kind="memory", username="u", password="p"
)
server.groups.add(group)
product = Product.objects.create(
    group=ProductGroup.objects.create(name="g", slug="g"), name="P", slug="p",
    allowed_domains="thexyz.com", server_group=group, on_sale=True,
)
visitor = Visitor("s", customer=User.objects.create_user("a@example.org", name="A"))
order = placing.place(visitor, product, Form("k", "anna"), Deadline.after(5))
orders.mark_paid(order, Actor())
assert order.state == "setting_up"
roles.give(visitor.customer, roles.Role.MANAGER)
bulk.start(visitor.customer, "mark_paid", [order.pk], key="k", title="Mark paid")
print("started" if engine.start_once() else "refused", flush=True)
while True:
    time.sleep(0.2)
"""


def row(database: Path) -> tuple[str, int]:
    """The order's state, and how many e-mails were sent."""
    with sqlite3.connect(database, timeout=10) as connection:
        (state,) = connection.execute("select state from sales_order").fetchone()
        (sent,) = connection.execute(
            "select count(*) from sales_outgoingmail where sent_at is not null"
        ).fetchone()
    connection.close()
    return state, sent


def finished_runs(database: Path) -> int:
    """How many bulk runs the engine has finished."""
    with sqlite3.connect(database, timeout=10) as connection:
        (count,) = connection.execute(
            "select count(*) from sales_bulkrun where finished_at is not null"
        ).fetchone()
    connection.close()
    return int(count)


def test_the_engine_sets_an_order_up_and_writes_to_its_customer(
    environment: dict[str, str], tmp_path: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        env={**environment, "HOUSEMAIL_ALLOW_LOCAL_PLATFORM": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "started"
        until = time.monotonic() + 60
        while row(tmp_path / "housemail.sqlite3") != ("done", 2):
            assert time.monotonic() < until, row(tmp_path / "housemail.sqlite3")
            time.sleep(0.2)
        while not finished_runs(tmp_path / "housemail.sqlite3"):
            assert time.monotonic() < until
            time.sleep(0.2)
        letters = [path.read_text() for path in (tmp_path / "mail").iterdir()]
        assert any("anna@thexyz.com is ready" in letter for letter in letters)
    finally:
        end(process, signal.SIGKILL)
