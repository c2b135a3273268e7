"""Strategies with the underlying."""

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


class CoveredStrategies(DotNet):
    """A lot of the underlying and one or two options."""

    @staticmethod
    def covered_call(canonical_option: Any, strike: Strike, expiration: datetime) -> OptionStrategy:
        """Long a lot of the underlying, short a call."""
        chain = chain_of(canonical_option, "CoveredCall", expiration)
        return strategy(Known.COVERED_CALL, chain, [(CALL, strike, -1, expiration)], lots=1)

    @staticmethod
    def protective_call(canonical_option: Any, strike: Strike, expiration: datetime) -> OptionStrategy:
        """Short a lot of the underlying, long a call."""
        covered = CoveredStrategies.covered_call(canonical_option, strike, expiration)
        return inverted(covered, Known.PROTECTIVE_CALL)

    @staticmethod
    def covered_put(canonical_option: Any, strike: Strike, expiration: datetime) -> OptionStrategy:
        """Short a lot of the underlying, short a put."""
        chain = chain_of(canonical_option, "CoveredPut", expiration)
        return strategy(Known.COVERED_PUT, chain, [(PUT, strike, -1, expiration)], lots=-1)

    @staticmethod
    def protective_put(canonical_option: Any, strike: Strike, expiration: datetime) -> OptionStrategy:
        """Long a lot of the underlying, long a put."""
        covered = CoveredStrategies.covered_put(canonical_option, strike, expiration)
        return inverted(covered, Known.PROTECTIVE_PUT)

    @staticmethod
    def protective_collar(
        canonical_option: Any, call_strike: Strike, put_strike: Strike, expiration: datetime
    ) -> OptionStrategy:
        """Long a lot of the underlying, short a call, long a put at or below its strike."""
        if exact(call_strike) < exact(put_strike):
            raise ArgumentException("ProtectiveCollar: callStrike must be greater than putStrike")
        chain = chain_of(canonical_option, "CoveredCall", expiration)
        legs = [(CALL, call_strike, -1, expiration), (PUT, put_strike, 1, expiration)]
        return strategy(Known.PROTECTIVE_COLLAR, chain, legs, lots=1)

    @staticmethod
    def conversion(canonical_option: Any, strike: Strike, expiration: datetime) -> OptionStrategy:
        """Long a lot of the underlying, short a call, long the put of its strike."""
        collar = CoveredStrategies.protective_collar(canonical_option, strike, strike, expiration)
        collar.name = Known.CONVERSION.name
        return collar

    @staticmethod
    def reverse_conversion(canonical_option: Any, strike: Strike, expiration: datetime) -> OptionStrategy:
        """Short a lot of the underlying, long a call, short the put of its strike."""
        conversion = CoveredStrategies.conversion(canonical_option, strike, expiration)
        return inverted(conversion, Known.REVERSE_CONVERSION)
