"""What customers read in place of sentences for staff."""

from __future__ import annotations

from housemail.mailboxes.errors import Conflict
from housemail.mailboxes.wording import say_code, say_to_client


def test_a_customer_reads_no_reason_that_tells_whose_a_name_is() -> None:
    exact = {
        "handle_reserved": {"handle": "postmaster"},
        "address_taken": {"address": "anna@thexyz.com"},
    }
    told = {say_to_client(Conflict(code, **params)) for code, params in exact.items()}
    assert told == {"This address is not available. Choose another name."}


def test_what_everybody_may_read_is_said_in_full() -> None:
    limit = Conflict("alias_limit", used=3, limit=3)
    assert say_to_client(limit).startswith("3 of 3 aliases are in use")


def test_what_is_not_known_is_not_called_unchanged() -> None:
    assert "we are checking" in say_code("being_checked", {}, settled=False)
    staff = say_code("needs_staff", {"address": "anna@thexyz.com"}, settled=False)
    assert staff.startswith("It is not known yet whether this was done.")
