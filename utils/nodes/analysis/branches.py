"""Statements that run one of several bodies: all that are possible are followed, and merged."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from utils.nodes.analysis.expressions import Expressions
from utils.nodes.analysis.journal import Changes, join
from utils.nodes.analysis.lean import Lean, Names
from utils.nodes.analysis.modules import Module, Modules
from utils.nodes.analysis.operations import (
    compare,
    truth,
)
from utils.nodes.analysis.values import (
    Opaque,
    Unknown,
    Value,
)
from utils.nodes.requirements import Source

RETURNS, LEAVES = 1, 2
"""What may have happened in a body: the function was left, a round of the loop was."""


class LeftError(Exception):
    """The statements that follow are not reached."""


class ReturnedError(LeftError):
    """By `return`."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value


class RaisedError(LeftError):
    """By `raise`."""


class LoopLeftError(LeftError):
    """By `break`, or by `continue`."""

    def __init__(self, *, for_good: bool) -> None:
        super().__init__()
        self.for_good = for_good


class Branches(Expressions):
    """Follows if, match and try."""

    def __init__(self, modules: Modules, lean: Lean) -> None:
        super().__init__(modules, lean)
        self._taken: set[int] = set()
        self._untaken: dict[int, Sequence[ast.stmt]] = {}

    @abstractmethod
    def _block(self, body: Sequence[ast.stmt], module: Module, names: Names) -> int:
        """Follow statements. Returns whether some of them may have been left before their end."""

    @property
    def dead(self) -> frozenset[int]:
        """Identities of statements that a known condition keeps from being run, wherever it was met."""
        return frozenset(
            id(one) for key, body in self._untaken.items() if key not in self._taken for one in body
        )

    def _if(self, node: ast.If, module: Module, names: Names) -> int:
        test = self.evaluate(node.test, module, names)
        if _is_type_checking(test):
            return self._block(node.orelse, module, names)
        if test.known:
            holds = truth(test.content)
            self._note_taken(node.body if holds else node.orelse, node.orelse if holds else node.body)
            return self._block(node.body if holds else node.orelse, module, names)
        self._note_taken(node.body, ())
        self._note_taken(node.orelse, ())
        reason = self.unknown_condition(node.test, module)
        return self._alternatives([node.body, node.orelse], reason, module, names)

    def _note_taken(self, taken: Sequence[ast.stmt], untaken: Sequence[ast.stmt]) -> None:
        if taken:
            self._taken.add(id(taken[0]))
        if untaken:
            self._untaken[id(untaken[0])] = untaken

    def _alternatives(
        self, bodies: Sequence[Sequence[ast.stmt]], reason: Source, module: Module, names: Names
    ) -> int:
        """Follow each body from the state before them, and merge what they did: one of them is run."""
        flags = 0
        ends: list[LeftError | None] = []
        changes: list[Changes] = []
        self.conditional += 1
        try:
            for body in bodies:
                with self._branch() as done:
                    try:
                        flags |= self._block(body, module, names)
                        ends.append(None)
                    except LeftError as left:
                        ends.append(left)
                changes += done
        finally:
            self.conditional -= 1
        live = [index for index, end in enumerate(ends) if not isinstance(end, RaisedError)]
        if not live:
            raise RaisedError
        stays = [index for index in live if not isinstance(ends[index], ReturnedError)]
        if stays and self._frames:  # what those that return did is merged when the function ends
            self._frames[-1].left += [(changes[index], reason) for index in live if index not in stays]
        self.journal.merge([changes[index] for index in stays or live], reason)
        returned = [end for index in live if isinstance(end := ends[index], ReturnedError)]
        if len(returned) == len(live):
            raise ReturnedError(join([end.value for end in returned], reason, always=True))
        if returned and self._frames:
            self._frames[-1].returned += [end.value for end in returned]
            flags |= RETURNS
        loops = [end for index in live if isinstance(end := ends[index], LoopLeftError)]
        if loops and len(loops) + len(returned) == len(live):
            raise LoopLeftError(for_good=all(end.for_good for end in loops))
        return flags | (LEAVES if any(end.for_good for end in loops) else 0) | (LEAVES if loops else 0)

    @contextmanager
    def _branch(self) -> Iterator[list[Changes]]:
        """What is done within is undone at the end, and is in the list then."""
        done: list[Changes] = []
        self.journal.open()
        try:
            yield done
        except BaseException:
            self.journal.keep()
            raise
        done.append(self.journal.undo())

    def _try(self, node: ast.Try | ast.TryStar, module: Module, names: Names) -> int:
        """The body is taken to succeed unless it raises for sure; handlers are followed for what they ask."""
        left: LeftError | None = None
        flags = 0
        try:
            flags = self._block(node.body, module, names)
            flags |= self._block(node.orelse, module, names)
        except RaisedError as end:
            left = end
        except (ReturnedError, LoopLeftError) as end:
            left = end
        if isinstance(left, RaisedError):
            left = None
            reason = Source("an exception, which is not known", module.path, node.lineno)
            bodies = [handler.body for handler in node.handlers]
            if len(bodies) == 1:
                flags |= self._block(bodies[0], module, names)
            elif bodies:
                flags |= self._alternatives(bodies, reason, module, names)
            else:
                left = RaisedError()
        else:
            self._handlers(node, module, names)
        flags |= self._block(node.finalbody, module, names)
        if left is not None:
            raise left
        return flags

    def _handlers(self, node: ast.Try | ast.TryStar, module: Module, names: Names) -> None:
        self.conditional += 1
        try:
            for handler in node.handlers:
                with self._branch() as done:
                    if handler.name:
                        self.journal.write(names, handler.name, Value(Unknown()))
                    try:
                        self._block(handler.body, module, names)
                    except LeftError:
                        continue
                for table, name, value in done[0].entries.values():
                    if name not in table and isinstance(value, Value):
                        self.journal.write(table, name, value.doubted())
        finally:
            self.conditional -= 1

    def _match(self, node: ast.Match, module: Module, names: Names) -> int:
        subject = self.evaluate(node.subject, module, names)
        possible: list[Sequence[ast.stmt]] = []
        for case in node.cases:
            fits = self._fits(case.pattern, subject, module, names)
            if fits is not False and case.guard is not None:
                guard = self.evaluate(case.guard, module, names)
                fits = None if fits is None or not guard.known else truth(guard.content)
            if fits is False:
                self._note_taken((), case.body)
                continue
            self._note_taken(case.body, ())
            possible.append(case.body)
            if fits:
                break
        else:
            possible.append(())
        if len(possible) == 1:
            return self._block(possible[0], module, names)
        return self._alternatives(possible, self.unknown_condition(node.subject, module), module, names)

    def _fits(self, pattern: ast.pattern, subject: Value, module: Module, names: Names) -> bool | None:
        """Whether a value fits a pattern of constants; None when that is not known."""
        match pattern:
            case ast.MatchAs(pattern=None):
                if pattern.name:
                    self._set_name(pattern.name, subject, module, names)
                return True
            case ast.MatchValue():
                found = compare([ast.Eq()], [subject, self.evaluate(pattern.value, module, names)])
                return truth(found.content) if found.known else None
            case ast.MatchSingleton():
                return subject.content is pattern.value if subject.known else None
            case ast.MatchOr():
                found_any = [self._fits(one, subject, module, names) for one in pattern.patterns]
                return True if True in found_any else None if None in found_any else False
            case _:
                return None


def _is_type_checking(test: Value) -> bool:
    return isinstance(test.content, Opaque) and test.content.path.rsplit(".", 1)[-1] == "TYPE_CHECKING"
