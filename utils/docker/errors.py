"""How a call to Docker's API is refused."""

from __future__ import annotations


class DockerError(Exception):
    """A call that is not carried out: HTTP status and one line for the client to print."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
