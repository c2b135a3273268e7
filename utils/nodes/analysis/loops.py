"""Loops: of known length round by round, of unknown length once."""

from __future__ import annotations

import ast
import re

from utils.nodes.analysis.branches import (
    RETURNS,
    Branches,
    LoopLeftError,
    RaisedError,
    ReturnedError,
)
from utils.nodes.analysis.lean import Lean, Names
from utils.nodes.analysis.modules import Module, Modules
from utils.nodes.analysis.operations import (
    truth,
)
from utils.nodes.analysis.state import rounds_of
from utils.nodes.analysis.values import (
    NOTHING,
    Unknown,
    Value,
)
from utils.nodes.requirements import Source

ROUNDS = 20_000
"""Rounds of one loop that are followed at most."""
LOOP_STEPS = 40_000
"""Steps that one loop may take."""


FEW = 3
"""Rounds that are always followed."""
_NOTED = re.compile(
    r"add_\w+|Add[A-Z]\w+|set_\w*(filter|universe\w*)|Set\w*(Filter|Universe\w*)|on|On|train|Train"
)
"""Names of what LEAN is asked for."""


class Loops(Branches):
    """Follows for and while."""

    def __init__(self, modules: Modules, lean: Lean) -> None:
        super().__init__(modules, lean)
        self.later = False
        """Whether `initialize` has been followed."""
        self._asking: frozenset[str] | None = None

    def _matters(self, node: ast.stmt) -> bool:
        """Whether each round of a loop may ask something of LEAN, itself or by what it calls."""
        if self._asking is None:
            mentions = {
                one.name: _names_in(one)
                for module in self._modules.parsed()
                for one in ast.walk(module.tree)
                if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
            }
            self._asking = _asking(mentions)
        return any(name in self._asking or _NOTED.fullmatch(name) for name in _names_in(node))

    def _for(self, node: ast.For | ast.AsyncFor, module: Module, names: Names) -> int:
        source = self.evaluate(node.iter, module, names)
        values = self._items(source)
        if values is not None and self.later and len(values) > FEW and not self._matters(node):
            return self._unknown_rounds(node, node.target, len(values), module, names)
        if values is not None and (not isinstance(source.content, range) or len(values) <= ROUNDS):
            return self._known_rounds(node, source, values, module, names)
        if values is not None:
            self._doubt_loop(node, module)
        return self._unknown_rounds(node, node.target, rounds_of(source), module, names)

    def _known_rounds(
        self, node: ast.For | ast.AsyncFor, source: Value, values: list[Value], module: Module, names: Names
    ) -> int:
        flags = 0
        before, started = self.conditional, self._steps
        self.conditional += not source.sure
        try:
            for value in values:
                self._step()
                if self._steps - started > LOOP_STEPS:
                    self._doubt_loop(node, module)
                    break
                self._assign(node.target, value, module, names)
                try:
                    left = self._block(node.body, module, names)
                except LoopLeftError as end:
                    if end.for_good:
                        return flags & RETURNS
                    continue
                if left and not flags:
                    self.conditional += 1  # the rounds that follow may not be reached
                flags |= left
            return (flags | self._block(node.orelse, module, names)) & RETURNS
        finally:
            self.conditional = before

    def _unknown_rounds(
        self,
        node: ast.For | ast.AsyncFor | ast.While,
        target: ast.expr | None,
        rounds: int,
        module: Module,
        names: Names,
    ) -> int:
        """Follow a loop once of which it is not known how often it runs."""
        flags = 0
        with self._repeated(rounds), self._branch() as done:
            if target is not None:
                self._assign(target, Value(Unknown()), module, names)
            try:
                flags = self._block(node.body, module, names)
            except ReturnedError as end:
                if self._frames:
                    self._frames[-1].returned.append(end.value)
                flags = RETURNS
            except RaisedError:
                flags = RETURNS
            except LoopLeftError:
                pass
        place = module.source(node)
        reason = Source("a loop of unknown length", place.file, place.line)
        self.journal.merge_loop(done[0], reason)
        return (flags | self._block(node.orelse, module, names)) & RETURNS

    def _while(self, node: ast.While, module: Module, names: Names) -> int:
        flags = 0
        before, started, rounds = self.conditional, self._steps, 0
        try:
            while True:
                test = self.evaluate(node.test, module, names)
                if not test.known:
                    return flags | self._unknown_rounds(node, None, rounds_of(NOTHING), module, names)
                if not truth(test.content):
                    self._note_taken((), node.body if not rounds else ())
                    return flags | (self._block(node.orelse, module, names) & RETURNS)
                self._note_taken(node.body, ())
                rounds += 1
                if self._steps - started > LOOP_STEPS or rounds > ROUNDS:
                    self._doubt_loop(node, module)
                    return flags
                try:
                    left = self._block(node.body, module, names)
                except LoopLeftError as end:
                    if end.for_good:
                        return flags
                    continue
                flags |= left & RETURNS
                if left:  # it may have ended with this round: the others are not told apart
                    return flags | self._unknown_rounds(node, None, rounds_of(NOTHING), module, names)
        finally:
            self.conditional = before

    def _doubt_loop(self, node: ast.stmt, module: Module) -> None:
        place = module.source(node)
        text = f"{place.text.partition(':')[0]}: a long loop, not followed to its end"
        self.doubts[Source(text, place.file, place.line)] = None


def _names_in(node: ast.AST) -> frozenset[str]:
    """Names and attributes that code mentions."""
    found = (getattr(one, "id", getattr(one, "attr", "")) for one in ast.walk(node))
    return frozenset(name for name in found if name)


def _asking(mentions: dict[str, frozenset[str]]) -> frozenset[str]:
    """Functions that ask something of LEAN, or mention one that does."""
    found = {name for name, inner in mentions.items() if any(_NOTED.fullmatch(one) for one in inner)}
    before = -1
    while len(found) > before:
        before = len(found)
        found |= {name for name, inner in mentions.items() if not found.isdisjoint(inner)}
    return frozenset(found)
