"""What every part of the console is built on: who may, how many, and how fast.

Permissions come from people/roles.py alone. Nothing can be added, changed or deleted
unless a part names the action that allows it; who may not change reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.text import capfirst
from unfold.admin import ModelAdmin

from housemail.console.bulk import BulkCommand, BulkPages
from housemail.console.commands import Command, CommandPages, Words
from housemail.console.mistakes import mistakes_of
from housemail.people import roles
from housemail.people.roles import Action


class RoomAdmin(BulkPages, CommandPages, ModelAdmin):
    """A list and a page of one kind of thing.

    ::

        section, icon, position   where it stands in the sidebar (navigation.py)
        title                     what it is called there, when not as its model
        add_, change_, delete_action   what of roles.py allows it; None: nobody
        secret_fields             not even shown to who may not change
        commands                  buttons of an object's page (commands.py)
        list_commands             buttons of the list
        bulk_commands             what can be done to picked rows (bulk.py)
        picked                    how many were picked, where there are any
        quick_filters             (words, {lookup: value}) links above the list
    """

    section: ClassVar[Words] = ""
    title: ClassVar[Words] = ""
    icon: ClassVar[str] = "circle"
    position: ClassVar[int] = 100
    see_action: ClassVar[Action] = Action.SEE
    add_action: ClassVar[Action | None] = None
    change_action: ClassVar[Action | None] = None
    delete_action: ClassVar[Action | None] = None
    secret_fields: ClassVar[Sequence[str]] = ()
    commands: Sequence[Command] = ()
    list_commands: Sequence[Command] = ()
    bulk_commands: Sequence[BulkCommand] = ()
    # "3 orders were picked", with ``number``: languages have plurals of their own.
    picked: ClassVar[Words] = ""
    quick_filters: ClassVar[Sequence[tuple[Words, dict[str, str]]]] = ()

    list_per_page = 50
    list_max_show_all = 50
    show_full_result_count = False
    # Our own pages: buttons and links that work without scripts.
    change_form_template = "console/change_form.html"
    change_list_template = "console/change_list.html"
    actions = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Refuse a part in which nothing can be found."""
        super().__init__(*args, **kwargs)
        if not self.search_fields:
            raise ImproperlyConfigured(f"{type(self).__name__} needs search_fields.")

    # --- who may

    def may(self, request: HttpRequest, action: Action | None) -> bool:
        """Say whether the table allows this person the action."""
        return action is not None and roles.may(request.user, action)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Say whether the part is shown at all."""
        return self.may(request, self.see_action)

    def has_view_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Say whether it may be read."""
        return self.may(request, self.see_action)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Say whether one may be added."""
        return self.may(request, self.add_action)

    def has_change_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Say whether it may be changed."""
        return self.may(request, self.change_action)

    def has_delete_permission(
        self, request: HttpRequest, obj: Model | None = None
    ) -> bool:
        """Say whether it may be deleted."""
        return self.may(request, self.delete_action)

    def get_exclude(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Leave secret fields out for who only reads: Django would print them."""
        excluded = tuple(super().get_exclude(request, obj) or ())
        if self._writes(request, obj):
            return excluded
        return (*excluded, *self.secret_fields)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Leave secret fields out of the headings too."""
        given = super().get_fieldsets(request, obj)
        if self._writes(request, obj) or not self.secret_fields:
            return given
        return [
            (title, {**options, "fields": _without(options, self.secret_fields)})
            for title, options in given
        ]

    def _writes(self, request: HttpRequest, obj: Model | None) -> bool:
        if obj is None:
            return self.has_add_permission(request)
        return self.has_change_permission(request, obj)

    # --- pages

    def get_urls(self) -> list[URLPattern]:
        """Add the commands' pages in front of Django's catch-all."""
        return [*self.command_urls(), *self.bulk_urls(), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list, with its buttons and filters as links."""
        context = {
            "console_commands": self.shown_commands(request, None),
            "console_filters": self._filters(request),
            "title": capfirst(str(self.title or self.opts.verbose_name_plural)),
            **(extra_context or {}),
        }
        answer: HttpResponse = super().changelist_view(request, context)
        return answer

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Show the page, with its buttons for this person."""
        obj = context.get("original")
        if isinstance(obj, Model):
            context["console_commands"] = self.shown_commands(request, obj)
        if context.get("errors"):
            context["mistakes"] = mistakes_of(context)
        answer: HttpResponse = super().render_change_form(
            request, context, *args, **kwargs
        )
        return answer

    def _filters(self, request: HttpRequest) -> list[dict[str, object]]:
        """Return the links above the list; the first leads to all of it."""
        if not self.quick_filters:
            return []
        path = reverse(f"console:{self._name()}_changelist")
        asked = {key: value for key, value in request.GET.items() if key != "p"}
        lookups = {key for _, query in self.quick_filters for key in query}
        shown = {key: value for key, value in asked.items() if key in lookups}
        kept = {key: value for key, value in asked.items() if key == "q"}
        return [
            {
                "words": words,
                "url": f"{path}?{urlencode({**kept, **query})}",
                "current": query == shown,
            }
            for words, query in self.quick_filters
        ]

    def _name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}"


def _without(options: dict[str, Any], secret: Sequence[str]) -> list[Any]:
    """Return the fields of a heading without the secret ones, also within lines."""
    left: list[Any] = []
    for field in options["fields"]:
        if isinstance(field, list | tuple):
            line = tuple(name for name in field if name not in secret)
            left.extend([line] if line else [])
        elif field not in secret:
            left.append(field)
    return left
