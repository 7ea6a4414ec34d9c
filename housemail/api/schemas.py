"""What callers send: typed, tolerant of a billing system's scalars, strict in size.

Whether a value is right is for the verbs to say; here it is only made safe to hand
on. PHP writes an empty map as ``[]`` and a list with holes as an object: both are
taken for what they mean. Unknown members are ignored.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

from ninja import Path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    SecretStr,
    model_validator,
)
from pydantic_core import PydanticCustomError

from housemail.mailboxes.context import ActorKind

VALUE_MAX = 2_000
MEMBERS_MAX = 500
REFS_MAX = 1_000
REF = r"^[A-Za-z0-9._:-]{1,64}$"

Scalar = str | int | float | bool | None


# --- single values


def _fault(code: str) -> PydanticCustomError:
    return PydanticCustomError(code, code)


def _as_text(value: object) -> object:
    """Return a scalar as a billing system writes it in text."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _fault("not_finite")
        return str(int(value)) if value.is_integer() else str(value)
    return str(value) if isinstance(value, int) else value


def _clean(value: str) -> str:
    """Refuse what no database and no platform can take."""
    if "\0" in value:
        raise _fault("nul_character")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise _fault("string_unicode")
    return value


def _clean_secret(value: SecretStr) -> SecretStr:
    _clean(value.get_secret_value())
    return value


def _scalar(value: object) -> Scalar:
    """Return a setting's value as it is; an empty list or map is nothing."""
    if value is None or value == [] or value == {}:
        return None
    if isinstance(value, float) and not math.isfinite(value):
        raise _fault("not_finite")
    if isinstance(value, bool | int | float):
        return value
    if not isinstance(value, str):
        raise _fault("scalar_type")
    if len(value) > VALUE_MAX:
        raise PydanticCustomError("string_too_long", "", {"max_length": VALUE_MAX})
    return _clean(value)


def _map(value: object) -> object:
    return {} if value is None or value == [] else value


def _list(value: object) -> object:
    if value is None:
        return []
    return list(value.values()) if isinstance(value, dict) else value


_TEXT = BeforeValidator(_as_text)
_CLEAN = AfterValidator(_clean)
_CLEAN_SECRET = AfterValidator(_clean_secret)

# The length first, so that a fault is about characters and not about "entries".
Short = Annotated[str, Field(max_length=64), _TEXT, _CLEAN]
Visitor = Annotated[str, Field(max_length=128), _TEXT, _CLEAN]
Raw = Annotated[str, Field(max_length=300), _TEXT, _CLEAN]
Long = Annotated[str, Field(max_length=VALUE_MAX), _TEXT, _CLEAN]
Secret = Annotated[SecretStr, Field(max_length=300), _TEXT, _CLEAN_SECRET]
Name = Annotated[str, Field(max_length=200), _CLEAN]
Value = Annotated[Scalar, PlainValidator(_scalar, json_schema_input_type=Scalar)]
Values = Annotated[dict[Name, Value], Field(max_length=100), BeforeValidator(_map)]
Ref = Annotated[str, Field(pattern=REF, max_length=64), _TEXT]
RefInPath = Annotated[str, Path(pattern=REF, max_length=64)]
Members = Annotated[list[Raw], Field(max_length=MEMBERS_MAX), BeforeValidator(_list)]
Refs = Annotated[list[Ref], Field(max_length=REFS_MAX), BeforeValidator(_list)]


def _actor_kind(value: object) -> object:
    if value is None or value in ("", []):
        return ActorKind.AUTOMATION
    return value.strip().lower() if isinstance(value, str) else value


# --- objects


class Input(BaseModel):
    """An object that a caller sends."""

    # A value must not reach a log through the text of an exception either.
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def empty_is_empty(cls, value: Any) -> Any:
        """Take PHP's ``[]``, and null, for an object without members."""
        return _map(value)


class ServerIn(Input):
    """The server, as the billing system has it."""

    platform: Short = ""
    endpoint: Long = ""
    username: Raw = ""
    password: Secret = SecretStr("")


class OwnerIn(Input):
    """The customer, as the billing system knows him."""

    id: Short = ""
    name: Raw = ""
    email: Raw = ""
    language: Raw = ""


class ServiceIn(Input):
    """What the billing system has stored about the service."""

    username: Raw = ""
    domain: Raw = ""
    status: Raw = ""


class ActorIn(Input):
    """Who pressed the button; ``visitor`` is an opaque hash, used for throttling."""

    kind: Annotated[ActorKind, BeforeValidator(_actor_kind)] = ActorKind.AUTOMATION
    id: Short = ""
    visitor: Visitor = ""


class ContextIn(Input):
    """What comes with every call about a service."""

    server: ServerIn = Field(default_factory=ServerIn)
    plan: Values = Field(default_factory=dict)
    options: Values = Field(default_factory=dict)
    owner: OwnerIn = Field(default_factory=OwnerIn)
    service: ServiceIn = Field(default_factory=ServiceIn)
    actor: ActorIn = Field(default_factory=ActorIn)


class NameIn(ContextIn):
    """Context and a name to check or to reserve."""

    handle: Raw
    domain: Raw = ""


class CreateIn(NameIn):
    """Context and the mailbox to create; without a password a random one is used."""

    password: Secret | None = None
    display_name: Raw = ""


class AdoptIn(ContextIn):
    """Context and the mailbox to take over; empty: the service's own user name."""

    handle: Raw = ""
    domain: Raw = ""


class ReleaseNameIn(AdoptIn):
    """Context, the name to give out, and why; empty: the service's own user name."""

    reason: Long = ""


class ReasonIn(ContextIn):
    """Context and, for the billing system's own records, why."""

    reason: Long = ""


class PasswordIn(ContextIn):
    """Context and the new password."""

    password: Secret


class AliasIn(ContextIn):
    """Context, the alias's handle and where it delivers to."""

    handle: Raw
    destination: Raw = ""


class ListIn(ContextIn):
    """Context, the list's handle and its first members."""

    handle: Raw
    members: Members = Field(default_factory=list)


class MembersIn(ContextIn):
    """Context, the list's handle and the members, each answered on its own."""

    handle: Raw
    members: Members


class HandleIn(ContextIn):
    """Context and the handle of what is removed."""

    handle: Raw


class UsageIn(Input):
    """The services whose recorded usage is wanted."""

    refs: Refs
