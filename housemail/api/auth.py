"""Bearer keys at the door: who it is, from where, and what the key may do."""

from __future__ import annotations

from django.http import HttpRequest
from ninja.security.http import HttpAuthBase

from housemail.api.caller import Caller
from housemail.api.problems import DoorError
from housemail.installations import keys
from housemail.mailboxes.errors import Forbidden
from housemail.web.remote_address import remote_address


class ApiKeyBearer(HttpAuthBase):
    """Takes keys that have one permission."""

    openapi_scheme = "bearer"

    def __init__(self, permission: str) -> None:
        """Keep the permission that the call needs."""
        self.permission = permission
        super().__init__()

    def __call__(self, request: HttpRequest) -> Caller:
        """Return the caller. Errors: DoorError (401, 403), Forbidden."""
        address = remote_address(request.META)
        found = keys.verify(request.headers.get("Authorization", ""), address)
        if isinstance(found, keys.KeyRefused):
            raise DoorError(found.value, address=address or "an unknown address")
        if self.permission not in found.permissions:
            raise Forbidden("key_permission", permission=self.permission)
        return Caller(found)


READ = ApiKeyBearer("read")
WRITE = ApiKeyBearer("write")
ADOPT = ApiKeyBearer("adopt")
