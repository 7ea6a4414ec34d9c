"""Staff settle what is open now, and decide what ended without proof."""

from __future__ import annotations

import pytest

from housemail.mailboxes import aliases, deciding, provisioning
from housemail.mailboxes.deciding import Settled
from housemail.mailboxes.errors import Conflict, Invalid
from housemail.mailboxes.journal import Step
from housemail.mailboxes.models import Alias, Claim, Mailbox, Operation
from tests.flows.conftest import PASSWORD, Killed

pytestmark = [pytest.mark.flow, pytest.mark.django_db(transaction=True)]
WHY = {"reason": "looked in the panel", "actor": "staff:7"}


@pytest.fixture
def box(shop) -> Mailbox:
    provisioning.create(
        shop.context(),
        shop.deadline(),
        handle="anna",
        domain="thexyz.com",
        password=PASSWORD,
    )
    return Mailbox.objects.get()


def test_an_unknown_change_is_settled_when_staff_ask(shop, box, kill, clock):
    kill(Step.ANSWERED, "suspend")
    with pytest.raises(Killed):
        provisioning.suspend(shop.context(), shop.deadline())
    operation = Operation.objects.get(verb="suspend")
    assert deciding.settle_now(operation, shop.deadline()) is Settled.BUSY
    clock.advance(30)
    assert deciding.settle_now(operation, shop.deadline()) is Settled.CLOSED
    assert operation.state == "done"
    assert deciding.settle_now(operation, shop.deadline()) is Settled.CLOSED_BEFORE
    box.refresh_from_db()
    assert box.state == "suspended"


def test_what_cannot_be_proved_yet_stays_open(shop, box, emulator, kill, clock):
    kill(Step.ANSWERED, "suspend")
    with pytest.raises(Killed):
        provisioning.suspend(shop.context(), shop.deadline())
    clock.advance(30)
    box.server.__class__.objects.update(endpoint="http://127.0.0.1:9/admin/json.php")
    operation = Operation.objects.get(verb="suspend")
    assert deciding.settle_now(operation, shop.deadline()) is Settled.STILL_OPEN


def test_a_create_without_proof_gives_its_name_back_for_its_order(box):
    Mailbox.objects.update(state="failed", needs_staff=True)
    operation = Operation.objects.get()
    Operation.objects.update(state="undetermined", needs_staff=True)
    operation = Operation.objects.select_related("mailbox__house_domain").get()
    assert deciding.name_in_doubt(operation) == "anna@thexyz.com"
    with pytest.raises(Conflict):
        deciding.looked_at(operation, **WHY)
    with pytest.raises(Invalid):
        deciding.give_back(operation, reason="", actor="staff:7")
    done = deciding.give_back(operation, **WHY)
    assert done.code == "released_to_order"
    assert Claim.objects.get().kind == "hold"
    operation = Operation.objects.get()
    assert not operation.needs_staff
    with pytest.raises(Conflict) as refused:
        deciding.give_back(operation, **WHY)
    assert refused.value.code == "nothing_to_decide"


def test_an_alias_in_doubt_gives_its_name_and_its_place_back(shop, box):
    aliases.add(shop.context(), shop.deadline(), handle="nick", destination="")
    Alias.objects.update(state="removing")
    operations = Operation.objects.filter(verb="alias_add")
    operations.update(state="undetermined", needs_staff=True)
    operation = operations.select_related("mailbox__house_domain").get()
    assert deciding.name_in_doubt(operation) == "nick@thexyz.com"
    assert deciding.give_back(operation, **WHY).code == "released_given_up"
    box.refresh_from_db()
    assert (box.aliases_used, Alias.objects.count()) == (0, 0)
    assert not operations.get().needs_staff


def test_another_change_without_proof_is_marked_as_looked_at(box):
    Mailbox.objects.update(needs_staff=True)
    operation = Operation.objects.get()
    Operation.objects.update(verb="suspend", state="undetermined", needs_staff=True)
    operation.refresh_from_db()
    assert deciding.name_in_doubt(operation) == ""
    with pytest.raises(Invalid):
        deciding.looked_at(operation, reason=" ", actor="staff:7")
    deciding.looked_at(operation, **WHY)
    assert not Mailbox.objects.get().needs_staff
    with pytest.raises(Conflict):
        deciding.looked_at(operation, **WHY)
    with pytest.raises(Conflict):
        deciding.give_back(operation, **WHY)
