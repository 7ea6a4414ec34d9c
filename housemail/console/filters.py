"""Filters of a list that are a form with a button: they work without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from unfold import widgets

from housemail.console.base import RoomAdmin


class FilterForm(forms.Form):
    """What a list may be narrowed by; nothing is required."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give the fields the console's look."""
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for each in self.fields.values():
            each.required = False
            chooses = isinstance(each.widget, forms.Select)
            look = widgets.SELECT_CLASSES if chooses else widgets.INPUT_CLASSES
            each.widget.attrs.setdefault("class", " ".join(look))

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that fit what was chosen."""
        raise NotImplementedError

    def chosen(self, name: str) -> str:
        """Return what was chosen; empty when nothing or nonsense was."""
        return str(self.cleaned_data.get(name) or "")


class _Consumed(SimpleListFilter):
    """Tells Django's list that a parameter is ours; the form does the filtering."""

    title = ""

    def lookups(
        self, request: HttpRequest, model_admin: ModelAdmin[Any]
    ) -> Sequence[tuple[str, str]]:
        """Return no choice: it is not shown."""
        del request, model_admin
        return ()

    def has_output(self) -> bool:
        """Say that there is nothing to show."""
        return False

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Model]
    ) -> QuerySet[Model]:
        """Return the rows as they are."""
        del request
        return queryset


class FilteredAdmin(RoomAdmin):
    """A list with a form of filters above it."""

    filter_form: ClassVar[type[FilterForm]]
    list_before_template = "console/filters.html"

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Claim the form's parameters."""
        del request
        return [
            type("Consumed", (_Consumed,), {"parameter_name": name})
            for name in self.filter_form.base_fields
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows that the form lets through."""
        rows: QuerySet[Any] = super().get_queryset(request)
        return self._form(request).narrow(rows)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list with the form."""
        form = self._form(request)
        context = {
            "filter_form": form,
            "filters_chosen": any(form.cleaned_data.values()),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    def _form(self, request: HttpRequest) -> FilterForm:
        """Return the form of this request, made once: its choices may cost queries."""
        kept = request.__dict__.get("_console_filters")
        if not isinstance(kept, FilterForm):
            kept = request.__dict__["_console_filters"] = self.filter_form(request.GET)
            kept.is_valid()  # what is nonsense is not filtered by
        return kept
