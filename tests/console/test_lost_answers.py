"""Commands whose answer from the mail platform was lost: a sentence, never an error."""

from __future__ import annotations

import pytest

from tests.console.conftest import said
from tests.console.test_services import GOOD, box, do, history

__all__ = ["box"]
pytestmark = pytest.mark.django_db


def test_a_lost_answer_to_a_package_is_being_checked(manager, box, store, settings):
    settings.HOUSEMAIL_DEADLINE_MS = 1500
    store.sells("order", quota_gb="50")
    store.emulator.switch_on("timeout_after_apply", hold=3, action="updateUser")
    answer = do(manager, box, "plan", product=str(store.product.pk))
    assert answer.status_code == 200
    assert "answer was lost" in said(answer)[0]
    assert history()[0].startswith(f"Change package: {said(answer)[0]}")


@pytest.mark.parametrize(
    ("command", "data", "sentence"),
    [
        ("suspend", {"reason": "unpaid"}, "answer was lost"),
        ("password", {"password": GOOD}, "may or may not have changed"),
        ("terminate", {"confirm": "anna@thexyz.com"}, "answer was lost"),
    ],
)
def test_no_command_breaks_on_a_lost_answer(
    manager, box, store, settings, command, data, sentence
):
    settings.HOUSEMAIL_DEADLINE_MS = 1500
    store.emulator.switch_on("timeout_after_apply", hold=3, action="@write")
    answer = do(manager, box, command, **data)
    assert answer.status_code == 200
    assert sentence in said(answer)[0]
