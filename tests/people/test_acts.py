"""What staff did: a form's deed once, and in the history from its beginning."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from housemail.people import acts
from housemail.people.acts import Ending, Kind
from housemail.people.enrol import enrol
from housemail.people.models import StaffAct, User

pytestmark = [pytest.mark.databases, pytest.mark.django_db]


@pytest.fixture
def anna() -> User:
    return enrol("anna@example.com", "correct horse 7 battery")


def test_a_form_does_its_deed_once(anna):
    first = acts.begin(anna, "k1", anna, "Lock")
    assert first is not None
    assert acts.begin(anna, "k1", anna, "Lock") is None
    acts.end(first, Ending(Kind.SUCCESS, "Locked."))
    before = acts.earlier(anna, "k1")
    assert before is not None
    assert (before.kind, before.sentence) == ("success", "Locked.")
    assert before.ended_at is not None
    assert LogEntry.objects.get().change_message == "Lock: Locked."


def test_what_somebody_else_did_is_not_told(anna):
    acts.begin(anna, "k1", anna, "Lock")
    other = enrol("bob@example.com", "correct horse 7 battery")
    assert acts.begin(other, "k1", anna, "Lock") is None
    assert acts.earlier(other, "k1") is None


def test_a_deed_that_dies_stays_in_the_history_as_begun(anna):
    acts.begin(anna, "k1", anna, "Lock")
    row = LogEntry.objects.get()
    assert (row.user, row.object_id) == (anna, str(anna.pk))
    assert row.change_message == "Lock: begun"


def test_a_list_has_a_history_too(anna):
    acts.begin(anna, "k1", User, "Add a member of staff")
    row = LogEntry.objects.get()
    assert row.content_type_id is not None
    assert row.object_id == ""
    assert ContentType.objects.get(pk=row.content_type_id).model_class() is User


def test_forms_are_forgotten_and_the_history_is_not(anna):
    acts.begin(anna, "old", anna, "Lock")
    acts.begin(anna, "new", anna, "Lock")
    long_ago = timezone.now() - acts.KEPT - timedelta(minutes=1)
    StaffAct.objects.filter(key="old").update(begun_at=long_ago)
    assert acts.prune() == 1
    assert StaffAct.objects.get().key == "new"
    assert LogEntry.objects.count() == 2


def test_what_came_of_it_and_why_are_kept(anna):
    act = acts.begin(anna, "k1", User, "Add")
    assert act is not None
    acts.end(act, Ending(Kind.SUCCESS, "Added.", subject=anna), "  she asked ")
    row = LogEntry.objects.get()
    assert row.change_message == "Add: Added. Reason: she asked"
    assert (row.object_id, row.object_repr) == (str(anna.pk), str(anna))
