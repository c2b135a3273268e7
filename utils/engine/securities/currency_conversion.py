"""What a unit of a currency is worth in another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from utils.engine.dotnet.money import ONE, ZERO
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import read_only_float_of
from utils.engine.errors import AlgorithmError
from utils.engine.securities.currencies import is_inverse


class _Surface(DotNet):
    """What algorithms see of a conversion."""

    conversion_rate = read_only_float_of("exact_rate")

    @property
    def conversion_rate_securities(self) -> list[Any]:
        """The securities whose prices give the rate."""
        return list(self.securities)


class ConstantConversion(_Surface):
    """A rate that is set by hand; None as destination while nothing is known of it."""

    def __init__(self, destination: str | None, rate: Decimal) -> None:
        self.destination_currency = destination
        self.exact_rate = rate

    @property
    def securities(self) -> tuple[Any, ...]:
        """No security gives the rate."""
        return ()


class SecurityConversion(_Surface):
    """A rate that follows the prices of one pair or two.

    Attributes:
        steps: each a security and whether its price is divided by.
    """

    def __init__(self, destination: str, steps: tuple[tuple[Any, bool], ...]) -> None:
        self.destination_currency: str | None = destination
        self.steps = steps
        self._override: tuple[Decimal, tuple[Any, ...]] | None = None

    def _prices(self) -> tuple[Decimal, ...]:
        return tuple(security.cache.exact_last_price for security, _inverted in self.steps)

    @property
    def exact_rate(self) -> Decimal:
        """The rate; zero while a pair has no price."""
        prices = self._prices()
        if self._override is not None:
            if self._override[1] == prices:
                return self._override[0]
            self._override = None
        rate = ONE
        for (_security, inverted), price in zip(self.steps, prices, strict=True):
            if not price:
                return ZERO
            rate = rate / price if inverted else rate * price
        return rate

    @exact_rate.setter
    def exact_rate(self, value: Decimal) -> None:
        """Hold until a price changes."""
        self._override = (value, self._prices())

    @property
    def securities(self) -> tuple[Any, ...]:
        """What gives the rate."""
        return tuple(security for security, _inverted in self.steps)


Pair = tuple[str, str]


def find_conversion(
    source: str,
    destination: str,
    existing: Mapping[Any, Any],
    potential: Iterable[tuple[Any, Pair]],
    pair_of: Callable[[Any], Pair],
    make: Callable[[Any], Any],
) -> SecurityConversion:
    """A conversion over one pair, else two; existing securities first, then what the market has.

    Args:
        existing: securities by symbol.
        potential: ticker, kind and market of pairs, with their base and quote currency.
        make: subscribes to a symbol that is not there yet.

    Raises:
        AlgorithmError: there is no way in two steps.
    """
    pairs = [(symbol, pair_of(symbol), symbol.id.market) for symbol in existing]
    pairs += [(terms, pair, terms[2]) for terms, pair in potential]

    def step(symbol: Any, inverted: bool) -> tuple[Any, bool]:
        security = existing.get(symbol)
        return (security if security is not None else make(symbol), inverted)

    for symbol, pair, market in pairs:
        inverted = is_inverse(pair, (source, destination), market)
        if inverted is not None:
            return SecurityConversion(destination, (step(symbol, inverted),))
    for first, pair, _market in pairs:
        if source not in pair:
            continue
        middle = pair[1] if pair[0] == source else pair[0]
        for second, other, market in pairs:
            inverted = is_inverse(other, (middle, destination), market)
            if inverted is not None:
                steps = (step(first, pair[1] == source), step(second, inverted))
                return SecurityConversion(destination, steps)
    raise AlgorithmError(
        f"No conversion path found between source currency {source} and destination currency {destination}"
    )
