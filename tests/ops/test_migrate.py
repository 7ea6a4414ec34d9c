"""``housemail migrate``: the tables are there, also the one that the sheet names."""

from __future__ import annotations

from django.db import connection

from housemail.ops import database, upkeep


def test_the_sheets_table_is_made(run):
    assert "The database is up to date." in run("migrate")
    tables = connection.introspection.table_names()
    assert "mod_thexyz_pm_aliases" in tables
    assert "mod_thexyz_pm_lists" in tables
    assert "mod_thexyz_pm_list_members" in tables


def test_a_plan_is_only_shown(run):
    assert "up to date" not in run("migrate", "--plan")


def test_nothing_is_pending_and_no_model_has_changed(run):
    assert database.pending() == []
    run("makemigrations", "--check", "--dry-run")


def test_upkeep_says_only_what_it_does(db):
    said: list[str] = []
    upkeep.bring_up_to_date(said.append)
    assert said == []
