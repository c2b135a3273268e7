"""Strategies of three strikes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import exact
from utils.engine.dotnet.naming import DotNet
from utils.engine.enums import OptionRight
from utils.engine.option_strategies.definition import OptionStrategyDefinition
from utils.engine.option_strategies.definitions import OptionStrategyDefinitions as Known
from utils.engine.option_strategies.making import CALL, PUT, Strike, chain_of, inverted, strategy
from utils.engine.option_strategies.option_strategy import OptionStrategy

EXPORTS: dict[str, object] = {}  # seen as `OptionStrategies`


class ThreeLegStrategies(DotNet):
    """Butterflies and ladders."""

    @staticmethod
    def call_butterfly(
        canonical_option: Any,
        higher_strike: Strike,
        middle_strike: Strike,
        lower_strike: Strike,
        expiration: datetime,
    ) -> OptionStrategy:
        """Short two calls, long one as far above and one as far below."""
        terms = (canonical_option, higher_strike, middle_strike, lower_strike, expiration)
        return _butterfly(Known.BUTTERFLY_CALL, CALL, *terms)

    butterfly_call = call_butterfly

    @staticmethod
    def short_butterfly_call(
        canonical_option: Any,
        higher_strike: Strike,
        middle_strike: Strike,
        lower_strike: Strike,
        expiration: datetime,
    ) -> OptionStrategy:
        """Long two calls, short one as far above and one as far below."""
        terms = (canonical_option, higher_strike, middle_strike, lower_strike, expiration)
        return inverted(ThreeLegStrategies.call_butterfly(*terms), Known.SHORT_BUTTERFLY_CALL)

    @staticmethod
    def put_butterfly(
        canonical_option: Any,
        higher_strike: Strike,
        middle_strike: Strike,
        lower_strike: Strike,
        expiration: datetime,
    ) -> OptionStrategy:
        """Short two puts, long one as far above and one as far below."""
        terms = (canonical_option, higher_strike, middle_strike, lower_strike, expiration)
        return _butterfly(Known.BUTTERFLY_PUT, PUT, *terms)

    butterfly_put = put_butterfly

    @staticmethod
    def short_butterfly_put(
        canonical_option: Any,
        higher_strike: Strike,
        middle_strike: Strike,
        lower_strike: Strike,
        expiration: datetime,
    ) -> OptionStrategy:
        """Long two puts, short one as far above and one as far below."""
        terms = (canonical_option, higher_strike, middle_strike, lower_strike, expiration)
        return inverted(ThreeLegStrategies.put_butterfly(*terms), Known.SHORT_BUTTERFLY_PUT)

    @staticmethod
    def bear_call_ladder(
        canonical_option: Any,
        lower_strike: Strike,
        middle_strike: Strike,
        higher_strike: Strike,
        expiration: datetime,
    ) -> OptionStrategy:
        """Short a call, long two of higher strikes."""
        chain = chain_of(canonical_option, "BearCallLadder", expiration)
        if not exact(lower_strike) < exact(middle_strike) < exact(higher_strike):
            raise ArgumentException("BearCallLadder: strike prices must be in ascending order")
        legs = [
            (CALL, lower_strike, -1, expiration),
            (CALL, middle_strike, 1, expiration),
            (CALL, higher_strike, 1, expiration),
        ]
        return strategy(Known.BEAR_CALL_LADDER, chain, legs)

    @staticmethod
    def bear_put_ladder(
        canonical_option: Any,
        higher_strike: Strike,
        middle_strike: Strike,
        lower_strike: Strike,
        expiration: datetime,
    ) -> OptionStrategy:
        """Long a put, short two of lower strikes."""
        chain = chain_of(canonical_option, "BearPutLadder", expiration)
        if not exact(higher_strike) > exact(middle_strike) > exact(lower_strike):
            raise ArgumentException("BearPutLadder: strike prices must be in descending order")
        legs = [
            (PUT, higher_strike, 1, expiration),
            (PUT, middle_strike, -1, expiration),
            (PUT, lower_strike, -1, expiration),
        ]
        return strategy(Known.BEAR_PUT_LADDER, chain, legs)

    @staticmethod
    def bull_call_ladder(
        canonical_option: Any,
        lower_strike: Strike,
        middle_strike: Strike,
        higher_strike: Strike,
        expiration: datetime,
    ) -> OptionStrategy:
        """Long a call, short two of higher strikes."""
        terms = (canonical_option, lower_strike, middle_strike, higher_strike, expiration)
        return inverted(ThreeLegStrategies.bear_call_ladder(*terms), Known.BULL_CALL_LADDER)

    @staticmethod
    def bull_put_ladder(
        canonical_option: Any,
        higher_strike: Strike,
        middle_strike: Strike,
        lower_strike: Strike,
        expiration: datetime,
    ) -> OptionStrategy:
        """Short a put, long two of lower strikes."""
        terms = (canonical_option, higher_strike, middle_strike, lower_strike, expiration)
        return inverted(ThreeLegStrategies.bear_put_ladder(*terms), Known.BULL_PUT_LADDER)


def _butterfly(
    known: OptionStrategyDefinition,
    right: OptionRight,
    canonical_option: Any,
    higher_strike: Strike,
    middle_strike: Strike,
    lower_strike: Strike,
    expiration: datetime,
) -> OptionStrategy:
    chain = chain_of(canonical_option, f"{right}Butterfly", expiration)
    higher, middle, lower = exact(higher_strike), exact(middle_strike), exact(lower_strike)
    if higher <= middle or higher - middle != middle - lower:
        raise ArgumentException(
            f"Butterfly{right}: upper and lower strikes must both be equidistant from the middle strike"
        )
    legs = [(right, higher, 1, expiration), (right, middle, -2, expiration), (right, lower, 1, expiration)]
    return strategy(known, chain, legs)
