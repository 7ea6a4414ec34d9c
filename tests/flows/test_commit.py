"""How the threads of one process share the database: in a queue, and for long."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.core.signals import request_finished, request_started
from django.db import connection, connections

from housemail.installations.models import Installation
from housemail.mailboxes.commit import commit
from housemail.modulelog import storage
from housemail.modulelog.models import ModuleLogEntry
from housemail.platforms.base import Call
from housemail.writers import writing

pytestmark = [pytest.mark.databases, pytest.mark.django_db(transaction=True)]
THREADS = 16
CALL = Call("searchUsers", "host", 1, "unavailable", {}, {})


def in_a_thread(work):
    """Run it as a serving thread would, and close what it opened."""

    def alone():
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(alone).result(timeout=30)


def test_no_writer_of_one_process_meets_another_in_the_database():
    Installation.objects.create(name="0")
    barrier = threading.Barrier(THREADS)

    def write() -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                # Who meets another writer hears "database is locked" at once.
                cursor.execute("PRAGMA busy_timeout = 0")
        barrier.wait(timeout=30)
        for number in range(10):
            kind = f"{threading.get_ident()}-{number}"[-10:]
            commit(partial(Installation.objects.update, kind=kind))
            with writing():
                Installation.objects.update(kind="other")
            storage.store(
                [CALL], installation_id=None, ref="", verb="look", request_id=""
            )

    with ThreadPoolExecutor(THREADS) as threads:
        futures = [threads.submit(in_a_thread, write) for _ in range(THREADS)]
        for future in futures:
            future.result(timeout=60)
    assert Installation.objects.get().kind == "other"
    # A log that cannot be written stops nothing, and loses nothing here.
    assert ModuleLogEntry.objects.count() == THREADS * 10


def test_a_commit_within_a_transaction_does_not_wait_for_itself():
    def inner() -> Installation:
        with writing():
            return Installation.objects.create(name="inner")

    made = commit(lambda: commit(inner))
    assert Installation.objects.get() == made


def test_a_serving_thread_keeps_its_connection_from_request_to_request():
    def request() -> object:
        request_started.send(sender=None)
        assert not Installation.objects.exists()
        request_finished.send(sender=None)
        return connection.connection

    first, second = in_a_thread(lambda: (request(), request()))
    assert first is not None
    assert second is first
