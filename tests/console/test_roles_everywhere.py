"""Who may open and do what, for every URL and command of the console.

Generated from the URL table and from the parts that are registered: a new list, page
or command is tested without a line here, and a new kind of URL fails until it is.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse

from housemail.console.base import RoomAdmin
from housemail.console.commands import Command
from housemail.console.navigation import parts, sidebar
from housemail.console.site import site
from housemail.installations import keys
from housemail.mailboxes import releasing, reserving
from housemail.people.enrol import enrol
from housemail.people.models import User
from housemail.people.roles import ALLOWED, Action, Role
from housemail.sales.installation import installation
from housemail.sales.models import BulkRun
from tests.console.conftest import PASSWORD

pytestmark = pytest.mark.django_db

MISSING = 987654
# Of each part, and tested below for each.
OF_A_PART = {
    "changelist",
    "add",
    "history",
    "delete",
    "change",
    "command",
    "list_command",
    "bulk",
}
# Of the console itself: each shows nothing that staff may not see, and changes nothing.
OF_THE_SITE = {
    "index",
    "login",
    "logout",
    "password_change",
    "password_change_done",
    "autocomplete",
    "jsi18n",
    "view_on_site",
    "app_list",
    "search",
}
PARTS = parts()
EVERY = pytest.mark.parametrize("part", PARTS, ids=lambda part: part.opts.label)
ROLES = pytest.mark.parametrize("role", Role)


def name(part: RoomAdmin, kind: str) -> str:
    return f"{part.opts.app_label}_{part.opts.model_name}_{kind}"


def url(part: RoomAdmin, kind: str, *given: object) -> str:
    return reverse(f"console:{name(part, kind)}", args=given)


def an_id(part: RoomAdmin) -> int:
    """Somebody's row when there is one; who may not learns nothing of either."""
    row = part.model._default_manager.order_by("pk").first()
    return MISSING if row is None else row.pk


def allowed(role: Role, action: Action | None) -> bool:
    return action is not None and action in ALLOWED[role]


def patterns(found=None) -> Iterator[URLPattern]:
    for entry in found or site.urls[0]:
        if isinstance(entry, URLResolver):
            yield from patterns(entry.url_patterns)
        elif entry.name is not None:
            yield entry


@pytest.fixture
def shop(store):
    """A little of everything."""
    store.sells("order")
    store.order()
    store.engine()
    keys.make(installation(), permissions=["read"])
    reserving.reserve("theboss", reason="asked", actor="somebody")
    releasing.release_name("theboss@thexyz.com", reason="asked", actor="somebody")
    return store


def test_every_url_is_of_a_kind_that_is_tested():
    known = {name(part, kind) for part in PARTS for kind in OF_A_PART} | OF_THE_SITE
    assert {each.name for each in patterns()} - known == set()


def test_every_part_is_built_on_the_base():
    assert [part for part in site.parts() if not isinstance(part, RoomAdmin)] == []


@pytest.mark.parametrize("who", ["stranger", "customer"])
def test_nobody_else_opens_anything(shop, client, who):
    if who == "customer":
        client.force_login(enrol("anna@example.com", PASSWORD))
    paths = [reverse("console:index"), reverse("console:jsi18n")]
    for part in PARTS:
        pk = an_id(part)
        paths += [url(part, kind) for kind in ("changelist", "add")]
        paths += [url(part, kind, pk) for kind in ("change", "history", "delete")]
        paths += [url(part, "command", pk, each.name) for each in part.commands]
        paths += [url(part, "list_command", each.name) for each in part.list_commands]
        paths += [url(part, "bulk", each.name) for each in part.bulk_commands]
    for path in paths:
        for answer in (client.get(path), client.post(path, {"once": "k"})):
            assert answer.status_code == 302, path
            assert "/login/" in answer["Location"]


@EVERY
@ROLES
def test_pages_open_to_those_who_may_see(shop, signed_in, role, part):
    client = signed_in(role)
    sees = allowed(role, part.see_action)
    assert (client.get(url(part, "changelist")).status_code == 200) is sees
    # Django leads from what is missing to the first page.
    for kind in ("change", "history"):
        answer = client.get(url(part, kind, an_id(part)))
        assert (answer.status_code != 403) is sees, kind


@EVERY
@ROLES
def test_only_those_who_may_add_change_and_delete(shop, signed_in, role, part):
    client = signed_in(role)
    pk = an_id(part)
    for method in (client.get, client.post):
        answer = method(url(part, "add"))
        refused = answer.status_code in {403, 404}
        assert refused is not allowed(role, part.add_action)
    if not allowed(role, part.change_action):
        before = repr(part.model._default_manager.filter(pk=pk).values().first())
        answer = client.post(url(part, "change", pk), {"name": "changed"})
        assert answer.status_code in {403, 405, 200, 404}
        after = repr(part.model._default_manager.filter(pk=pk).values().first())
        assert after == before
    if not allowed(role, part.delete_action):
        for method in (client.get, client.post):
            answer = method(url(part, "delete", pk), {"post": "yes"})
            # Whoever may delete nothing is told so, or that there is nothing.
            assert answer.status_code in {302, 403}
        assert pk == MISSING or part.model._default_manager.filter(pk=pk).exists()


def asked_and_run(client, path: str) -> set[int]:
    """How a command's page answers, asked for and posted; the post has no key."""
    return {client.get(path).status_code, client.post(path).status_code}


@EVERY
@ROLES
def test_commands_obey_the_table(shop, signed_in, role, part):
    client = signed_in(role)
    pk = an_id(part)
    both: list[tuple[Command, str]] = [
        *((each, url(part, "command", pk, each.name)) for each in part.commands),
        *((each, url(part, "list_command", each.name)) for each in part.list_commands),
    ]
    for command, path in both:
        answers = asked_and_run(client, path)
        if allowed(role, command.action):
            # What things as they stand do not offer leads back and says why.
            assert answers <= {200, 302, 404, 422}, path
        else:
            assert answers == {403}, path
            assert client.post(path, {"once": "k"}).status_code == 403
    missing = url(part, "command", pk, "nothing-of-that-name")
    assert asked_and_run(client, missing) == {404}


@EVERY
@ROLES
def test_bulk_commands_obey_the_table(shop, signed_in, role, part):
    client = signed_in(role)
    for command in part.bulk_commands:
        if allowed(role, command.action):
            continue
        sent = {"once": "k", "ids": [an_id(part)]}
        path = url(part, "bulk", command.name)
        assert client.post(path, sent).status_code == 403
        picked = {"action": command.name, "_selected_action": [an_id(part)]}
        client.post(url(part, "changelist"), picked)
    assert not BulkRun.objects.exists()


@ROLES
def test_buttons_and_sidebar_show_what_one_may(shop, signed_in, rf, role):
    signed_in(role)
    request = rf.get("/console/")
    request.user = User.objects.get(email=f"{role.value}@example.com")
    shown = {item["link"] for group in sidebar(request) for item in group["items"]}
    for part in PARTS:
        assert (url(part, "changelist") in shown) is allowed(role, part.see_action)
        titles = {row["title"] for row in part.shown_commands(request, None)}
        wanted = {
            each.title for each in part.list_commands if allowed(role, each.action)
        }
        assert titles == wanted


def everything() -> str:
    """All rows of what the console shows, and of its history."""
    models = [*(part.model for part in PARTS), LogEntry]
    return repr([list(model._default_manager.values()) for model in models])


@EVERY
def test_opening_a_page_changes_nothing(shop, owner, part):
    pk = an_id(part)
    paths = [url(part, kind) for kind in ("changelist", "add")]
    paths += [url(part, kind, pk) for kind in ("change", "history", "delete")]
    paths += [url(part, "command", pk, each.name) for each in part.commands]
    paths += [url(part, "list_command", each.name) for each in part.list_commands]
    paths += [url(part, "bulk", each.name) for each in part.bulk_commands]
    before = everything()
    for path in paths:
        owner.get(path)
    assert everything() == before


def test_no_name_of_a_command_stands_in_the_way_of_another():
    for part in PARTS:
        for known in (part.commands, part.list_commands, part.bulk_commands):
            names = [each.name for each in known]
            assert len(names) == len(set(names)), part
    with pytest.raises(NoReverseMatch):
        reverse("console:sales_order_command", args=["1", "with space"])
