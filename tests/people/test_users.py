"""People: one spelling per address, and language as a wish."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from housemail.people.models import User

pytestmark = pytest.mark.django_db


def test_an_address_is_stored_in_one_spelling() -> None:
    user = User.objects.create_user(" Anna@House.TEST ", "a secret")
    assert user.email == "anna@house.test"
    assert User.objects.get_by_natural_key("ANNA@house.test") == user


def test_nobody_can_sign_up_beside_somebody_else() -> None:
    User.objects.create_user("anna@house.test")
    with pytest.raises(ValidationError) as caught:
        User(email="Anna@house.test", password="x").full_clean()
    assert "email" in caught.value.message_dict


@pytest.mark.databases
def test_the_database_guards_the_address_too() -> None:
    User.objects.create_user("anna@house.test")
    for email in ("anna@house.test", "Anna@house.test"):
        with pytest.raises(IntegrityError), transaction.atomic():
            User(email=email).save()


def test_without_a_password_nobody_can_sign_in() -> None:
    assert not User.objects.create_user("anna@house.test").has_usable_password()


def test_a_person_is_called_by_name_else_by_address() -> None:
    anna = User.objects.create_user("anna@house.test")
    assert str(anna) == anna.get_short_name() == "anna@house.test"
    anna.name = "Anna"
    assert str(anna) == anna.get_short_name() == anna.get_full_name() == "Anna"
