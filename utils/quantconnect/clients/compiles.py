"""Compilations."""

from __future__ import annotations

from utils.quantconnect.records import Compile, parse
from utils.quantconnect.transport import Caller


class Compiles:
    """`compile/*`. Compiling twice is harmless: each compilation has an id of its own."""

    def __init__(self, transport: Caller) -> None:
        self._transport = transport

    def create(self, project_id: int) -> Compile:
        """Start compiling a project with its libraries."""
        answer = self._transport.call("compile/create", {"projectId": project_id}, repeatable=True)
        return parse(Compile, answer, "compile/create")

    def read(self, project_id: int, compile_id: str) -> Compile:
        """How a compilation stands."""
        payload = {"projectId": project_id, "compileId": compile_id}
        return parse(Compile, self._transport.call("compile/read", payload, repeatable=True), "compile/read")
