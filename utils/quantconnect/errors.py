"""What can go wrong between this machine and QuantConnect."""

from __future__ import annotations

from utils.errors import UserError


class ApiError(UserError):
    """A call failed: the text names the endpoint, what QuantConnect said, and a remedy where there is one."""


class RefusedError(ApiError):
    """QuantConnect took the call and said no: `reasons` are its own words."""

    def __init__(self, endpoint: str, reasons: tuple[str, ...]) -> None:
        super().__init__(f"{endpoint}: {'; '.join(reasons)}")
        self.endpoint = endpoint
        self.reasons = reasons


class AuthenticationError(ApiError):
    """The user id and token were not accepted."""


class UnreachableError(ApiError):
    """No usable answer after all tries of a call that may be repeated, or before it was sent at all."""


class OutcomeUnknownError(ApiError):
    """A call that must not be repeated blindly lost its answer: it may have been carried out."""
