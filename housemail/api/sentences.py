"""Sentences that only this door says: about keys, headers, paths and bodies.

What the business refuses is worded in ``mailboxes/sentences.py``.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_noop as _

# code -> (status, sentence)
DOOR: Mapping[str, tuple[int, str]] = {
    "key_missing": (
        401,
        _("Send the API key as `Authorization: Bearer hm_…`."),
    ),
    "key_invalid": (
        401,
        _("This API key is not known. Make one with `housemail keys create`."),
    ),
    "key_revoked": (
        401,
        _("This API key was revoked. Make a new one with `housemail keys create`."),
    ),
    "key_expired": (
        401,
        _("This API key has expired. Make a new one with `housemail keys create`."),
    ),
    "key_source": (
        403,
        _(
            "This API key may not be used from {address}. Add the network to the key, "
            "or set HOUSEMAIL_TRUSTED_PROXIES when a proxy is in front."
        ),
    ),
    "body_unreadable": (
        400,
        _("The body is not JSON. Send one JSON object in UTF-8."),
    ),
    "request_malformed": (
        400,
        _("The request could not be read. Check the host name and the headers."),
    ),
    "forbidden": (403, _("This is not allowed here.")),
    "path_unknown": (
        404,
        _("There is nothing at this path. The calls are listed at /api/v1/docs."),
    ),
    "method_not_allowed": (
        405,
        _("This path does not take this method. Use {allowed}."),
    ),
    "body_too_large": (
        413,
        _("The body is larger than {limit} bytes. Send less at once."),
    ),
    "input_invalid": (422, _("{field}: {fix}")),
    "deadline_invalid": (
        422,
        _("X-Deadline-Ms must be a whole number of milliseconds, 1 to 600000."),
    ),
    "password_unsuitable": (422, _("{reason} A suitable one is suggested.")),
    "internal_error": (
        500,
        _(
            "Something went wrong on our side; it is logged with this request id. Look "
            "at the service before you try again."
        ),
    ),
}

# What to do about an input of the wrong kind, by pydantic's name of the fault.
FIXES: Mapping[str, str] = {
    "missing": _("is missing; add it."),
    "string_type": _("must be text."),
    "string_unicode": _("is not valid Unicode; send UTF-8."),
    "string_too_short": _("must not be empty."),
    "string_too_long": _("is too long; use at most {max_length} characters."),
    "too_long": _("has too many entries; use at most {max_length}."),
    "string_pattern_mismatch": _(
        "contains characters that are not allowed; use letters, digits, dot, dash, "
        "underscore and colon."
    ),
    "enum": _("is none of the allowed words; use {expected}."),
    "list_type": _("must be a list."),
    "dict_type": _("must be an object."),
    "model_type": _("must be an object."),
    "model_attributes_type": _("must be an object."),
    "scalar_type": _("must be text, a number, true, false or null."),
    "not_finite": _("is no finite number."),
    "nul_character": _("contains a NUL character; remove it."),
}
FIX_OTHERWISE = _("is not valid; see /api/v1/docs.")
OR = _("or")
