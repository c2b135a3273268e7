"""What LEAN's own names mean: what the algorithm asks for by calling them is noted."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from datetime import date, timedelta

from utils.nodes.analysis.asked import Asked
from utils.nodes.analysis.chains import narrow
from utils.nodes.analysis.interpreter import Interpreter
from utils.nodes.analysis.machine_learning import is_language_model_address, is_request
from utils.nodes.analysis.naming import argument, in_order, resolution_of, snake
from utils.nodes.analysis.stored import label, project_parameter, stored_table
from utils.nodes.analysis.subscriptions import FILTER, Subscriptions, symbol_of
from utils.nodes.analysis.universes import universe_of
from utils.nodes.analysis.values import (
    NOTHING,
    Class,
    Function,
    Instance,
    Opaque,
    Prefix,
    Security,
    Selection,
    StoredText,
    Table,
    Value,
)
from utils.nodes.requirements import Source
from utils.workspace import Project

_INDICATOR = re.compile(r"[a-z]{1,4}|alma|ichimoku|frama|trima|vidya|ultosc|momersion|aroon|chop|identity")
_MODELS = frozenset({"model_validate", "model_validate_json", "parse_obj", "parse_raw"})


class LeanCalls:
    """Notes calls of LEAN's API in `asked`, in both naming styles."""

    def __init__(self, project: Project) -> None:
        self.asked = Asked()
        self.interpreter: Interpreter | None = None
        self._project = project
        self._subscriptions: Subscriptions | None = None

    def call(
        self, target: Value, path: str, args: Sequence[Value], named: dict[str, Value], place: Source
    ) -> Value | None:
        """As `lean.Lean.call`."""
        name = snake(path.rsplit(".", 1)[-1])
        if self._followed.conditional and place.file:
            place = Source(f"{place.text} (under an unknown condition)", place.file, place.line)
        if isinstance(target.content, Selection):
            given = in_order(args, named, FILTER)
            return narrow(self._followed.journal, target.content, name, given, place, self._subscribe.apply)
        if isinstance(target.content, Security):
            given = in_order(args, named, FILTER)
            return self._subscribe.of_security(target.content, name, given, place)
        if isinstance(target.content, Class) and name in _MODELS:
            table = stored_table(args[0], self._project) if args else NOTHING
            made = self._followed.validated(target.content, table)
            if isinstance(args[0].content, StoredText) and isinstance(made.content, Instance):
                label(made.content, self._project)
                self.asked.settings.append(made.content)
            return made
        self._note_request(name, args, named, place)
        if path.startswith("."):
            return None
        given_functions = (value.content for value in (*args, *named.values()))
        self.asked.callbacks += [one for one in given_functions if isinstance(one, Function)]
        found = self._stored(path, args, named)
        if found is not None:
            return found
        if path.lower() in {"symbol.create", "symbol.create_option", "symbol.createoption"}:
            return symbol_of(name, args, named)
        universe = universe_of(path, [*args, *named.values()], self._subscribe.apply)
        if universe is not None:
            return Value(universe)
        if path.startswith("self."):
            own = path.count(".") == 1
            subscribed = self._subscribe.call(name, args, named, place) if own else None
            return subscribed or self._setting(name, path, args, named, place)
        return None

    def construct(self, function: Function, args: Sequence[Value], named: dict[str, Value]) -> Value | None:
        """As `lean.Lean.construct`: a function given the Object Store and a key, returning a model."""
        returns = getattr(function.node, "returns", None)
        if not isinstance(returns, ast.Name | ast.Attribute):
            return None
        given = [value.content for value in (*args, *named.values())]
        texts = [content for content in given if isinstance(content, str)]
        keys = [text for text in texts if text in self._project.config.object_store]
        from_store = any(
            isinstance(content, Opaque) and snake(content.path).endswith("object_store") for content in given
        )
        if not keys and not (from_store and texts):
            return None
        names = self._followed.names_of(function.module)
        definition = self._followed.evaluate(returns, function.module, names).content
        if not isinstance(definition, Class):
            return None
        table = Value(Table())
        if keys:
            table = stored_table(Value(StoredText(keys[0])), self._project)
        else:
            text = f"no file for Object Store key {texts[0]!r} in config.json: the settings' defaults"
            self.asked.assumed[Source(text)] = None
        made = self._followed.validated(definition, table)
        assert isinstance(made.content, Instance)
        label(made.content, self._project)
        self.asked.settings.append(made.content)
        return made

    def assign(self, path: str, value: Value, place: Source) -> None:
        """As `lean.Lean.assign`."""
        words = snake(path)
        if words.endswith("settings.resolution"):
            found = resolution_of(value)
            if found is not None:
                text = f"{path} = {found}"
                self.asked.default_resolutions.append((found, Source(text, place.file, place.line)))
            else:
                self.asked.note_unknown("resolution", place)
        elif words.endswith("settings.automatic_indicator_warm_up") and value.content is not False:
            self.asked.automatic_warm_up = place

    def read(self, instance: Instance, name: str, value: Value) -> None:
        """As `lean.Lean.read`."""
        self.asked.settings_read.setdefault(f"{instance.path or ''}.{name}".lstrip("."), value)

    @property
    def _followed(self) -> Interpreter:
        assert self.interpreter is not None
        return self.interpreter

    @property
    def _subscribe(self) -> Subscriptions:
        if self._subscriptions is None:
            self._subscriptions = Subscriptions(self.asked, self._followed)
        return self._subscriptions

    @property
    def subscriptions(self) -> Subscriptions:
        """What notes the subscriptions."""
        return self._subscribe

    def _note_request(self, name: str, args: Sequence[Value], named: dict[str, Value], place: Source) -> None:
        """Requests to a language model's provider."""
        if not is_request(name):
            return
        for value in (*args, *named.values()):
            content = value.content
            text = content.text if isinstance(content, Prefix) else content
            if isinstance(text, str) and is_language_model_address(text):
                self.asked.language_models.append(place)

    def _stored(self, path: str, args: Sequence[Value], named: dict[str, Value]) -> Value | None:
        """Reading of the Object Store, and of JSON in it."""
        words = snake(path)
        key = argument(args, named, 0, ("path", "key")).content
        if words.endswith("object_store.read") and isinstance(key, str):
            return Value(StoredText(key)) if key in self._project.config.object_store else NOTHING
        if words.endswith("object_store.contains_key") and isinstance(key, str):
            return Value(True) if key in self._project.config.object_store else NOTHING
        if words == "json.loads" and args:
            table = stored_table(args[0], self._project)
            return table if isinstance(table.content, Table) else NOTHING
        return None

    def _setting(
        self, name: str, path: str, args: Sequence[Value], named: dict[str, Value], place: Source
    ) -> Value | None:
        match name:
            case "get_parameter":
                return self._parameter(in_order(args, named, ("name", "default_value")))
            case "set_start_date" | "set_end_date":
                self._date(name, in_order(args, named, ("year", "month", "day")), place)
            case "set_warm_up" | "set_warmup":
                self._warm_up(args, named, place)
            case "on" if path.lower() == "self.schedule.on":
                times = self.asked.scheduled.get(place, 0)
                self.asked.scheduled[place] = times + self._followed.times
            case "train" if path.count(".") == 1:
                self.asked.trainings.append(place)
            case _ if path.count(".") == 1 and _INDICATOR.fullmatch(name):
                self._indicator(args, named, place)
                return None
            case _:
                return None
        return NOTHING

    def _date(self, name: str, args: Sequence[Value], place: Source) -> None:
        moment = _date(args)
        if moment is None:
            self.asked.note_unknown(name, place)
        elif name == "set_start_date":
            self.asked.start = (moment, place)
        else:
            self.asked.end = (moment, place)

    def _warm_up(self, args: Sequence[Value], named: dict[str, Value], place: Source) -> None:
        length = argument(
            args, named, 0, ("bar_count", "time_span", "timespan", "period", "warmup_period", "resolution")
        )
        content = length.content
        unit = next((one for value in (*args, *named.values()) if (one := resolution_of(value))), None)
        if isinstance(content, int | float | timedelta) and not isinstance(content, bool):
            self.asked.warm_ups.append((content, unit, place))
        else:
            self.asked.note_unknown("warm_up", place)

    def _indicator(self, args: Sequence[Value], named: dict[str, Value], place: Source) -> None:
        periods = [
            value.content
            for value in (*args[1:], *named.values())
            if isinstance(value.content, int) and not isinstance(value.content, bool)
        ]
        unit = next((one for value in (*args, *named.values()) if (one := resolution_of(value))), None)
        if periods:
            self.asked.indicators.append((max(periods), unit, place))

    def _parameter(self, args: Sequence[Value]) -> Value:
        """A project parameter as LEAN gives it: a text, or of the default's type."""
        name = args[0].content if args else None
        default = args[1] if len(args) > 1 else Value(None)
        if not isinstance(name, str):
            return NOTHING
        found = project_parameter(self._project, name)
        value = default
        if found is not None:
            text, place = found
            try:
                number = isinstance(default.content, int | float) and not isinstance(default.content, bool)
                kind = type(default.content)
                value = Value(kind(text) if number else text, (place,))  # type: ignore[call-arg]  # int, float
            except ValueError:
                pass
        self.asked.parameters[name] = value
        return value


def _date(args: Sequence[Value]) -> date | None:
    contents = [value.content for value in args]
    if contents and isinstance(contents[0], date):
        return date(contents[0].year, contents[0].month, contents[0].day)
    numbers = [content for content in contents[:3] if isinstance(content, int)]
    if len(numbers) == 3:
        try:
            return date(*numbers)
        except (ValueError, OverflowError):
            return None
    return None
