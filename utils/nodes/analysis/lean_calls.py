"""What an algorithm asks of LEAN: subscriptions, dates, warm-up, schedules, and where it asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from utils.nodes.analysis.chains import narrow, set_filter
from utils.nodes.analysis.interpreter import Interpreter
from utils.nodes.analysis.operations import call_method
from utils.nodes.analysis.stored import overlay, project_parameter, read_stored
from utils.nodes.analysis.values import NOTHING, Chain, Class, Function, Instance, Opaque, Security, Value
from utils.nodes.requirements import Resolution, Source
from utils.workspace import Project

FILTER = (
    "universe_func", "contracts", "contract_selector", "min_strike", "max_strike",
    "min_expiry", "min_expiry_days", "max_expiry", "max_expiry_days",
)  # fmt: skip
"""Parameters of an option filter's methods, in their order."""

UNKNOWN_LOOP = 10
"""Securities assumed where a loop of unknown length subscribes to one."""
UNKNOWN_UNIVERSE = 100
"""Securities assumed where a universe is selected."""

_OPTIONS = {"add_option": "equity", "add_index_option": "index", "add_future_option": "future"}
_CONTRACTS = {"add_option_contract", "add_index_option_contract", "add_future_option_contract"}
_SECURITIES = {
    "add_equity": "equity",
    "add_index": "index",
    "add_forex": "forex",
    "add_cfd": "cfd",
    "add_crypto": "crypto",
    "add_crypto_future": "crypto future",
    "add_future": "future",
    "add_future_contract": "future contract",
    "add_security": "security",
    "add_data": "custom data",
}
_UNIVERSES = {"add_universe", "add_universe_selection", "set_universe_selection", "add_universe_options"}


@dataclass
class Asked:
    """Everything noted, in the order found; the first place of each security."""

    securities: dict[tuple[str, str], Source] = field(default_factory=dict)
    assumed_securities: dict[Source, int] = field(default_factory=dict)
    chains: dict[str, Chain] = field(default_factory=dict)
    contracts: dict[str, Source] = field(default_factory=dict)
    assumed_contracts: dict[Source, int] = field(default_factory=dict)
    resolutions: list[tuple[Resolution, Source]] = field(default_factory=list)
    """What subscriptions name."""
    default_resolutions: list[tuple[Resolution, Source]] = field(default_factory=list)
    """The universe settings', for subscriptions that name none."""
    unnamed_resolutions: bool = False
    """Whether there are such subscriptions."""
    start: tuple[date, Source] | None = None
    end: tuple[date, Source] | None = None
    warm_ups: list[tuple[int | timedelta, Resolution | None, Source]] = field(default_factory=list)
    scheduled: dict[Source, int] = field(default_factory=dict)
    trainings: list[Source] = field(default_factory=list)
    callbacks: list[Function] = field(default_factory=list)
    """Functions given to LEAN, to be called later."""
    reasons: dict[Source, tuple[Source, ...]] = field(default_factory=dict)
    """Where the tickers of a call come from."""
    settings: list[Instance] = field(default_factory=list)
    settings_read: dict[str, Value] = field(default_factory=dict)


class LeanCalls:
    """Notes calls of LEAN's API in `asked`, in both naming styles."""

    def __init__(self, project: Project) -> None:
        self.asked = Asked()
        self.interpreter: Interpreter | None = None
        self._project = project

    def call(
        self, target: Value, path: str, args: Sequence[Value], named: dict[str, Value], place: Source
    ) -> Value | None:
        """As `interpreter.Lean.call`."""
        name = snake(path.rsplit(".", 1)[-1])
        if self._followed.conditional and place.file:
            place = Source(f"{place.text} (under an unknown condition)", place.file, place.line)
        if isinstance(target.content, Chain):
            return narrow(target.content, name, _in_order(args, named, FILTER), place, self._apply)
        if isinstance(target.content, Security):
            return self._of_security(target.content, name, _in_order(args, named, FILTER), place)
        if path.startswith("."):
            return call_method(target, name, args)
        given = (value.content for value in (*args, *named.values()))
        self.asked.callbacks += [one for one in given if isinstance(one, Function)]
        if name in _SECURITIES or name in _OPTIONS or name in _CONTRACTS:
            self._note_resolution(args, named, place)
        if name in _SECURITIES:
            return self._security(_SECURITIES[name], args, named, place)
        if name in _OPTIONS:
            return self._option(_OPTIONS[name], args, named, place)
        if name in _CONTRACTS:
            return self._contract(args, named, place)
        if name in _UNIVERSES:
            self.asked.assumed_securities[place] = UNKNOWN_UNIVERSE
            self.asked.unnamed_resolutions = True
            return NOTHING
        if name == "create" and path.lower().startswith("symbol."):
            ticker = _ticker(args, named)
            return Value(Security(ticker)) if ticker else NOTHING
        return self._setting(name, path, args, named, place)

    def construct(self, function: Function, args: Sequence[Value], named: dict[str, Value]) -> Value | None:
        """As `interpreter.Lean.construct`: a function given an Object Store key, and returning a model."""
        returns = getattr(function.node, "returns", None)
        if returns is None:
            return None
        texts = [value.content for value in (*args, *named.values()) if isinstance(value.content, str)]
        keys = [text for text in texts if text in self._project.config.object_store]
        if not keys:
            return None
        names = self._followed.names_of(function.module)
        definition = self._followed.evaluate(returns, function.module, names).content
        if not isinstance(definition, Class):
            return None
        made = self._followed.instantiate(definition, {})
        assert isinstance(made.content, Instance)
        overlay(made.content, read_stored(self._project, keys[0]), self._project)
        self.asked.settings.append(made.content)
        return made

    def read(self, path: str, value: Value) -> None:
        """As `interpreter.Lean.read`."""
        self.asked.settings_read.setdefault(path, value)

    @property
    def _followed(self) -> Interpreter:
        assert self.interpreter is not None
        return self.interpreter

    def _apply(self, function: Value, args: Sequence[Value]) -> Value:
        content = function.content
        return self._followed.call(content, args) if isinstance(content, Function) else NOTHING

    def _of_security(
        self, security: Security, name: str, args: Sequence[Value], place: Source
    ) -> Value | None:
        if name == "set_filter" and security.chain is not None:
            set_filter(security.chain, args, place, self._apply)
            return Value(None)
        return NOTHING

    def _security(self, kind: str, args: Sequence[Value], named: dict[str, Value], place: Source) -> Value:
        # add_security names its type first, add_data its class.
        skipped = 1 if kind in {"security", "custom data"} and len(args) > 1 else 0
        ticker = _ticker(args[skipped:], named)
        if ticker is None:
            self._assume(self.asked.assumed_securities, place)
            return Value(Security("?"))
        self.asked.securities.setdefault((kind, ticker), place)
        self._reason(place, args[skipped:])
        return Value(Security(ticker))

    def _option(self, kind: str, args: Sequence[Value], named: dict[str, Value], place: Source) -> Value:
        ticker = _ticker(args, named)
        if ticker is None:
            self._assume(self.asked.assumed_securities, place)  # the underlying
            count = UNKNOWN_LOOP if self._followed.uncertain else 1
            tickers = [f"?{place.line}.{index}" for index in range(count)]
            if count > 1:
                text = f"{place.text}; assumed: {count} chains in a loop of unknown length"
                place = Source(text, place.file, place.line)
            chains = [self._chain(one, place) for one in tickers]
            for one in chains[1:]:
                self.asked.chains[one.ticker] = chains[0]  # all alike
            return Value(Security("?", chains[0]))
        chain = self._chain(ticker, place)
        self._reason(place, args)
        self.asked.securities.setdefault((kind, ticker), place)  # LEAN subscribes to the underlying
        return Value(Security(ticker, chain))

    def _reason(self, place: Source, args: Sequence[Value]) -> None:
        if args and args[0].sources:
            self.asked.reasons.setdefault(place, args[0].sources)

    def _chain(self, ticker: str, place: Source) -> Chain:
        return self.asked.chains.setdefault(ticker, Chain(ticker, sources=[place]))

    def _contract(self, args: Sequence[Value], named: dict[str, Value], place: Source) -> Value:
        ticker = _ticker(args, named)
        if ticker is None:
            self._assume(self.asked.assumed_contracts, place)
        else:
            self.asked.contracts.setdefault(ticker, place)
        return Value(Security(ticker or "?"))

    def _assume(self, into: dict[Source, int], place: Source) -> None:
        if self._followed.uncertain:
            into[place] = UNKNOWN_LOOP
        else:
            into[place] = into.get(place, 0) + 1

    def _setting(
        self, name: str, path: str, args: Sequence[Value], named: dict[str, Value], place: Source
    ) -> Value | None:
        match name:
            case "get_parameter":
                return self._parameter(_in_order(args, named, ("name", "default_value")))
            case "set_start_date" | "set_end_date":
                moment = _date(_in_order(args, named, ("year", "month", "day")))
                if moment is not None and name == "set_start_date":
                    self.asked.start = (moment, place)
                elif moment is not None:
                    self.asked.end = (moment, place)
            case "set_warm_up" | "set_warmup":
                length = next((value.content for value in (*args, *named.values())), None)
                if isinstance(length, int | timedelta):
                    unit = next(
                        (one for value in (*args[1:], *named.values()) if (one := _resolution(value))), None
                    )
                    self.asked.warm_ups.append((length, unit, place))
            case "on" if "schedule" in path.lower():
                self.asked.scheduled[place] = self.asked.scheduled.get(place, 0) + 1
            case "train" if path.lower() == "self.train":
                self.asked.trainings.append(place)
            case "resolution=":
                found = [(one, place) for value in args if (one := _resolution(value))]
                self.asked.default_resolutions += (
                    found if path.lower().endswith("settings.resolution=") else []
                )
            case _:
                return None
        return NOTHING

    def _parameter(self, args: Sequence[Value]) -> Value:
        """A project parameter as LEAN gives it: a text, or of the default's type."""
        name = args[0].content if args else None
        default = args[1] if len(args) > 1 else NOTHING
        found = project_parameter(self._project, name) if isinstance(name, str) else None
        if found is None:
            return default
        text, place = found
        try:
            if isinstance(default.content, bool) or not isinstance(default.content, int | float):
                return Value(text, (place,))
            return Value(type(default.content)(text), (place,))
        except ValueError:
            return default

    def _note_resolution(self, args: Sequence[Value], named: dict[str, Value], place: Source) -> None:
        found = [(one, place) for value in (*args, *named.values()) if (one := _resolution(value))]
        self.asked.resolutions += found
        self.asked.unnamed_resolutions |= not found


def _in_order(args: Sequence[Value], named: dict[str, Value], order: Sequence[str]) -> list[Value]:
    """The arguments by position, then those by name in the parameters' order, whichever style names them."""
    by_name = {snake(name): value for name, value in named.items()}
    return [*args, *(by_name[name] for name in order if name in by_name)]


def snake(name: str) -> str:
    """LEAN's PascalCase in the style of its Python API: `AddEquity` is `add_equity`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _ticker(args: Sequence[Value], named: dict[str, Value]) -> str | None:
    """The first argument's ticker: a text, a security or symbol, or a member of LEAN's lists of tickers."""
    by_name = (named[key] for key in ("ticker", "symbol", "underlying") if key in named)
    value = args[0] if args else next(by_name, NOTHING)
    content = value.content
    if isinstance(content, str):
        return content.upper()
    if isinstance(content, Security):
        return content.ticker if content.ticker != "?" else None
    if isinstance(content, Opaque) and content.path.startswith("Futures.") and "(" not in content.path:
        return content.path
    return None


def _resolution(value: Value) -> Resolution | None:
    content = value.content
    if isinstance(content, Opaque) and content.path.lower().startswith("resolution."):
        name = content.path.rsplit(".", 1)[-1].lower()
        return Resolution(name) if name in {one.value for one in Resolution} else None
    return None


def _date(args: Sequence[Value]) -> date | None:
    contents = [value.content for value in args]
    if contents and isinstance(contents[0], date):
        return date(contents[0].year, contents[0].month, contents[0].day)
    numbers = [content for content in contents if isinstance(content, int)]
    if len(numbers) == 3:
        try:
            return date(*numbers)
        except (ValueError, OverflowError):
            return None
    return None
