"""Organizations that the user belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from utils.quantconnect.errors import ApiError
from utils.quantconnect.records import Organization, parse_all
from utils.quantconnect.transport import Caller


class Organizations:
    """`organizations/*`."""

    def __init__(self, transport: Caller) -> None:
        self._transport = transport

    def list(self) -> Sequence[Organization]:
        """All of them."""
        answer = self._transport.call("organizations/list", {}, repeatable=True)
        return parse_all(Organization, answer.get("organizations"), "organizations/list")

    def preferred(self) -> Organization:
        """The one that the user marked as preferred, else the only one.

        Raises:
            ApiError: there are several, and none is preferred.
        """
        found = self.list()
        preferred = [one for one in found if one.preferred] or list(found)
        if len(preferred) != 1:
            raise ApiError('lean.json: "organization-id" is empty and you belong to several; set it')
        return preferred[0]
