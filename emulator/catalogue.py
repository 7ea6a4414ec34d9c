"""Every switch a test can turn on: its name, parameters and default scope.

This is the table of API reference 10.2. A switch that belongs to one kind of call
carries a default scope, so that ``timeout_after_apply`` with ``count=1`` is not
spent on the login that precedes the write. ``action="*"`` lifts that.
"""

from __future__ import annotations

from emulator.spec import Spec, flag, names, number, one_of, text, whole

WRITES = ("@write",)
LISTINGS = ("@listing",)
USERS = ("getAllUsersDomain", "searchUsers")
ROWS = (*LISTINGS, "getUserInfo")
PASSWORDS = ("addUser", "updateUser")
BOTH = ("before", "after")
LATE = ("after", "before")
HOLD = {"hold": number(30.0)}

TRANSPORT = (
    Spec(
        "latency",
        "Waits before answering.",
        {"seconds": number(0.5), "minimum": number(None), "maximum": number(None)},
        BOTH,
    ),
    Spec(
        "trickle",
        "Sends the body a few bytes at a time.",
        {"interval": number(0.05), "chunk": whole(1)},
    ),
    Spec(
        "http_5xx_then_success",
        "Answers 5xx, by default before any change, then works normally.",
        {"status": whole(503)},
        BOTH,
        once=True,
    ),
    Spec(
        "http_5xx_after_apply",
        "Applies the change, then answers 5xx.",
        {"status": whole(502)},
        actions=WRITES,
    ),
    Spec(
        "primary_down",
        "The first host is gone; the second works.",
        {"mode": one_of("status", "refused"), "status": whole(503)},
        ("before",),
        host="cfcp",
    ),
    Spec(
        "timeout_after_apply",
        "Applies the change, then never answers.",
        HOLD,
        actions=WRITES,
    ),
    Spec(
        "timeout_before_apply",
        "Applies nothing and never answers.",
        HOLD,
        ("before",),
        actions=WRITES,
    ),
    Spec(
        "late_apply",
        "Never answers; the change happens some seconds later.",
        {"delay": number(5.0), **HOLD},
        ("before",),
        actions=WRITES,
    ),
    Spec(
        "connection_reset",
        "Cuts the connection.",
        {"at": one_of("before_body", "mid_body", "after_apply")},
        BOTH,
    ),
    Spec(
        "replication_lag",
        "Reads through one host show the state of some seconds ago.",
        {"seconds": number(5.0)},
        host="cp",
    ),
    Spec(
        "rate_limit",
        "Answers 429.",
        {"retry_after": whole(None)},
        ("before",),
    ),
    Spec(
        "maintenance",
        "Every call gets the same page, for a time or until switched off.",
        {
            "seconds": number(None),
            "status": whole(503),
            "form": one_of("html", "empty"),
        },
        ("before",),
    ),
)

SESSION = (
    Spec(
        "expired_token",
        "Refuses the tokens known when it was switched on.",
        {
            "style": one_of("text", "401", "403"),
            "text": text(),
            "always": flag(),
            "period": number(None),
        },
        ("before",),
    ),
    Spec("single_token", "A new login cancels older tokens.", actions=("login",)),
    Spec("token_bound_to_host", "A token works only on the host that issued it."),
    Spec("require_cookie", "Calls need the PHPSESSID of their login."),
    Spec(
        "login_failure",
        "Refuses the login, with a text where the token would be.",
        {
            "reason": one_of("bad_password", "two_factor", "ip_refused", "locked"),
            "text": text(),
        },
        ("before",),
        actions=("login",),
    ),
    Spec(
        "permission_denied",
        "The sub-admin lacks a right.",
        {
            "section": one_of(
                "any", "users", "aliases", "lists", "forwards", "domains", "admin"
            ),
            "level": one_of("view", "edit", "delete"),
            "text": text("You do not have permission for this"),
        },
        ("before",),
    ),
)

ENVELOPE = (
    Spec(
        "malformed_json",
        "The answer is not a JSON object.",
        {
            "variant": one_of(
                "truncated",
                "trailing_comma",
                "two_documents",
                "json_string",
                "json_list",
                "null",
            )
        },
        LATE,
    ),
    Spec("warning_prefix", "A PHP warning precedes the JSON."),
    Spec("bom", "A byte-order mark precedes the JSON."),
    Spec("empty_body", "No body at all.", {"status": whole(200)}, LATE),
    Spec("html_error_page", "HTML instead of JSON.", {"status": whole(200)}, BOTH),
    Spec(
        "odd_returncode",
        "A returncode other than 0 and 1.",
        {"code": one_of("2", "-1", "null", "missing")},
    ),
    Spec(
        "scalar_types",
        "Types of flags and numbers.",
        {"mode": one_of("strings", "ints", "mixed")},
    ),
)

SHAPES = (
    Spec(
        "row_shape",
        "Listings are encoded differently.",
        {"shape": one_of("list", "php_object", "single_object", default="php_object")},
        actions=LISTINGS,
    ),
    Spec(
        "empty_shape",
        "What an empty listing looks like.",
        {"shape": one_of("[]", "{}", '""', "null", "false", "fail", default='""')},
        actions=LISTINGS,
    ),
    Spec(
        "missing_fields",
        "Fields left out of rows.",
        {"fields": names("email", "uname", "usage", "lastauth_timestamp")},
        actions=ROWS,
    ),
    Spec(
        "extra_fields",
        "Unknown fields added to rows; odd ones hold half characters and NaN.",
        {"values": one_of("plain", "odd")},
        actions=ROWS,
    ),
    Spec(
        "null_fields",
        "Fields of rows set to null.",
        {"fields": names("email", "uname", "usage", "lastauth_timestamp")},
        actions=ROWS,
    ),
    Spec(
        "quota_read_unit",
        "The unit quotas are read in.",
        {"unit": one_of("mb1000", "mb1024", "gb", default="mb1024")},
    ),
    Spec(
        "usage_format",
        "How usage is written.",
        {"form": one_of("number", "text", "percent", "null", default="text")},
    ),
    Spec(
        "timestamp_format",
        "How the last sign-in is written.",
        {"form": one_of("text", "epoch", "null", "zero", default="epoch")},
    ),
    Spec("html_entities", "Display names come back HTML-escaped."),
    Spec(
        "userinfo_shape",
        "What getUserInfo gives.",
        {"shape": one_of("object", "list", "minimal", "fail", default="list")},
        actions=("getUserInfo",),
    ),
)

PAGING = (
    Spec(
        "slow_listing",
        "A listing takes seconds.",
        {"per_page": number(1.0), "per_row": number(0.0)},
        actions=USERS,
    ),
    Spec(
        "page_cap", "The limit is capped silently.", {"cap": whole(50)}, actions=USERS
    ),
    Spec("offset_ignored", "Each page starts at row 0.", actions=USERS),
    Spec("offset_is_page", "The offset counts pages.", actions=USERS),
    Spec("unstable_order", "Rows come in another order each time.", actions=USERS),
    Spec(
        "mutate_between_pages",
        "A mailbox comes or goes before each further page.",
        actions=USERS,
    ),
    Spec("meta_missing", "No total beside the page.", actions=USERS),
    Spec("meta_wrong", "A wrong total.", {"by": whole(1)}, actions=USERS),
    Spec(
        "page_failure",
        "One page of a listing fails.",
        {"page": whole(2), "style": one_of("refusal", "5xx", "malformed")},
        actions=USERS,
    ),
)

RULES = (
    Spec(
        "mailbox_exists",
        "A stranger took the name a moment ago.",
        {"holder": one_of("mailbox", "alias", "list")},
        actions=("addUser",),
    ),
    Spec(
        "weak_password",
        "Passwords are refused as weak (all, or those below a length).",
        {"min_length": whole(None)},
        actions=PASSWORDS,
    ),
    Spec(
        "reused_password",
        "The current and the last former passwords are refused.",
        {"last": whole(3)},
        actions=PASSWORDS,
    ),
    Spec(
        "password_refused_text",
        "Password refusals carry a neutral text.",
        {"text": text("The request could not be completed.")},
        actions=PASSWORDS,
    ),
    Spec(
        "limit_reached",
        "The plan allows no more than this (nothing at all without a number; GB).",
        {
            "mailboxes": whole(None),
            "basic": whole(None),
            "enhanced": whole(None),
            "quota": number(None),
        },
        actions=("addUser", "updateUser"),
    ),
    Spec("domain_missing", "The domain is not known.", actions=("addUser",)),
    Spec(
        "domain_unverified",
        "The domain is not verified yet.",
        actions=("addUser", "getDomainVerification"),
    ),
    Spec(
        "domain_basic_only",
        "The domain takes no Enhanced mailboxes.",
        actions=("addUser", "updateUser"),
    ),
    Spec(
        "already_in_state",
        "How repeated changes are answered.",
        {"answer": one_of("ok", "fail", default="fail")},
        actions=WRITES,
    ),
    Spec(
        "partial_update_blanks",
        "updateUser blanks what is left out.",
        actions=("updateUser",),
    ),
    Spec(
        "localisation_ignored",
        "Language, timezone and date format are dropped.",
        actions=("updateUser",),
    ),
    Spec(
        "localisation_names",
        "The real names of the three fields in updateUser.",
        {
            "language": text("edituser_language"),
            "timezone": text("edittimezone"),
            "dateformat": text("editdateformat"),
        },
        actions=("updateUser",),
    ),
    Spec(
        "cascade_on_remove",
        "removeUser also drops aliases and memberships.",
        actions=("removeUser",),
    ),
    Spec(
        "otp",
        "One-time passwords fail.",
        {"mode": one_of("expired", "used", "refused_when_disabled")},
    ),
    Spec(
        "sso_url",
        "The url beside a one-time password.",
        {"form": one_of("bare", "https", "http", "foreign", "port", default="https")},
    ),
)

CATALOGUE: dict[str, Spec] = {
    spec.name: spec
    for group in (TRANSPORT, SESSION, ENVELOPE, SHAPES, PAGING, RULES)
    for spec in group
}
