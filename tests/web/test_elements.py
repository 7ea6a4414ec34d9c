"""Elements: what they show, and that they escape what they are given."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template, engines
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from housemail.web.templatetags import web


def shown(text: str, **context: object) -> str:
    template = engines["django"].from_string(compiled(text))
    return " ".join(template.render(context).split())


def compiled(text: str) -> str:
    """Cotton turns elements into tags when a file is loaded; here there is no file."""
    return str(CottonCompiler().process(text))


@pytest.mark.parametrize("state", web.STATES)
def test_a_state_is_a_word_and_an_icon(state):
    text = shown("<c-state :name='state' />", state=state)
    assert str(web.STATES[state].word) in text
    assert f"icons.svg#{web.STATES[state].icon}" in text


def test_every_icon_that_is_named_is_drawn():
    sprite = Path(web.__file__).parents[1] / "static/housemail/icons.svg"
    drawn = sprite.read_text(encoding="utf-8")
    looks = [*web.STATES.values(), *web.STEPS.values(), *web.NOTICES.values()]
    for icon in {look.icon for look in looks} | {"copy", "mail"}:
        assert f'id="{icon}"' in drawn


def test_an_address_is_a_heading_with_a_copy_button():
    text = shown("<c-address :value='a' />", a="anna@house.test")
    assert "<h1>anna<wbr>@house.test</h1>" in text
    assert 'data-copy="anna@house.test"' in text
    assert "hidden" in text


def test_what_people_wrote_is_escaped():
    text = shown("<c-address :value='a' />", a='"><script>')
    assert "<script>" not in text


@pytest.mark.parametrize(("language", "number"), [("en", "1.2"), ("de", "1,2")])
def test_usage_is_a_bar_and_a_text_in_the_readers_numbers(language, number):
    with translation.override(language):
        text = shown("<c-usage :used='used' :limit='limit' />", used=1.2, limit=10)
    assert '<progress value="1.2" max="10"' in text
    assert f"<span>{number} " in text
    assert "10 GB</span>" in text


def test_usage_that_is_not_known_says_so():
    assert "Not known yet" in shown("<c-usage :used='None' :limit='10' />")


def test_a_counter_without_a_limit_is_a_number():
    assert ">3 of 25<" in shown("<c-counter :count='3' :limit='25' />")
    assert ">3<" in shown("<c-counter :count='3' />")


def test_a_confirmation_is_closed_until_opened():
    text = shown("<c-confirm summary='Remove' question='Remove a@b?'>form</c-confirm>")
    assert text.startswith('<details class="hm-confirm">')
    assert "Remove a@b?" in text


def test_steps_say_their_state_in_words():
    steps = [
        {
            "title": "Ordered",
            "state": "done",
            "at": dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
        },
        {"title": "Paid", "state": "current"},
        {"title": "Set up", "state": "failed", "note": "The name is taken."},
    ]
    text = shown("<c-steps :steps='steps' />", steps=steps)
    assert 'aria-current="step"' in text
    assert "Failed" in text
    assert "The name is taken." in text
    assert 'datetime="2026-01-02T' in text


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("success", "status"),
        ("info", "status"),
        ("warning", "alert"),
        ("error", "alert"),
    ],
)
def test_a_notice_is_announced(kind, role):
    assert f'role="{role}"' in shown("<c-notice :kind='kind'>x</c-notice>", kind=kind)


def test_cards_and_empty_states_take_their_parts():
    card = shown(
        "<c-card title='Plan'>body<c-slot name='footer'>foot</c-slot></c-card>"
    )
    assert '<h2 class="card-title">Plan</h2>' in card
    assert "foot" in card
    empty = shown(
        "<c-empty title='No alias'>why<c-slot name='action'>next</c-slot></c-empty>"
    )
    assert "No alias" in empty
    assert "next" in empty


class Sample(forms.Form):
    handle = forms.CharField(
        help_text="a-z", widget=forms.TextInput({"placeholder": "p"})
    )
    note = forms.CharField(required=False)
    agreed = forms.BooleanField(required=False)
    plan = forms.ChoiceField(choices=[("a", "A")])
    pick = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("Not <b>now</b>")


def test_fields_have_labels_hints_and_errors_that_belong_to_them():
    text = shown("<c-fields :form='form' />", form=Sample({}))
    assert '<label class="form-label" for="id_handle">Handle' in text
    assert 'aria-describedby="id_handle_helptext id_handle_error"' in text
    assert 'id="id_handle_error"' in text
    assert "placeholder" not in text
    assert "(optional)" in text
    assert "form-check-input" in text
    assert "form-select" in text
    assert "<legend" in text
    assert 'type="hidden"' in text
    assert "Not &lt;b&gt;now" in text


def test_tabs_say_where_one_is(rf):
    page = Template(
        compiled(
            "<c-tabs label='Parts'><c-tab href='/a'>A</c-tab>"
            "<c-tab href='/b'>B</c-tab></c-tabs>"
        )
    )
    text = page.render(Context({"request": rf.get("/b")}))
    assert text.count('aria-current="page"') == 1
