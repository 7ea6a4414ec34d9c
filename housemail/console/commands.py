"""Commands of an object's page or of a list: ask, do once, note, say, go back.

::

    GET   a page that names the thing, asks what the command needs, and changes nothing
    POST  role -> form -> begun in the history -> run -> its end in the history
          -> a sentence -> redirect

An old tab whose command is not offered any more hears why, and nothing begins.

The form's key lets the POST happen once: a double click, the back button or a second
tab hears how it ended the first time. Whatever ends it (a refusal, a platform that is
away, a lost answer, a fault) is in the history.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold import widgets

from housemail.mailboxes.context import Actor, ActorKind, Answer
from housemail.mailboxes.errors import Refusal
from housemail.mailboxes.sentences import SENTENCES
from housemail.mailboxes.wording import say
from housemail.people import acts, roles
from housemail.people.acts import Ending, Kind
from housemail.people.models import User
from housemail.people.roles import Action
from housemail.platforms.base import Deadline

Words = str | Promise
ONCE = "once"
DONE = gettext_lazy("Done.")
_LEVELS = {
    Kind.SUCCESS: messages.SUCCESS,
    Kind.WARNING: messages.WARNING,
    Kind.ERROR: messages.ERROR,
}


class CommandForm(forms.Form):
    """What a command asks for; without fields it only asks whether.

    ``obj`` is what the command is about, None for one of a list. A password's field is
    a ``PasswordInput``: it is never shown back.
    """

    required_css_class = "required"

    def __init__(self, *args: Any, obj: Model | None = None, **kwargs: Any) -> None:
        """Keep what it is about, and give the fields the console's look."""
        self.obj = obj
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        for each in self.fields.values():
            each.widget.attrs.setdefault("class", " ".join(_look(each.widget)))


def _look(widget: forms.Widget) -> list[str]:
    if isinstance(widget, forms.CheckboxInput):
        return list(widgets.CHECKBOX_CLASSES)
    if isinstance(widget, forms.Select):
        return list(widgets.SELECT_CLASSES)
    if isinstance(widget, forms.Textarea):
        return list(widgets.TEXTAREA_CLASSES)
    return list(widgets.INPUT_CLASSES)


class ReasonForm(CommandForm):
    """Asks why; the reason is kept with the deed."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Kept in the history. No passwords, please."),
    )


@dataclass(frozen=True, slots=True)
class Call:
    """What a command's function is given."""

    request: HttpRequest
    person: User
    obj: Any
    data: dict[str, Any] = field(repr=False)

    @property
    def actor(self) -> Actor:
        """Who acts, for the verbs."""
        return Actor(ActorKind.STAFF, str(self.person.pk))

    @property
    def deadline(self) -> Deadline:
        """Until when a verb may ask the platform; counted from this moment."""
        return Deadline.after(settings.HOUSEMAIL_DEADLINE_MS / 1000)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the command's own (a key shown once), and what the history says."""

    answer: HttpResponse = field(repr=False)
    ending: Ending


# A sentence, a verb's answer, a page of its own, or nothing to add.
Result = str | Answer | HttpResponse | Page | Ending | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One button. ``run`` calls a function of a capability room; it may refuse."""

    name: str
    title: Words
    action: Action
    run: Callable[[Call], Result]
    # What follows; a function of the thing where that depends on it.
    question: Words | Callable[[Any], Words] = ""
    done: Words = DONE
    form: type[CommandForm] = CommandForm
    icon: str = "play_arrow"
    danger: bool = False
    # Whether it is what is most likely wanted next; the first one shows it.
    primary: Callable[[Any], bool] = lambda _obj: False
    # Whether the button is shown; the verb itself refuses what is not possible.
    offered: Callable[[Any], bool] = lambda _obj: True
    # What an old tab is told; None: the verb's own refusal is more exact.
    why_not: Callable[[Any], Words] | None = None

    def asks(self, obj: Any) -> Words:
        """Return what follows when it is pressed."""
        return self.question(obj) if callable(self.question) else self.question

    def stopped(self, obj: Any) -> str:
        """Return why it does not even begin as things stand; empty when it does."""
        if obj is None or self.why_not is None or self.offered(obj):
            return ""
        return str(self.why_not(obj))


def ending_of(command: Command, result: Result) -> Ending:
    """Word what a command's function returned."""
    if isinstance(result, Page):
        return result.ending
    if isinstance(result, Ending):
        return result
    if isinstance(result, str):
        return Ending(Kind.SUCCESS, result)
    if isinstance(result, Answer) and result.status == 202:
        sentence = say(SENTENCES.get(result.code, ""), result.params)
        return Ending(
            Kind.WARNING, sentence or _("The answer is not known yet; it is checked.")
        )
    return Ending(Kind.SUCCESS, str(command.done))


def reason_of(form: CommandForm) -> str:
    """Return why it is done, as the form asked; never what a password's field holds."""
    field_of = form.fields.get("reason")
    if field_of is None or isinstance(field_of.widget, forms.PasswordInput):
        return ""
    return str(form.cleaned_data.get("reason") or "")


def refused(refusal: Refusal) -> Ending:
    """Word a refusal for staff: the exact reason."""
    return Ending(Kind.ERROR, say(refusal.sentence, refusal.params))


def new_key() -> str:
    """Return a key for one form."""
    return secrets.token_urlsafe(24)


def person_of(request: HttpRequest) -> User:
    """Return who is signed in; the door lets nobody else in."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _key_of(request: HttpRequest) -> str:
    return request.POST.get(ONCE, "")[:64]


def _sent_before(request: HttpRequest) -> bool:
    """Say whether this form was sent: then its end is told, whatever is offered now."""
    key = _key_of(request)
    return bool(key) and acts.earlier(person_of(request), key) is not None


class CommandPages:
    """The pages of a RoomAdmin's commands."""

    commands: Sequence[Command]
    list_commands: Sequence[Command]
    admin_site: Any
    model: Any
    opts: Any
    get_object: Callable[..., Any]

    def command_urls(self) -> list[URLPattern]:
        """Return the routes: one for objects, one for the list."""
        view = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path(
                "do/<slug:name>/", view(self.list_command), name=f"{name}_list_command"
            ),
            path(
                "<path:object_id>/do/<slug:name>/",
                view(self.object_command),
                name=f"{name}_command",
            ),
        ]

    def shown_commands(
        self, request: HttpRequest, obj: Model | None
    ) -> list[dict[str, object]]:
        """Return the buttons for this person, the dangerous ones last."""
        person = person_of(request)
        known = self.list_commands if obj is None else self.commands
        shown = [
            command
            for command in known
            if roles.may(person, command.action)
            and (obj is None or command.offered(obj))
        ]
        first = next((command for command in shown if command.primary(obj)), None)
        return [
            {
                "title": command.title,
                "icon": command.icon,
                "danger": command.danger,
                "primary": command is first,
                "url": self.command_url(command, obj),
            }
            for command in sorted(shown, key=lambda command: command.danger)
        ]

    def command_url(self, command: Command, obj: Model | None) -> str:
        """Return the address of a command's page."""
        name = f"console:{self.opts.app_label}_{self.opts.model_name}"
        if obj is None:
            return reverse(f"{name}_list_command", args=[command.name])
        return reverse(f"{name}_command", args=[obj.pk, command.name])

    def list_command(self, request: HttpRequest, name: str) -> HttpResponse:
        """Ask for, or run, a command of the list."""
        return self._command(request, self.list_commands, name, None)

    def object_command(
        self, request: HttpRequest, object_id: str, name: str
    ) -> HttpResponse:
        """Ask for, or run, a command of an object."""
        return self._command(request, self.commands, name, object_id)

    def _command(
        self,
        request: HttpRequest,
        known: Sequence[Command],
        name: str,
        object_id: str | None,
    ) -> HttpResponse:
        command = next((each for each in known if each.name == name), None)
        if command is None:
            raise Http404
        # Before the object is looked for: who may not learns nothing.
        roles.require(person_of(request), command.action)
        obj = None
        if object_id is not None:
            obj = self.get_object(request, unquote(object_id))
            if obj is None:
                raise Http404
        why = command.stopped(obj)
        if why and not _sent_before(request):
            messages.warning(request, why)
            return redirect(self.back_url(obj))
        if request.method == "POST":
            return self._post(request, command, obj)
        return self._ask(request, command, obj, command.form(obj=obj))

    def _ask(
        self,
        request: HttpRequest,
        command: Command,
        obj: Model | None,
        form: CommandForm,
        key: str = "",
    ) -> HttpResponse:
        """Show the page that asks."""
        context = {
            **self.admin_site.each_context(request),
            "title": command.title,
            "opts": self.opts,
            "original": obj,
            "command": command,
            "question": command.asks(obj),
            "form": form,
            "once": key or new_key(),
            "back": self.back_url(obj),
        }
        request.current_app = self.admin_site.name
        status = 422 if form.errors else 200
        return TemplateResponse(
            request, "console/command.html", context, status=status
        ).render()

    def back_url(self, obj: Model | None) -> str:
        """Return where one goes after a command."""
        name = f"console:{self.opts.app_label}_{self.opts.model_name}"
        if obj is None:
            return reverse(f"{name}_changelist")
        return reverse(f"{name}_change", args=[obj.pk])

    def _post(
        self, request: HttpRequest, command: Command, obj: Model | None
    ) -> HttpResponse:
        """Run it once, and say how it ended."""
        person = person_of(request)
        key = _key_of(request)
        form = command.form(request.POST, obj=obj)
        if not key or not form.is_valid():
            return self._ask(request, command, obj, form, key)
        act = acts.begin(person, key, obj or self.model, str(command.title))
        if act is None:
            return self._again(request, person, key, obj)
        call = Call(request, person, obj, form.cleaned_data)
        try:
            result = command.run(call)
        except Refusal as refusal:
            ending = refused(refusal)
            acts.end(act, ending, reason_of(form))
            return self._refused(request, command, obj, form, refusal, ending)
        except Exception:
            failed = Ending(Kind.ERROR, _("It failed unexpectedly."))
            acts.end(act, failed, reason_of(form))
            raise
        ending = ending_of(command, result)
        acts.end(act, ending, reason_of(form))
        return self._ended(request, obj, result, ending)

    def _ended(
        self, request: HttpRequest, obj: Model | None, result: Result, ending: Ending
    ) -> HttpResponse:
        """Show the command's own page, or its sentence where one came from."""
        if isinstance(result, Page):
            return result.answer
        if isinstance(result, HttpResponse):
            return result
        messages.add_message(request, _LEVELS[ending.kind], ending.sentence)
        return redirect(self.back_url(obj))

    def _refused(
        self,
        request: HttpRequest,
        command: Command,
        obj: Model | None,
        form: CommandForm,
        refusal: Refusal,
        ending: Ending,
    ) -> HttpResponse:
        """Keep what was typed when there was something to type."""
        if not form.fields:
            messages.error(request, ending.sentence)
            return redirect(self.back_url(obj))
        name = refusal.field if refusal.field in form.fields else None
        form.add_error(name, ending.sentence)
        return self._ask(request, command, obj, form)

    def _again(
        self, request: HttpRequest, person: User, key: str, obj: Model | None
    ) -> HttpResponse:
        """Say what the same form did before; nothing is done twice."""
        before = acts.earlier(person, key)
        if before is None or before.ended_at is None:
            messages.info(request, _("This is under way already."))
        else:
            words = _("This was done already: %(sentence)s")
            messages.info(request, words % {"sentence": before.sentence})
        return redirect(self.back_url(obj))
