"""Strategies of one or two contracts of one expiry."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.option_strategies.definitions import OptionStrategyDefinitions as Known
from utils.engine.option_strategies.making import CALL, PUT, Strike, chain_of, inverted, strategy
from utils.engine.option_strategies.option_strategy import OptionStrategy

EXPORTS: dict[str, object] = {}  # seen as `OptionStrategies`


class PairStrategies(DotNet):
    """Naked options, vertical spreads, straddles, strangles and backspreads."""

    @staticmethod
    def naked_call(canonical_option: Any, strike: Strike, expiration: datetime) -> OptionStrategy:
        """Short a call."""
        chain = chain_of(canonical_option, "NakedCall", expiration)
        return strategy(Known.NAKED_CALL, chain, [(CALL, strike, -1, expiration)])

    @staticmethod
    def naked_put(canonical_option: Any, strike: Strike, expiration: datetime) -> OptionStrategy:
        """Short a put."""
        chain = chain_of(canonical_option, "NakedPut", expiration)
        return strategy(Known.NAKED_PUT, chain, [(PUT, strike, -1, expiration)])

    @staticmethod
    def bear_call_spread(
        canonical_option: Any, leg_1_strike: Strike, leg_2_strike: Strike, expiration: datetime
    ) -> OptionStrategy:
        """Short a call, long one of a higher strike."""
        chain = chain_of(canonical_option, "BearCallSpread", expiration)
        if exact(leg_1_strike) >= exact(leg_2_strike):
            raise ArgumentException("BearCallSpread: leg1Strike must be less than leg2Strike")
        legs = [(CALL, leg_1_strike, -1, expiration), (CALL, leg_2_strike, 1, expiration)]
        return strategy(Known.BEAR_CALL_SPREAD, chain, legs)

    @staticmethod
    def bear_put_spread(
        canonical_option: Any, leg_1_strike: Strike, leg_2_strike: Strike, expiration: datetime
    ) -> OptionStrategy:
        """Long a put, short one of a lower strike."""
        chain = chain_of(canonical_option, "BearPutSpread", expiration)
        if exact(leg_1_strike) <= exact(leg_2_strike):
            raise ArgumentException("BearPutSpread: leg1Strike must be greater than leg2Strike")
        legs = [(PUT, leg_1_strike, 1, expiration), (PUT, leg_2_strike, -1, expiration)]
        return strategy(Known.BEAR_PUT_SPREAD, chain, legs)

    @staticmethod
    def bull_call_spread(
        canonical_option: Any, leg_1_strike: Strike, leg_2_strike: Strike, expiration: datetime
    ) -> OptionStrategy:
        """Long a call, short one of a higher strike."""
        chain = chain_of(canonical_option, "BullCallSpread", expiration)
        if exact(leg_1_strike) >= exact(leg_2_strike):
            raise ArgumentException("BullCallSpread: leg1Strike must be less than leg2Strike")
        legs = [(CALL, leg_1_strike, 1, expiration), (CALL, leg_2_strike, -1, expiration)]
        return strategy(Known.BULL_CALL_SPREAD, chain, legs)

    @staticmethod
    def bull_put_spread(
        canonical_option: Any, leg_1_strike: Strike, leg_2_strike: Strike, expiration: datetime
    ) -> OptionStrategy:
        """Short a put, long one of a lower strike."""
        chain = chain_of(canonical_option, "BullPutSpread", expiration)
        if exact(leg_1_strike) <= exact(leg_2_strike):
            raise ArgumentException("BullPutSpread: leg1Strike must be greater than leg2Strike")
        legs = [(PUT, leg_1_strike, -1, expiration), (PUT, leg_2_strike, 1, expiration)]
        return strategy(Known.BULL_PUT_SPREAD, chain, legs)

    @staticmethod
    def straddle(canonical_option: Any, strike: Strike, expiration: datetime) -> OptionStrategy:
        """Long a call and the put of its strike."""
        chain = chain_of(canonical_option, "Straddle", expiration)
        return strategy(Known.STRADDLE, chain, [(CALL, strike, 1, expiration), (PUT, strike, 1, expiration)])

    @staticmethod
    def short_straddle(canonical_option: Any, strike: Strike, expiration: datetime) -> OptionStrategy:
        """Short a call and the put of its strike."""
        return inverted(PairStrategies.straddle(canonical_option, strike, expiration), Known.SHORT_STRADDLE)

    @staticmethod
    def strangle(
        canonical_option: Any, call_leg_strike: Strike, put_leg_strike: Strike, expiration: datetime
    ) -> OptionStrategy:
        """Long a call and a put of a lower strike."""
        chain = chain_of(canonical_option, "Strangle", expiration)
        if exact(call_leg_strike) <= exact(put_leg_strike):
            raise ArgumentException("Strangle: callLegStrike must be greater than putLegStrike")
        legs = [(CALL, call_leg_strike, 1, expiration), (PUT, put_leg_strike, 1, expiration)]
        return strategy(Known.STRANGLE, chain, legs)

    @staticmethod
    def short_strangle(
        canonical_option: Any, call_leg_strike: Strike, put_leg_strike: Strike, expiration: datetime
    ) -> OptionStrategy:
        """Short a call and a put of a lower strike."""
        strangle = PairStrategies.strangle(canonical_option, call_leg_strike, put_leg_strike, expiration)
        return inverted(strangle, Known.SHORT_STRANGLE)

    @staticmethod
    def call_backspread(
        canonical_option: Any, lower_strike: Strike, higher_strike: Strike, expiration: datetime
    ) -> OptionStrategy:
        """Short a call, long two of a higher strike."""
        chain = chain_of(canonical_option, "CallBackspread", expiration)
        if exact(lower_strike) >= exact(higher_strike):
            raise ArgumentException("CallBackspread: strike prices must be in ascending order")
        legs = [(CALL, lower_strike, -1, expiration), (CALL, higher_strike, 2, expiration)]
        return strategy(Known.CALL_BACKSPREAD, chain, legs)

    @staticmethod
    def put_backspread(
        canonical_option: Any, higher_strike: Strike, lower_strike: Strike, expiration: datetime
    ) -> OptionStrategy:
        """Short a put, long two of a lower strike."""
        chain = chain_of(canonical_option, "PutBackspread", expiration)
        if exact(higher_strike) <= exact(lower_strike):
            raise ArgumentException("PutBackspread: strike prices must be in descending order")
        legs = [(PUT, higher_strike, -1, expiration), (PUT, lower_strike, 2, expiration)]
        return strategy(Known.PUT_BACKSPREAD, chain, legs)

    @staticmethod
    def short_call_backspread(
        canonical_option: Any, lower_strike: Strike, higher_strike: Strike, expiration: datetime
    ) -> OptionStrategy:
        """Long a call, short two of a higher strike."""
        backspread = PairStrategies.call_backspread(canonical_option, lower_strike, higher_strike, expiration)
        return inverted(backspread, Known.SHORT_CALL_BACKSPREAD)

    @staticmethod
    def short_put_backspread(
        canonical_option: Any, higher_strike: Strike, lower_strike: Strike, expiration: datetime
    ) -> OptionStrategy:
        """Long a put, short two of a lower strike."""
        backspread = PairStrategies.put_backspread(canonical_option, higher_strike, lower_strike, expiration)
        return inverted(backspread, Known.SHORT_PUT_BACKSPREAD)
