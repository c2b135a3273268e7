"""What expressions of the sources are worth, without running them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from utils.nodes.analysis.builtin_functions import format_number
from utils.nodes.analysis.calls import Calls
from utils.nodes.analysis.journal import join
from utils.nodes.analysis.lean import Names
from utils.nodes.analysis.modules import Module
from utils.nodes.analysis.operations import (
    LARGEST,
    LONGEST,
    binary,
    compare,
    distinct,
    key_of,
    subscript,
    truth,
    unary,
)
from utils.nodes.analysis.state import rounds_of
from utils.nodes.analysis.values import (
    NOTHING,
    Bounded,
    Class,
    Function,
    Items,
    Opaque,
    Prefix,
    Super,
    Table,
    Unknown,
    Value,
    derived,
    items,
)
from utils.nodes.requirements import Source


class Expressions(Calls):
    """Evaluates expressions."""

    def evaluate(self, node: ast.expr, module: Module, names: Names) -> Value:
        """The value of an expression."""
        self._step()
        match node:
            case ast.Constant():
                return _constant(node.value)
            case ast.Name():
                return self._name(node.id, module, names)
            case ast.Attribute():
                return self._attribute(self.evaluate(node.value, module, names), node.attr)
            case ast.Call():
                if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
                    return _super(names)
                return self._call(node, module, names)
            case ast.List() | ast.Tuple() | ast.Set():
                return self._sequence(node, module, names)
            case ast.Dict():
                return self._dict(node, module, names)
            case ast.BinOp():
                left, right = (self.evaluate(side, module, names) for side in (node.left, node.right))
                return self._charged(binary(node.op, left, right))
            case ast.UnaryOp():
                return unary(node.op, self.evaluate(node.operand, module, names))
            case ast.BoolOp():
                return self._bool(node, module, names)
            case ast.Compare():
                values = [self.evaluate(side, module, names) for side in (node.left, *node.comparators)]
                self._charge(*(one for one in values[1:] if not isinstance(one.content, Table)))
                return compare(node.ops, values)
            case ast.IfExp():
                return self._choice(node, module, names)
            case ast.Subscript():
                owner = self.evaluate(node.value, module, names)
                return self._charged(subscript(owner, self._slice(node.slice, module, names)))
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
                found = self._comprehension(node.elt, node.generators, module, names)
                if isinstance(node, ast.SetComp) and isinstance(found.content, Items):
                    found.content[:] = distinct(found.content)
                    found.content.distinct = True
                return found
            case ast.DictComp():
                pair = ast.Tuple([node.key, node.value], ast.Load())
                return _dict_of(self._comprehension(pair, node.generators, module, names))
            case ast.Lambda():
                return Value(Function(node, module, None, names))
            case ast.JoinedStr():
                return self._text(node, module, names)
            case ast.NamedExpr():
                value = self.evaluate(node.value, module, names)
                self._assign(node.target, value, module, names)
                return value
            case ast.Starred() | ast.Await():
                return self.evaluate(node.value, module, names)
            case ast.Yield() | ast.YieldFrom():
                return self._yield(node, module, names)
            case _:
                return NOTHING

    def _choice(self, node: ast.IfExp, module: Module, names: Names) -> Value:
        test = self.evaluate(node.test, module, names)
        if test.known:
            return self.evaluate(node.body if truth(test.content) else node.orelse, module, names)
        reason = self.unknown_condition(node.test, module)
        self.conditional += 1
        try:
            values = [self.evaluate(side, module, names) for side in (node.body, node.orelse)]
        finally:
            self.conditional -= 1
        return join(values, reason, always=True)

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set, module: Module, names: Names) -> Value:
        content = items()
        origins: list[Value] = []
        for element in node.elts:
            value = self.evaluate(element, module, names)
            if not isinstance(element, ast.Starred):
                content.append(value)
                continue
            spread = self._items(value)
            content.open |= spread is None
            content += spread or []
            origins.append(value)
        if isinstance(node, ast.Set):
            content[:] = distinct(content)
            content.distinct = True
        return derived(content, *origins) if origins else Value(content)

    def _dict(self, node: ast.Dict, module: Module, names: Names) -> Value:
        content = Table()
        for key, value in zip(node.keys, node.values, strict=True):
            evaluated = self.evaluate(value, module, names)
            if key is None:
                inner = evaluated.content
                content.update(inner if isinstance(inner, Table) else {})
                content.open |= not isinstance(inner, Table) or inner.open
                continue
            name = key_of(self.evaluate(key, module, names))
            if name is None:
                content.open = True
            else:
                content[name] = evaluated
        return Value(content)

    def _bool(self, node: ast.BoolOp, module: Module, names: Names) -> Value:
        ends_with = isinstance(node.op, ast.Or)
        possible: list[Value] = []
        entered = 0
        try:
            for side in node.values:
                value = self.evaluate(side, module, names)
                if value.known and truth(value.content) is not ends_with:
                    if side is node.values[-1]:
                        possible.append(value)
                    continue
                possible.append(value)
                if value.known:
                    break
                if not entered:
                    self.conditional += 1
                    entered = 1
        finally:
            self.conditional -= entered
        if len(possible) == 1:
            return possible[0]
        if not ends_with and any(one.known and not truth(one.content) for one in possible):
            return Value(False)  # x and False
        if ends_with and any(one.known and one.content is True for one in possible):
            return Value(True)
        return join(possible, self.unknown_condition(node, module), always=True) if possible else NOTHING

    def _comprehension(
        self, element: ast.expr, generators: list[ast.comprehension], module: Module, names: Names
    ) -> Value:
        inner = dict(names)
        found = items()
        origins: list[Value] = []
        doubts: list[Source] = []
        bounds: list[Value] = []

        def run(depth: int) -> None:
            if depth == len(generators):
                found.append(self.evaluate(element, module, inner))
                return
            source = self.evaluate(generators[depth].iter, module, inner)
            values = self._items(source)
            if depth == 0 or not source.sure:
                origins.append(source)
            if values is None:
                found.open = True
                bounds.append(source)
                with self._repeated(rounds_of(source)):
                    one_round(depth, [Value(Unknown())])
                return
            unsure = not source.sure
            self.conditional += unsure
            try:
                one_round(depth, values)
            finally:
                self.conditional -= unsure

        def one_round(depth: int, values: Sequence[Value]) -> None:
            for value in values:
                self._step()
                self._assign(generators[depth].target, value, module, inner)
                unknown = 0
                kept = True
                for test in generators[depth].ifs:
                    outcome = self.evaluate(test, module, inner)
                    if outcome.known and not truth(outcome.content):
                        kept = False
                        break
                    unknown += not outcome.known
                    if not outcome.known and len(doubts) < 1:
                        doubts.append(self.unknown_condition(test, module))
                if not kept:
                    continue
                self.conditional += unknown
                try:
                    run(depth + 1)
                finally:
                    self.conditional -= unknown

        run(0)
        if found.open:
            whole = len(generators) == 1 and isinstance(bounds[0].content, Bounded)
            return Value(bounds[0].content) if whole else NOTHING
        made = derived(found, *origins)
        return made.doubted(*doubts) if doubts else made

    def _text(self, node: ast.JoinedStr, module: Module, names: Names) -> Value:
        text = ""
        origins: list[Value] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                value = self.evaluate(part.value, module, names)
                specification = part.format_spec
                form = Value("")
                if isinstance(specification, ast.JoinedStr):
                    form = self._text(specification, module, names)
                value = format_number(value, str(form.content))
            else:
                value = self.evaluate(part, module, names)
            if not isinstance(value.content, str) or len(text) > LONGEST:
                return derived(Prefix(text), *origins)
            text += value.content
            origins.append(value)
        return derived(text, *origins)

    def _yield(self, node: ast.Yield | ast.YieldFrom, module: Module, names: Names) -> Value:
        value = self.evaluate(node.value, module, names) if node.value else Value(None)
        yielded = self._frames[-1].yielded if self._frames else None
        if yielded is not None and len(yielded) < LONGEST:
            self.journal.touch(yielded)
            if isinstance(node, ast.Yield):
                yielded.append(value)
            else:
                more = self._items(value)
                yielded.extend(more or [])
                yielded.open |= more is None
        return NOTHING


def _constant(content: object) -> Value:
    too_large = isinstance(content, int) and abs(content) > LARGEST
    return NOTHING if too_large or isinstance(content, bytes | complex) else Value(content)


def _super(names: Names) -> Value:
    above = names.get("__class__", NOTHING).content
    instance = names.get("__self__", NOTHING)
    if isinstance(above, Class) and instance.told:
        return Value(Super(instance, above))
    return Value(Opaque("super()"))


def _dict_of(pairs: Value) -> Value:
    """A dictionary of a list of pairs; of unknown length where a key is unknown."""
    if not isinstance(pairs.content, Items):
        return NOTHING
    found = Table()
    for pair in pairs.content:
        key, value = pair.content if isinstance(pair.content, Items) else (NOTHING, NOTHING)
        name = key_of(key)
        if name is None:
            found.open = True
        else:
            found[name] = value
    return derived(found, pairs)
