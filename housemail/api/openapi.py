"""The OpenAPI document says what the door does: problems, headers, answers."""

from __future__ import annotations

from typing import Any

from housemail.api.answers import BeingChecked, Problem
from housemail.web.request_id import HEADER as REQUEST_ID

PROBLEMS = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)
_JSON = "application/json"
_PROBLEM_JSON = "application/problem+json"

PARAMETERS: list[dict[str, Any]] = [
    {
        "in": "header",
        "name": REQUEST_ID,
        "required": False,
        "description": "Taken when well formed, else made; returned and logged.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"},
    },
    {
        "in": "header",
        "name": "X-Deadline-Ms",
        "required": False,
        "description": "When the caller gives up; the answer comes 2 s before.",
        "schema": {"type": "integer", "minimum": 1, "maximum": 600_000},
    },
    {
        "in": "header",
        "name": "Accept-Language",
        "required": False,
        "description": "The language of `detail`.",
        "schema": {"type": "string", "examples": ["en", "de", "fr"]},
    },
]
_RETURNED_ID = {
    REQUEST_ID: {
        "description": "The id of this request, for finding it in the log.",
        "schema": {"type": "string"},
    }
}


def answers(success: Any, *, unknown: bool = True) -> dict[int, Any]:
    """Return what a call may answer; ``unknown``: also 202, being checked."""
    checked = {202: BeingChecked} if unknown else {}
    return {200: success, **checked, **dict.fromkeys(PROBLEMS, Problem)}


def complete(document: dict[str, Any]) -> None:
    """Add what ninja does not know: problem media type, headers, our parameters."""
    for methods in document["paths"].values():
        for operation in methods.values():
            operation["parameters"] = [*operation["parameters"], *PARAMETERS]
            # A sentence says more than the name of a function, which ninja takes.
            operation["summary"] = operation.pop("description").rstrip(".")
            for status, response in operation["responses"].items():
                response["headers"] = _RETURNED_ID
                if int(status) >= 400:
                    response["content"] = {_PROBLEM_JSON: response["content"][_JSON]}
