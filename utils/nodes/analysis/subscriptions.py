"""Calls that subscribe to securities, option chains, single contracts and universes."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from utils.nodes.analysis.asked import Asked, Subscription
from utils.nodes.analysis.chains import count_expirations, filtered, set_filter
from utils.nodes.analysis.interpreter import Interpreter
from utils.nodes.analysis.naming import argument, in_order, resolution_of, snake
from utils.nodes.analysis.universes import CALLS, UNKNOWN_UNIVERSE, is_selection_model, selected
from utils.nodes.analysis.values import (
    NOTHING,
    UNKNOWN,
    Chain,
    Choice,
    Function,
    Instance,
    Opaque,
    Security,
    Universe,
    Value,
)
from utils.nodes.requirements import Source

_OPTIONS = {"add_option": "equity", "add_index_option": "index", "add_future_option": "future"}
_CONTRACTS = frozenset({"add_option_contract", "add_index_option_contract", "add_future_option_contract"})
_SECURITIES = {
    "add_equity": "equity",
    "add_index": "index",
    "add_forex": "forex",
    "add_cfd": "cfd",
    "add_crypto": "crypto",
    "add_crypto_future": "cryptofuture",
    "add_future": "future",
    "add_future_contract": "future contract",
    "add_security": "security",
    "add_data": "data",
}
_INDEX_OPTIONS = {"RUTW": "RUT", "SPXW": "SPX", "VIXW": "VIX", "NDXP": "NDX", "NQX": "NDX"}
"""Indices under the option tickers that differ from them (`IndexOptionSymbol.cs`)."""
FILTER = (
    "universe_func", "option_filter", "contracts", "contract_selector", "min_strike", "max_strike", "min",
    "min_expiry", "min_expiry_days", "max", "max_expiry", "max_expiry_days",
)  # fmt: skip
"""Parameters of an option filter's methods, in their order."""


class Subscriptions:
    """Notes subscriptions in `asked`."""

    def __init__(self, asked: Asked, followed: Interpreter) -> None:
        self._asked = asked
        self._followed = followed
        self._kept: list[object] = []
        """Unknown tickers: while they are kept, no other has their identity."""

    def call(self, name: str, args: Sequence[Value], named: dict[str, Value], place: Source) -> Value | None:
        """What a method of the algorithm returns that subscribes; None for any other."""
        if name in _SECURITIES:
            self._note_resolution(2 if name in {"add_security", "add_data"} else 1, args, named, place)
            return self._security(name, args, named, place)
        if name in _OPTIONS:
            if name != "add_future_option":  # it has its future's
                self._note_resolution(1, args, named, place)
            return self._option(_OPTIONS[name], args, named, place)
        if name in _CONTRACTS:
            self._note_resolution(1, args, named, place)
            return self._contract(args, named, place)
        if name in CALLS:
            return self._universe(args, named, place)
        if name == "add_universe_options":
            return self._universe_options(in_order(args, named, ("universe", "option_filter")), place)
        return None

    def of_security(self, security: Security, name: str, args: Sequence[Value], place: Source) -> Value:
        """A method of a subscribed security."""
        if name == "set_filter" and security.chain is not None:
            journal = self._followed.journal
            if security.kind == "future" and len(args) == 2:
                args = [Value(None), Value(None), *args]
            set_filter(journal, security.chain, args, place, self.apply)
            return Value(None)
        return NOTHING

    def apply(self, function: Value, args: Sequence[Value]) -> Value:
        """Call a function of the sources."""
        content = function.content
        return self._followed.call(content, args) if isinstance(content, Function) else NOTHING

    def future_contracts(self, security: Security) -> tuple[int, Source | None]:
        """Contracts that a future's filter adds to its continuous one, and how that was arrived at."""
        chain = security.chain
        filters = [one for one in chain.options if one is not None] if chain is not None else []
        if chain is None or not filters:
            return 0, None
        counted = [count_expirations(chain.ticker, one, monthly=True)[0] for one in filters]
        text = f"{max(counted)} contracts of {chain.ticker} in its filter, as if one expired each month"
        return max(counted), Source(text)

    # -- securities

    def _security(self, name: str, args: Sequence[Value], named: dict[str, Value], place: Source) -> Value:
        kind = _SECURITIES[name]
        order = ("symbol", "ticker")
        if kind in {"security", "data"} and len(in_order(args, named, ("security_type", "type", *order))) > 1:
            # add_security names its type first unless it gets a symbol, add_data its class.
            first = argument(args, named, 0, ("security_type", "type"))
            symbol = isinstance(first.content, Security) or (
                kind == "security" and resolution_of(argument(args, named, 1, ("resolution",))) is not None
            )
            if not symbol:
                kind = _kind(first, kind)
                args = args[1:] if "security_type" not in named and "type" not in named else args
        ticker = argument(args, named, 0, order)
        security = self._subscribed(kind, ticker, place)
        if kind == "future" and security.chain is None:
            security.chain = Chain(security.ticker or "?", 1, place)
        return Value(security)

    def _subscribed(self, kind: str, ticker: Value, place: Source, why: str = "") -> Security:
        """Note one security, unless it is noted already."""
        content = ticker.content
        if isinstance(content, Security):
            kind = content.kind if content.kind != "symbol" else kind
        key = self._key(kind, ticker, place)
        known = self._asked.securities.get(key)
        if known is not None:
            if content is UNKNOWN:
                known.times += self._followed.times
            return known.security
        security = content if isinstance(content, Security) else Security(ticker_of(ticker), kind)
        times = 1 if security.ticker else self._followed.times
        why = why or ("a loop of unknown length" if times > 1 else "")
        self._asked.securities[key] = Subscription(security, place, times, why, ticker.sources)
        return security

    def _key(self, kind: str, ticker: Value, place: Source) -> Hashable:
        content = ticker.content
        if isinstance(content, Security):
            for key, one in self._asked.securities.items():
                if one.security is content:
                    return key
            if content.ticker:
                return (content.kind if content.kind != "symbol" else kind, content.ticker)
        name = ticker_of(ticker)
        if name is not None:
            return (kind, name)
        if content is UNKNOWN:
            return ("place", place.file, place.line, kind)
        self._kept.append(content)
        return ("?", id(content))

    # -- options

    def _option(self, kind: str, args: Sequence[Value], named: dict[str, Value], place: Source) -> Value:
        underlying = argument(args, named, 0, ("underlying", "symbol", "ticker"))
        target = argument(args, named, 1, ("target_option",)).content
        name = ticker_of(underlying)
        if kind == "index" and name in _INDEX_OPTIONS and isinstance(underlying.content, str):
            target, name = name, _INDEX_OPTIONS[name]
            underlying = Value(name, underlying.sources, underlying.sure)
        subscribed = self._subscribed(
            kind, underlying, place, "underlyings of chains in a loop of unknown length"
        )
        times = 1 if name else self._followed.times
        if kind == "future":
            times *= max(1, self.future_contracts(subscribed)[0])
        own = target if isinstance(target, str) else name
        key = (self._key(kind, Value(subscribed), place), target if isinstance(target, str) else "")
        chain = self._chain(key, own, times, place, underlying)
        if kind == "future":
            given = in_order(args[1:], named, FILTER)[:1]
            chain.attributes["filter"] = Value(
                Choice((filtered(self._followed.journal, given, place, self.apply),))
            )
        return Value(Security(own, "option", chain))

    def _chain(self, key: Hashable, ticker: str | None, times: int, place: Source, reason: Value) -> Chain:
        if key in self._asked.chains:
            return self._asked.chains[key]
        chain = self._asked.chains[key] = Chain(ticker or "?", times, place)
        self._asked.chain_reasons[key] = reason.sources
        return chain

    def _contract(self, args: Sequence[Value], named: dict[str, Value], place: Source) -> Value:
        symbol = argument(args, named, 0, ("symbol",))
        content = symbol.content
        security = content if isinstance(content, Security) else Security(ticker_of(symbol), "contract")
        if security.ticker:
            key: Hashable = ("contract", security.ticker)
        elif content is UNKNOWN:
            key = ("place", place.file, place.line)
        else:
            self._kept.append(content)
            key = ("?", id(content))
        if key in self._asked.contracts:
            self._asked.contracts[key].times += self._followed.times if content is UNKNOWN else 0
        else:
            times = 1 if security.ticker else self._followed.times
            self._asked.contracts[key] = Subscription(security, place, times, "", symbol.sources)
        if security.kind == "contract" and security.underlying is not None:
            self._subscribed("equity", security.underlying, place)  # LEAN adds it
        return Value(security)

    # -- universes

    def _universe(self, args: Sequence[Value], named: dict[str, Value], place: Source) -> Value:
        self._asked.unnamed_resolutions = True
        given = [*args, *named.values()]
        universes = [one.content for one in given if isinstance(one.content, Universe)]
        functions = [one for one in given if isinstance(one.content, Function)]
        size, text = NOTHING, "a universe"
        if universes:
            size, text = universes[-1].size, universes[-1].text
        models = [one for one in given if isinstance(one.content, Instance) and one.content.definition]
        for model in models:
            functions += self._selectors(model)
        chosen = selected(functions, self.apply)
        if isinstance(chosen.content, int | float):
            size, text = chosen, "what its selection lets through"
        number = size.content
        known = isinstance(number, int | float) and 0 <= number <= 100_000
        count = int(number) if known and isinstance(number, int | float) else UNKNOWN_UNIVERSE
        security = Security(None, "universe")
        key = ("universe", place.file, place.line, place.text)
        why = f"{text}, of at most {count}" if known else text
        self._asked.securities[key] = Subscription(security, place, count, why, size.sources)
        return Value(Universe(Value(count, size.sources), text))

    def _selectors(self, model: Value) -> list[Value]:
        """The selecting methods of a selection model in the sources, the deciding one last."""
        assert isinstance(model.content, Instance)
        definition = model.content.definition
        if definition is None or not is_selection_model(self._followed.opaque_bases(definition)):
            return []
        names = ("select_coarse", "SelectCoarse", "select_fine", "SelectFine", "select", "Select")
        methods = [self._followed.method(model, name) for name in names]
        return [Value(one) for one in methods if one is not None]

    def _universe_options(self, given: Sequence[Value], place: Source) -> Value:
        """A chain for each member of a universe, or for one security."""
        what = given[0] if given else NOTHING
        times, text = UNKNOWN_UNIVERSE, "a universe"
        if isinstance(what.content, Security):
            times = 1
        elif isinstance(what.content, Universe):
            size = what.content.size.content
            times = size if isinstance(size, int) else UNKNOWN_UNIVERSE
            text = what.content.text
        key = ("universe options", place.file, place.line, place.text)
        name = what.content.ticker if isinstance(what.content, Security) else None
        reason = () if times == 1 else (Source(f"a chain for each of the {times} members of {text}"),)
        chain = self._chain(key, name, times, place, Value(None, (*reason, *what.sources)))
        chain.attributes["filter"] = Value(
            Choice((filtered(self._followed.journal, given[1:], place, self.apply),))
        )
        return NOTHING

    def _note_resolution(
        self, position: int, args: Sequence[Value], named: dict[str, Value], place: Source
    ) -> None:
        for value in (*args, *named.values()):
            if (found := resolution_of(value)) is not None:
                reasons = [one for one in value.sources if one != place] if not value.sure else []
                self._asked.resolutions += [(found, place), *((found, one) for one in reasons)]
                return
        given = {snake(name): value for name, value in named.items()}
        value = given.get("resolution", args[position] if len(args) > position else Value(None))
        if not value.told and not _other_argument(value):
            self._asked.note_unknown("resolution", place)
        self._asked.unnamed_resolutions = True


def ticker_of(value: Value) -> str | None:
    """A ticker: a text, a security's or symbol's, or a member of LEAN's lists of tickers."""
    content = value.content
    if isinstance(content, str):
        return content.upper()
    if isinstance(content, Security):
        return content.ticker
    if isinstance(content, Opaque) and content.path.startswith("Futures.") and "(" not in content.path:
        return content.path
    return None


def symbol_of(name: str, args: Sequence[Value], named: dict[str, Value]) -> Value:
    """What `Symbol.create` or `Symbol.create_option` makes."""
    ticker = argument(args, named, 0, ("ticker", "underlying_symbol", "underlying"))
    text = ticker_of(ticker)
    if name == "create":
        kind = _kind(argument(args, named, 1, ("security_type",)), "symbol")
        return Value(Security(text, kind), ticker.sources, ticker.sure)
    parts = [_shown(one) for one in (*args, *named.values())]
    whole = None if text is None or None in parts else " ".join(part for part in parts if part)
    return Value(Security(whole, "contract", underlying=ticker), ticker.sources, ticker.sure)


def _shown(value: Value) -> str | None:
    content = value.content
    if isinstance(content, Security):
        return content.ticker
    if isinstance(content, Opaque):
        return content.path.rsplit(".", 1)[-1].upper() if "(" not in content.path else None
    return str(content) if value.told else None


def _kind(value: Value, fallback: str) -> str:
    """The kind of security that a member of `SecurityType`, or a class of custom data, names."""
    path = value.content.path if isinstance(value.content, Opaque) else ""
    if path.startswith("SecurityType."):
        return path.rsplit(".", 1)[-1].lower().replace("_", "")
    return f"{fallback} {path}" if fallback == "data" else fallback


def _other_argument(value: Value) -> bool:
    """Whether a value that is not a resolution is known to be something else, such as a market."""
    return isinstance(value.content, Opaque) and value.content.path.startswith(("Market.", "TimeZones."))
