"""Pages under /mailboxes/; sales/links.py names the first of each mailbox."""

from __future__ import annotations

from django.urls import path

from housemail.customer import alias_pages, list_pages, pages

app_name = "customer"
urlpatterns = [
    path("", pages.mailboxes, name="mailboxes"),
    path("<int:ref>/", pages.overview, name="overview"),
    path("<int:ref>/webmail/", pages.open_webmail, name="webmail"),
    path("<int:ref>/password/", pages.password, name="password"),
    path("<int:ref>/aliases/", alias_pages.aliases, name="aliases"),
    path("<int:ref>/aliases/remove/", alias_pages.remove, name="alias_remove"),
    path("<int:ref>/aliases/undo/", alias_pages.undo, name="alias_undo"),
    path("<int:ref>/lists/", list_pages.lists, name="lists"),
    path("<int:ref>/lists/remove/", list_pages.remove, name="list_remove"),
    path("<int:ref>/lists/members/", list_pages.add_members, name="members_add"),
    path(
        "<int:ref>/lists/members/remove/",
        list_pages.remove_member,
        name="member_remove",
    ),
]
