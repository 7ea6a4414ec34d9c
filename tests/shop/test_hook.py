"""The web hook's route, and that the documented shell lines work as they stand."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from housemail.sales.webhook import HEADER, sign
from tests.sales.conftest import Store, events

pytestmark = pytest.mark.django_db
SECRET = "shared-by-both-sides"
DOCUMENT = Path(__file__).resolve().parents[2] / "docs/shop.md"


@pytest.fixture(autouse=True)
def _secret(settings) -> None:
    settings.HOUSEMAIL_WEBHOOK_SECRET = SECRET


def send(client: Client, order: object, *, event: str = "evt_1", secret: str = SECRET):
    body = json.dumps({"id": event, "type": "orders.paid", "order": str(order)})
    return client.post(
        "/hooks/orders/",
        body,
        content_type="application/json",
        headers={HEADER: sign(body.encode(), secret, int(time.time()))},
    )


def test_a_signed_message_pays_once_and_needs_no_cookie(store: Store) -> None:
    client = Client(enforce_csrf_checks=True)
    order = store.order()
    first = send(client, order)
    assert first.json() == {"result": "paid", "order": order.number}
    assert send(client, order).json()["result"] == "already"
    assert send(client, order, event="evt_2").json()["result"] == "already"
    order.refresh_from_db()
    assert order.state == "setting_up"
    assert events(order) == ["placed", "paid", "set_up"]
    store.engine()
    order.refresh_from_db()
    assert order.state == "done"


def test_a_refusal_is_a_problem_document(client: Client, store: Store) -> None:
    order = store.order()
    for answer, status, code in (
        (send(client, order, secret="another"), 403, "webhook_signature"),
        (send(client, "HM-0000-0000"), 404, "order_unknown"),
        (client.post("/hooks/orders/"), 403, "webhook_signature"),
    ):
        assert answer.status_code == status
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] == code
        assert answer.json()["detail"]
    order.refresh_from_db()
    assert order.paid_at is None
    assert client.get("/hooks/orders/").status_code == 405


def test_every_refusal_is_documented() -> None:
    from housemail.sales.errors import SENTENCES

    text = DOCUMENT.read_text(encoding="utf-8")
    codes = [code for code in SENTENCES if code.startswith("webhook_")]
    assert [code for code in codes if f"`{code}`" not in text] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    not (shutil.which("openssl") and shutil.which("curl")),
    reason="openssl or curl is not installed",
)
def test_the_documented_shell_lines_pay_an_order(store: Store, tmp_path: Path) -> None:
    order = store.order()
    found = re.search(r"```sh\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert found is not None
    (tmp_path / "webhook_secret").write_text(f"{SECRET}\n", encoding="utf-8")
    server = LiveServer("127.0.0.1")
    try:
        script = found[1].replace("http://127.0.0.1:8000", server.url)
        script = script.replace("HM-7K3F-92QD", order.number)
        for result in ("paid", "already"):
            ran = subprocess.run(
                ["/bin/sh", "-euc", script],
                env={"HOUSEMAIL_DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"},
                capture_output=True,
                text=True,
                timeout=30,
                check=True,
            )
            assert json.loads(ran.stdout)["result"] == result
    finally:
        server.stop()
    order.refresh_from_db()
    assert order.paid_at is not None
