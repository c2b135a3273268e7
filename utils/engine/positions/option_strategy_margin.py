"""What option strategies tie up, after the rules of US brokers as LEAN has them (Interactive Brokers')."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

from utils.engine.dotnet.exceptions import NotImplementedException
from utils.engine.dotnet.money import ONE, ZERO
from utils.engine.enums import OptionRight
from utils.engine.models.buying_power.buying_power_model import exact_of
from utils.engine.models.buying_power.parameters import InitialMargin, OptionInitialMargin
from utils.engine.option_strategies.definition import OptionStrategyDefinition
from utils.engine.option_strategies.definitions import OptionStrategyDefinitions as Known
from utils.engine.positions.strategy_positions import Held, StrategyPositions

Margin = Callable[[StrategyPositions], Decimal]

CALL, PUT = OptionRight.CALL, OptionRight.PUT

_TENTH: Final = Decimal("0.1")
_QUARTER: Final = Decimal("0.25")
# Of a box: closing costs as commissions a contract, at least; and a margin of safety.
_COMMISSION, _LEAST_COMMISSION, _SAFETY = Decimal("0.65"), ONE, Decimal("1.02")
# What LEAN found Interactive Brokers to ask of a covered call beyond the stock's margin.
_OF_COVERED_CALL: Final = Decimal("0.8")


def maintenance_margin_of(strategy: str, held: StrategyPositions) -> Decimal:
    """Margin to keep a strategy, in the account's currency.

    Raises:
        NotImplementedException: the strategy's margin is not modelled, as in LEAN.
    """
    return _formula(_MAINTENANCE, strategy)(held)


def initial_margin_of(strategy: str, held: StrategyPositions) -> InitialMargin:
    """Margin to open a strategy, in the account's currency, and its premium.

    Raises:
        NotImplementedException: the strategy's margin is not modelled, as in LEAN.
    """
    if strategy in (Known.NAKED_CALL.name, Known.NAKED_PUT.name):
        margin = held.option().initial()
        if isinstance(margin, OptionInitialMargin):
            return OptionInitialMargin(abs(margin.exact_value_without_premium), margin.exact_premium)
        return margin
    value = _formula(_INITIAL, strategy)(held)
    premium = sum((option.value() for option in held.options), ZERO)
    return OptionInitialMargin(value, premium)


def _formula(formulas: dict[str, Margin], strategy: str) -> Margin:
    found = formulas.get(strategy)
    if found is None:
        raise NotImplementedException(f"Option strategy {strategy} margin modeling has yet to be implemented")
    return found


# With the underlying


def _protective(held: StrategyPositions) -> Decimal:
    option, shares = held.option(), held.underlying
    out = option.out_of_the_money(shares) * option.units
    least = _TENTH * option.strike * option.units + out
    return held.in_account_currency(min(least, abs(shares.maintenance())), option)


def _covered_call(held: StrategyPositions) -> Decimal:
    option, shares = held.option(), held.underlying
    in_the_money = option.in_the_money(shares) * option.units
    strike = option.security.exact_scaled_strike_price
    at_strike = shares.maintenance_at(shares.value(min(shares.security.exact_price, strike)))
    now = shares.maintenance_at(shares.value())
    second = min(shares.value(), max(option.value(), now))
    return held.in_account_currency(max(in_the_money + at_strike, second), option)


def _covered_put(held: StrategyPositions) -> Decimal:
    return _stock_and_in_the_money(held, held.option())


def _stock_and_in_the_money(held: StrategyPositions, option: Held) -> Decimal:
    shares = held.underlying
    in_the_money = option.in_the_money(shares) * option.units
    return held.in_account_currency(abs(exact_of(shares.initial())) + in_the_money, option)


def _collar(held: StrategyPositions) -> Decimal:
    put, call, shares = held.option(right=PUT), held.option(right=CALL), held.underlying
    of_put = _TENTH * put.strike + put.out_of_the_money(shares)
    return held.in_account_currency(min(of_put, _QUARTER * call.strike) * put.units, shares)


def _conversion(right: OptionRight) -> Margin:
    def margin(held: StrategyPositions) -> Decimal:
        option, shares = held.option(right=right), held.underlying
        per_unit = _TENTH * option.strike + option.in_the_money(shares)
        return held.in_account_currency(per_unit * option.units, shares)

    return margin


def _stock(held: StrategyPositions) -> Decimal:
    shares = held.underlying
    return held.in_account_currency(abs(exact_of(shares.initial())), shares)


def _covered_call_initial(held: StrategyPositions) -> Decimal:
    option = held.option()
    value = abs(option.value()) * _OF_COVERED_CALL + exact_of(held.underlying.initial())
    return held.in_account_currency(value, option)


# Short contracts by themselves


def _short_alone(held: StrategyPositions) -> Decimal:
    return held.option(short=True).maintenance()


def _short_alone_initial(held: StrategyPositions) -> Decimal:
    return abs(exact_of(held.option(short=True).initial()))


def _naked(held: StrategyPositions) -> Decimal:
    return held.option().maintenance()


def _short_pair(margin_of: Callable[[Held], Decimal]) -> Margin:
    """The larger of both margins and the other side's worth."""

    def margin(held: StrategyPositions) -> Decimal:
        call, put = held.option(right=CALL), held.option(right=PUT)
        of_call, of_put = abs(margin_of(call)), abs(margin_of(put))
        larger, other = (of_put, call) if of_put > of_call else (of_call, put)
        price: Decimal = other.security.exact_price
        return larger + price * other.units

    return margin


def _jelly_roll(held: StrategyPositions) -> Decimal:
    last = max(option.expiry for option in held.options)
    short = next(option for option in held.options if option.quantity < 0 and option.expiry == last)
    return abs(short.maintenance())


# Spreads


def _width(right: OptionRight) -> Margin:
    """What a spread of calls or of puts can lose at most; nothing when it was paid for."""

    def margin(held: StrategyPositions) -> Decimal:
        return _loss_of_spread(held, held.options, right)

    return margin


def _loss_of_spread(held: StrategyPositions, options: Iterable[Held], right: OptionRight) -> Decimal:
    own = [option for option in options if option.right == right]
    long = next(option for option in own if option.quantity > 0)
    short = next(option for option in own if option.quantity < 0)
    width = long.strike - short.strike if right == CALL else short.strike - long.strike
    unit = long.units / long.size
    return held.in_account_currency(max(width * unit * abs(held.quantity), ZERO), long)


def _butterfly(held: StrategyPositions) -> Decimal:
    low, middle = sorted(held.options, key=lambda option: option.strike)[:2]
    unit = low.units / low.size
    return held.in_account_currency(max((middle.strike - low.strike) * unit * abs(held.quantity), ZERO), low)


def _box(held: StrategyPositions) -> Decimal:
    long_call, short_call = held.option(right=CALL, short=False), held.option(right=CALL, short=True)
    long_put, short_put = held.option(right=PUT, short=False), held.option(right=PUT, short=True)
    commissions = max(long_call.size * _COMMISSION, _LEAST_COMMISSION) * 4
    spread = (
        short_call.security.exact_ask_price
        - long_call.security.exact_bid_price
        + short_put.security.exact_ask_price
        - long_put.security.exact_bid_price
    )
    to_close = commissions + spread * long_call.units
    width = long_call.strike - short_call.strike
    return held.in_account_currency(max(_SAFETY * to_close, width * long_call.units), long_call)


def _ladder(right: OptionRight, *, is_bought: bool) -> Margin:
    """A spread of the two strikes nearest the money and one contract more: long, or short by itself."""

    def margin(held: StrategyPositions) -> Decimal:
        by_strike = sorted(held.options, key=lambda option: option.strike, reverse=right == PUT)
        if (held.quantity >= 0) == is_bought:
            return _loss_of_spread(held, by_strike[:2], right)
        return abs(exact_of(by_strike[-1].initial()))

    return margin


def _nothing(_held: StrategyPositions) -> Decimal:
    return ZERO


def _by_name(rows: dict[Margin, tuple[OptionStrategyDefinition, ...]]) -> dict[str, Margin]:
    return {one.name: formula for formula, strategies in rows.items() for one in strategies}


_BOTH: Final[dict[Margin, tuple[OptionStrategyDefinition, ...]]] = {
    _covered_put: (Known.COVERED_PUT,),
    _width(CALL): (Known.BEAR_CALL_SPREAD, Known.BULL_CALL_SPREAD),
    _width(PUT): (
        Known.BEAR_PUT_SPREAD,
        Known.BULL_PUT_SPREAD,
        Known.IRON_CONDOR,
        Known.IRON_BUTTERFLY,
        Known.SHORT_IRON_CONDOR,
        Known.SHORT_IRON_BUTTERFLY,
    ),
    _butterfly: (Known.SHORT_BUTTERFLY_CALL, Known.SHORT_BUTTERFLY_PUT),
    _nothing: (
        Known.CALL_CALENDAR_SPREAD,
        Known.PUT_CALENDAR_SPREAD,
        Known.STRADDLE,
        Known.STRANGLE,
        Known.BUTTERFLY_CALL,
        Known.BUTTERFLY_PUT,
        Known.BOX_SPREAD,
    ),
    _box: (Known.SHORT_BOX_SPREAD,),
    _jelly_roll: (Known.JELLY_ROLL, Known.SHORT_JELLY_ROLL),
    _ladder(CALL, is_bought=True): (Known.BEAR_CALL_LADDER,),
    _ladder(CALL, is_bought=False): (Known.BULL_CALL_LADDER,),
    _ladder(PUT, is_bought=True): (Known.BULL_PUT_LADDER,),
    _ladder(PUT, is_bought=False): (Known.BEAR_PUT_LADDER,),
}
_MAINTENANCE: Final = _by_name(
    _BOTH
    | {
        _protective: (Known.PROTECTIVE_PUT, Known.PROTECTIVE_CALL),
        _covered_call: (Known.COVERED_CALL,),
        _collar: (Known.PROTECTIVE_COLLAR,),
        _conversion(CALL): (Known.CONVERSION,),
        _conversion(PUT): (Known.REVERSE_CONVERSION,),
        _naked: (Known.NAKED_CALL, Known.NAKED_PUT),
        _short_alone: (Known.SHORT_CALL_CALENDAR_SPREAD, Known.SHORT_PUT_CALENDAR_SPREAD),
        _short_pair(Held.maintenance): (Known.SHORT_STRADDLE, Known.SHORT_STRANGLE),
    }
)
_INITIAL: Final = _by_name(
    _BOTH
    | {
        _stock: (Known.PROTECTIVE_PUT, Known.PROTECTIVE_CALL),
        _covered_call_initial: (Known.COVERED_CALL,),
        lambda held: _stock_and_in_the_money(held, held.option(right=CALL)): (
            Known.PROTECTIVE_COLLAR,
            Known.CONVERSION,
        ),
        lambda held: _stock_and_in_the_money(held, held.option(right=PUT)): (Known.REVERSE_CONVERSION,),
        _short_alone_initial: (Known.SHORT_CALL_CALENDAR_SPREAD, Known.SHORT_PUT_CALENDAR_SPREAD),
        _short_pair(lambda option: exact_of(option.initial())): (
            Known.SHORT_STRADDLE,
            Known.SHORT_STRANGLE,
        ),
    }
)
