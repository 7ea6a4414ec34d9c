"""The table of states, read as a whole."""

from __future__ import annotations

import pytest

from housemail.mailboxes import sentences
from housemail.mailboxes.context import Actor
from housemail.mailboxes.errors import for_client
from housemail.sales import errors, states
from housemail.sales.models import Order, OrderEvent
from housemail.sales.states import TABLE, AutoSetup, Move, State, sets_up_now
from housemail.sales.transitions import move
from tests.sales.conftest import Store, events


def test_every_state_can_be_reached_and_left_or_is_an_end() -> None:
    reached = {State.PLACED} | {step.target for step in TABLE.values()}
    assert reached == set(State)
    left = set().union(*(step.sources for step in TABLE.values()))
    assert set(State) - left == {State.DONE}


def test_the_drawing_names_every_state_and_move() -> None:
    drawing = str(states.__doc__)
    for word in [*State, *(name for name in Move if name is not Move.PLACED)]:
        assert str(word.value) in drawing


def test_every_move_is_a_kind_of_event() -> None:
    assert {str(move.value) for move in Move} <= {str(kind) for kind in OrderEvent.Kind}


def test_an_order_that_is_being_set_up_cannot_be_cancelled_or_expire() -> None:
    for name in (Move.CANCELLED, Move.EXPIRED):
        assert State.SETTING_UP not in TABLE[name].sources


@pytest.mark.parametrize(
    ("auto_setup", "nothing", "paid", "accepted"),
    [
        (AutoSetup.ORDER, True, True, True),
        (AutoSetup.PAYMENT, False, True, False),
        (AutoSetup.ACCEPT, False, False, True),
        (AutoSetup.NEVER, False, False, False),
    ],
)
def test_when_a_set_up_begins_by_itself(
    auto_setup: AutoSetup, nothing: bool, paid: bool, accepted: bool
) -> None:
    assert sets_up_now(auto_setup, paid=False, accepted=False) is nothing
    assert sets_up_now(auto_setup, paid=True, accepted=False) is paid
    assert sets_up_now(auto_setup, paid=False, accepted=True) is accepted


@pytest.mark.django_db
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("name", TABLE)
def test_a_move_is_made_from_its_sources_only(
    store: Store, name: Move, state: State
) -> None:
    order = store.order()
    Order.objects.filter(pk=order.pk).update(state=state)
    made = move(order, name, Actor())
    assert made == (state in TABLE[name].sources)
    assert order.state == (TABLE[name].target if made else state)
    assert events(order) == (["placed", name.value] if made else ["placed"])


def test_every_sentence_of_the_shop_has_a_code_of_its_own() -> None:
    # "service_unknown" is worded for customers here, for billing systems there.
    shared = set(errors.SENTENCES) & set(sentences.SENTENCES)
    assert shared == {"service_unknown"}
    for code, sentence in errors.SENTENCES.items():
        assert sentence.endswith((".", "}.", "HEX."))
        assert errors.SaleConflict(code, **_any(sentence)).detail


def test_customers_read_the_shops_sentences_but_for_those_that_speak_to_staff() -> None:
    assert set(errors.SENTENCES) >= errors.FOR_STAFF
    for code, sentence in errors.SENTENCES.items():
        refusal = errors.SaleConflict(code, **_any(sentence))
        told = for_client(refusal)
        assert told.status == refusal.status
        if code in errors.FOR_STAFF:
            assert (told.code, told.sentence) == (
                "ask_support",
                sentences.SENTENCES["ask_support"],
            )
        else:
            assert told is refusal
            assert not {"staff:", "webhook", "server"} & set(sentence.lower().split())


def _any(sentence: str) -> dict[str, str]:
    import string

    names = (name for _, name, _, _ in string.Formatter().parse(sentence) if name)
    return dict.fromkeys(names, "x")
