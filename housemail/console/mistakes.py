"""Where the mistakes of a form are: one link for each, for the bar above the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst


@dataclass(frozen=True, slots=True)
class Mistake:
    """A field with a mistake: its section and name, and its place on the page."""

    words: str
    anchor: str


def mistakes_of(context: Mapping[str, Any]) -> list[Mistake]:
    """Return the mistakes of a change form, in the order of the page."""
    found = list(_in_the_form(context["adminform"]))
    for inline in context.get("inline_admin_formsets", ()):
        found += _in_the_rows(inline)
    return found


def _in_the_form(adminform: Any) -> Iterator[Mistake]:
    form = adminform.form
    for title, options in adminform.fieldsets:
        for name in _flat(options["fields"]):
            if name in form.errors:
                yield _mistake(title, form[name])


def _in_the_rows(inline: Any) -> Iterator[Mistake]:
    formset, title = inline.formset, str(inline.opts.verbose_name_plural)
    if formset.non_form_errors():
        yield Mistake(capfirst(title), f"{formset.prefix}-group")
    for form in formset.forms:
        for name in form.errors:
            if name in form.fields:
                yield _mistake(title, form[name])
            else:
                yield Mistake(capfirst(title), f"{formset.prefix}-group")


def _mistake(title: object, field: Any) -> Mistake:
    parts = [capfirst(str(part)) for part in (title, field.label) if part]
    return Mistake(": ".join(parts), field.id_for_label or field.auto_id)


def _flat(fields: Any) -> Iterator[str]:
    for field in fields:
        if isinstance(field, str):
            yield field
        else:
            yield from field
