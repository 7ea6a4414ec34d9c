"""Prepared statements do what the query sets do that they are made of."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef
from django.test.utils import CaptureQueriesContext

from housemail.installations.models import ApiKey, Installation, Server
from housemail.prepared import Given, Prepared, insert

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

NOON = datetime(2026, 2, 3, 12, 0, 0, 123456, tzinfo=UTC)
# What a driver, a compiler or a careless hand might take for something else.
ODD = [
    "plain",
    "100%",
    "%s",
    "%(name)s",
    "O'Brien",
    '"',
    "\\",
    "ä€😀",
    "; DROP TABLE x",
]

OF_PREFIX = Prepared(
    lambda: ApiKey.objects.select_related("installation").filter(
        prefix=Given(ApiKey, "prefix")
    )
)


@pytest.fixture
def installation() -> Installation:
    return Installation.objects.create(name="one")


def key(installation: Installation, prefix: str, **more: object) -> ApiKey:
    return insert(
        ApiKey(installation=installation, prefix=prefix, digest="0" * 64, **more)
    )


@pytest.mark.parametrize("name", ODD)
def test_what_is_inserted_is_read_back_as_it_was(name: str) -> None:
    made = insert(Installation(name=name, endpoint_hosts=[name, {"%s": None}]))
    assert made.pk
    read = Installation.objects.get(pk=made.pk)
    assert (read.name, read.endpoint_hosts) == (name, [name, {"%s": None}])
    assert read.created_at == made.created_at
    read.name = "changed"
    read.save()  # it is a row like any other
    made.refresh_from_db()
    assert made.name == "changed"


def test_every_kind_of_column_passes_both_ways(installation: Installation) -> None:
    made = key(installation, "p1", permissions=["read"], expires_at=NOON)
    found = OF_PREFIX.one(prefix="p1")
    assert found == made
    assert (found.expires_at, found.revoked_at) == (NOON, None)
    assert found.permissions == ["read"]
    secret = insert(
        Server(installation=installation, platform="memory", password="s3cret %s")
    )
    assert Server.objects.get(pk=secret.pk).password == "s3cret %s"


def test_what_belongs_to_a_row_comes_with_it(installation: Installation) -> None:
    key(installation, "p1")
    with CaptureQueriesContext(connection) as captured:
        found = OF_PREFIX.one(prefix="p1")
        assert found is not None
        assert found.installation == installation
        assert found.installation.endpoint_hosts == installation.endpoint_hosts
    assert len(captured) == 1
    assert OF_PREFIX.one(prefix="p2") is None


def test_it_is_built_once_and_runs_with_other_values(
    installation: Installation,
) -> None:
    built: list[int] = []

    def build():
        built.append(1)
        return Installation.objects.filter(name=Given(Installation, "name"))

    statement = Prepared(build)
    assert [statement.exists(name=name) for name in ("one", "two", "one")] == [
        True,
        False,
        True,
    ]
    assert len(built) == 1


def test_an_update_writes_such_rows_only_and_says_how_many(
    installation: Installation,
) -> None:
    other = key(installation, "p2", expires_at=NOON)
    key(installation, "p1", expires_at=NOON)
    assert OF_PREFIX.update({"expires_at": None, "permissions": []}, prefix="p1") == 1
    assert OF_PREFIX.update({"expires_at": None, "permissions": []}, prefix="p3") == 0
    changed = ApiKey.objects.get(prefix="p1")
    assert (changed.expires_at, changed.permissions) == (None, [])
    other.refresh_from_db()
    assert other.expires_at == NOON
    # Other columns are another statement of the same query set.
    assert OF_PREFIX.update({"expires_at": NOON}, prefix="p1") == 1
    changed.refresh_from_db()
    assert (changed.expires_at, changed.permissions) == (NOON, [])


def test_a_condition_may_look_at_another_table(installation: Installation) -> None:
    key(installation, "p1")
    of = Prepared(
        lambda: ApiKey.objects.filter(
            Exists(
                Installation.objects.filter(
                    pk=OuterRef("installation_id"), name=Given(Installation, "name")
                )
            ),
            prefix=Given(ApiKey, "prefix"),
            revoked_at=None,
        )
    )
    assert of.update({"revoked_at": NOON}, name="two", prefix="p1") == 0
    assert of.update({"revoked_at": NOON}, name="one", prefix="p1") == 1
    assert of.update({"revoked_at": NOON}, name="one", prefix="p1") == 0


def test_a_delete_takes_such_rows_only(installation: Installation) -> None:
    kept = key(installation, "p1")
    key(installation, "p2")
    others = Prepared(
        lambda: ApiKey.objects.filter(
            installation_id=Given(ApiKey, "installation_id")
        ).exclude(pk=Given(ApiKey, "id"))
    )
    assert others.delete(installation_id=installation.pk, id=kept.pk) == 1
    assert others.delete(installation_id=installation.pk, id=kept.pk) == 0
    assert others.delete(installation_id=0, id=0) == 0
    assert list(ApiKey.objects.all()) == [kept]


def test_a_value_that_is_not_given_is_an_error(installation: Installation) -> None:
    key(installation, "p1")
    with pytest.raises(KeyError, match="prefix"):
        OF_PREFIX.exists(installation_id=installation.pk)


def test_a_violation_is_heard_and_undoes_its_own_transaction(
    installation: Installation,
) -> None:
    key(installation, "p1")
    with pytest.raises(IntegrityError), transaction.atomic():
        key(installation, "p1")
    assert key(installation, "p2").pk
    with transaction.atomic():
        with pytest.raises(DatabaseError):
            key(installation, "p1")
        # As after a save that failed: nothing more until it is rolled back.
        with pytest.raises(transaction.TransactionManagementError):
            OF_PREFIX.exists(prefix="p1")
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_threads_share_the_text_and_not_the_connection() -> None:
    statement = Prepared(
        lambda: Installation.objects.filter(name=Given(Installation, "name"))
    )
    made = {f"n{i}": insert(Installation(name=f"n{i}")).pk for i in range(8)}
    found: dict[str, int] = {}

    def read(name: str) -> None:
        try:
            for _ in range(20):
                row = statement.one(name=name)
                found[name] = row.pk if row else 0
        finally:
            connection.close()

    threads = [threading.Thread(target=read, args=(name,)) for name in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == made
