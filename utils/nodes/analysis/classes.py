"""Classes of the sources: what they define, and the objects made of them."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace

from utils.nodes.analysis.lean import Lean, Names
from utils.nodes.analysis.modules import Module, Modules
from utils.nodes.analysis.operations import (
    items_of,
)
from utils.nodes.analysis.state import State
from utils.nodes.analysis.values import (
    NOTHING,
    Class,
    Function,
    Instance,
    Opaque,
    Table,
    Unknown,
    Value,
)
from utils.nodes.requirements import Source


class Classes(State):
    """Looks up methods and attributes, and makes objects."""

    def __init__(self, modules: Modules, lean: Lean) -> None:
        super().__init__(modules, lean)
        self._lineages: dict[Class, list[Class]] = {}
        self._foreign: dict[Class, frozenset[str]] = {}

    @abstractmethod
    def _apply(
        self,
        function: Value,
        owner: Value,
        args: Sequence[Value],
        named: Names,
        rest: Value | None,
        place: Source,
    ) -> Value:
        """What calling any value gives."""

    @abstractmethod
    def _called(self, callee: Function, args: Sequence[Value], named: Names, rest: Value | None) -> Value:
        """A function's result; with `rest`, an unknown part of its arguments."""

    def lineage(self, definition: Class) -> list[Class]:
        """The class and its bases in the sources, nearest first."""
        if definition not in self._lineages:
            self._lineages[definition] = [definition]  # against circles
            found = [definition]
            foreign: set[str] = set()
            for base in definition.node.bases:
                value = self.evaluate(base, definition.module, definition.around)
                if isinstance(value.content, Class):
                    found += [one for one in self.lineage(value.content) if one not in found]
                    foreign |= self.opaque_bases(value.content)
                elif isinstance(value.content, Opaque):
                    foreign.add(value.content.path)
            self._lineages[definition] = found
            self._foreign[definition] = frozenset(foreign)
        return self._lineages[definition]

    def opaque_bases(self, definition: Class) -> frozenset[str]:
        """Names of the bases that are not in the sources."""
        self.lineage(definition)
        return self._foreign.get(definition, frozenset())

    def is_algorithm(self, instance: Instance) -> bool:
        """Whether an object is the algorithm itself."""
        definition = instance.definition
        return definition is not None and any(
            base.rsplit(".", 1)[-1] in {"QCAlgorithm", "QCAlgorithmFramework"}
            for base in self.opaque_bases(definition)
        )

    def method(self, instance: Value, name: str, above: Class | None = None) -> Function | None:
        """A method of an object's class, or of a class, bound to it; with `above`, of that class's bases."""
        content = instance.content
        definition = content.definition if isinstance(content, Instance) else content
        if not isinstance(definition, Class):
            return None
        lineage = self.lineage(definition)
        if above in lineage:
            lineage = lineage[lineage.index(above) + 1 :]
        for one in lineage:
            if (node := one.methods.get(name)) is not None:
                free = decorated(node, "staticmethod") or (
                    isinstance(content, Class) and not decorated(node, "classmethod")
                )
                return Function(node, one.module, None if free else instance, one.around, one)
        return None

    def method_names(self, definition: Class) -> list[str]:
        """Names of all methods of a class and its bases."""
        return list(dict.fromkeys(name for one in self.lineage(definition) for name in one.methods))

    def attributes_of(self, definition: Class) -> Names:
        """What a class's body and its bases' define, without methods."""
        found: Names = {}
        for one in reversed(self.lineage(definition)):
            if one.attributes is None:
                one.attributes = {}
                self._class_body(one)
            found |= one.attributes
        if definition.attributes is None:
            definition.attributes = {}
        return found

    def fields_of(self, definition: Class) -> list[str]:
        """Names of the annotated fields, the bases' first."""
        names = (
            node.target.id
            for one in reversed(self.lineage(definition))
            for node in one.node.body
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        )
        return list(dict.fromkeys(names))

    def instantiate(self, definition: Class, named: Names) -> Value:
        """An object of a class: fields with their defaults, `named` in their place."""
        instance = Instance(definition, {})
        for name, value in self.attributes_of(definition).items():
            instance.attributes[name] = _fresh(value)
        instance.attributes |= named
        return Value(instance)

    def construct(self, definition: Class, args: Sequence[Value], named: Names, rest: Value | None) -> Value:
        """What calling a class makes: by its `__init__`, or by its fields in their order."""
        if is_enumeration(self.opaque_bases(definition)):
            wanted = args[0].content if args else None
            members = [
                one.content
                for one in self.attributes_of(definition).values()
                if isinstance(one.content, Instance)
            ]
            found = [one for one in members if one.attributes["value"].content == wanted]
            return Value(found[0]) if found and isinstance(wanted, str | int) else NOTHING
        start = self.method(Value(Instance(definition)), "__init__")
        if start is not None:
            made = self.instantiate(definition, {})
            self._called(replace(start, bound=made), args, named, rest)
            return made
        fields = self.fields_of(definition)
        given = dict(zip(fields, args, strict=False)) | named
        if rest is not None:
            given = {name: Value(Unknown()) for name in fields} | given
        made = self.instantiate(definition, self._typed(definition, given))
        after = self.method(made, "__post_init__")
        if after is not None:
            self.call(after, [])
        return made

    def validated(self, definition: Class, content: Value) -> Value:
        """A model made of a table, its nested models too; unknown when the table is."""
        table = content.content
        if not isinstance(table, Table) or table.open:
            return self.construct(definition, [], {}, NOTHING)
        named = {
            name: value if value.sources else value.because(content)
            for name, value in table.items()
            if isinstance(name, str)
        }
        return self.instantiate(definition, self._typed(definition, named))

    def _typed(self, definition: Class, named: Names) -> Names:
        """Tables given for fields that are models become these."""
        found = dict(named)
        defaults = self.attributes_of(definition)
        for name, value in named.items():
            if isinstance(value.content, Table):
                default = defaults.get(name, NOTHING).content
                usual = default.definition if isinstance(default, Instance) else None
                model = self._field_model(definition, name) or usual
                if model is not None:
                    found[name] = self.validated(model, value)
        return found

    def _field_model(self, definition: Class, name: str) -> Class | None:
        for one in self.lineage(definition):
            for node in one.node.body:
                if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", None) == name:
                    return self._model_in(node.annotation, one)
        return None

    def _model_in(self, annotation: ast.expr, definition: Class) -> Class | None:
        """The class that an annotation names, as such, as `Annotated` or with None."""
        match annotation:
            case ast.Name() | ast.Attribute():
                content = self.evaluate(annotation, definition.module, definition.around).content
                return content if isinstance(content, Class) else None
            case ast.BinOp(left=left, right=right):
                return self._model_in(left, definition) or self._model_in(right, definition)
            case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[first, *_])):
                return self._model_in(first, definition)
            case ast.Subscript(value=ast.Name(id="Optional"), slice=first):
                return self._model_in(first, definition)
            case _:
                return None

    def _class_body(self, definition: Class) -> None:
        """Evaluate what a class's body assigns: fields with their defaults, attributes, an enum's members."""
        assert definition.attributes is not None
        names = dict(definition.around)
        enumeration = is_enumeration(self.opaque_bases(definition))
        for statement in definition.node.body:
            match statement:
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    content = self._field_default(value, definition.module, names)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    content = self.evaluate(value, definition.module, names)
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    names[statement.name] = Value(Function(statement, definition.module, None, names))
                    continue
                case _:
                    continue
            content = self._placed(content, statement, definition.module)
            if enumeration and not name.startswith("_"):
                content = Value(Instance(definition, {"value": content, "name": Value(name)}))
            names[name] = content
            definition.attributes[name] = content

    def _field_default(self, value: ast.expr, module: Module, names: Names) -> Value:
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Name)
            and value.func.id in {"Field", "field"}
        ):
            for keyword in value.keywords:
                if keyword.arg == "default":
                    return self.evaluate(keyword.value, module, names)
                if keyword.arg == "default_factory":
                    made = self.evaluate(keyword.value, module, names)
                    return self._apply(made, NOTHING, [], {}, None, module.source(value))
            return self.evaluate(value.args[0], module, names) if value.args else Value(Unknown())
        return self.evaluate(value, module, names)

    def _items(self, value: Value) -> list[Value] | None:
        self._charge(value)
        if isinstance(value.content, Class):
            return self._members(value.content)
        return items_of(value)

    def _members(self, definition: Class) -> list[Value] | None:
        """The members of an enumeration."""
        if not is_enumeration(self.opaque_bases(definition)):
            return None
        return [one for one in self.attributes_of(definition).values() if isinstance(one.content, Instance)]


def is_enumeration(bases: frozenset[str]) -> bool:
    """Whether a class with these bases is an enumeration."""
    return any(base.rsplit(".", 1)[-1] in {"Enum", "StrEnum", "IntEnum"} for base in bases)


def decorated(node: ast.AST, name: str) -> bool:
    """Whether a function has a decorator of this name."""
    marks = getattr(node, "decorator_list", [])
    return any(getattr(mark, "id", getattr(mark, "attr", "")) == name for mark in marks)


def _fresh(value: Value) -> Value:
    """A field's default for one object: nested models are its own."""
    if isinstance(value.content, Instance):
        attributes = {name: _fresh(one) for name, one in value.content.attributes.items()}
        return replace(value, content=Instance(value.content.definition, attributes, value.content.path))
    return value
