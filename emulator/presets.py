"""Ready-made weather: the eight presets of API reference 10.3."""

from __future__ import annotations

from dataclasses import dataclass

Wish = tuple[str, dict[str, object]]


@dataclass(frozen=True)
class Preset:
    """Switches to turn on together, and mailboxes to put into the first domain."""

    summary: str
    wishes: tuple[Wish, ...] = ()
    mailboxes: int = 0


PRESETS: dict[str, Preset] = {
    "calm": Preset("Everything works."),
    "vendor_types": Preset(
        "Numbers as text and as numbers in one object, no totals.",
        (("scalar_types", {"mode": "mixed"}), ("meta_missing", {})),
    ),
    "bad_day": Preset(
        "One call in ten fails, some give HTML, all are slow, tokens die.",
        (
            ("latency", {"minimum": 0.2, "maximum": 3.0}),
            ("http_5xx_then_success", {"rate": 0.05}),
            ("http_5xx_after_apply", {"rate": 0.05, "action": "*"}),
            ("html_error_page", {"rate": 0.02}),
            ("expired_token", {"period": 60.0}),
        ),
    ),
    "lost_answers": Preset(
        "Every third change is made, but its answer never arrives.",
        (("timeout_after_apply", {"every": 3, "action": "@write"}),),
    ),
    "strict_panel": Preset(
        "Short and reused passwords are refused, limits are low, repeats fail.",
        (
            ("weak_password", {"min_length": 10}),
            ("reused_password", {"last": 3}),
            ("limit_reached", {"basic": 10, "enhanced": 5, "quota": 100}),
            ("already_in_state", {"answer": "fail"}),
        ),
    ),
    "other_units": Preset(
        "Quotas in units of 1024, dates as numbers, usage as text.",
        (
            ("quota_read_unit", {"unit": "mb1024"}),
            ("timestamp_format", {"form": "epoch"}),
            ("usage_format", {"form": "text"}),
        ),
    ),
    "hostile_shapes": Preset(
        "Listings as objects with holes, empty ones as empty text, fields missing.",
        (
            ("row_shape", {"shape": "php_object"}),
            ("empty_shape", {"shape": '""'}),
            ("missing_fields", {}),
        ),
    ),
    "big_domain": Preset(
        "20,000 mailboxes, slow and capped pages, rows that move between pages.",
        (
            ("slow_listing", {"per_page": 0.5}),
            ("page_cap", {"cap": 500}),
            ("mutate_between_pages", {}),
        ),
        mailboxes=20_000,
    ),
}
