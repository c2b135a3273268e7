"""Makes strategies of strikes and expiries."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.dotnet.money import exact
from utils.engine.option_strategies.covered_strategies import CoveredStrategies
from utils.engine.option_strategies.definition import OptionStrategyDefinition
from utils.engine.option_strategies.definitions import OptionStrategyDefinitions as Known
from utils.engine.option_strategies.making import CALL, PUT, Strike, chain_of, inverted, strategy
from utils.engine.option_strategies.option_strategy import OptionStrategy
from utils.engine.option_strategies.pair_strategies import PairStrategies
from utils.engine.option_strategies.three_leg_strategies import ThreeLegStrategies


class OptionStrategies(CoveredStrategies, PairStrategies, ThreeLegStrategies):
    """Strategies by their names; `canonical_option` is the symbol that stands for a chain.

    All raise ArgumentException for a symbol that is no chain's, and for strikes or expiries in a wrong order.
    """

    # Two expiries

    @staticmethod
    def call_calendar_spread(
        canonical_option: Any, strike: Strike, near_expiration: datetime, far_expiration: datetime
    ) -> OptionStrategy:
        """Short a call, long a later one of its strike."""
        terms = (canonical_option, strike, near_expiration, far_expiration)
        return _calendar(Known.CALL_CALENDAR_SPREAD, "CallCalendarSpread", [(CALL, -1)], *terms)

    @staticmethod
    def short_call_calendar_spread(
        canonical_option: Any, strike: Strike, near_expiration: datetime, far_expiration: datetime
    ) -> OptionStrategy:
        """Long a call, short a later one of its strike."""
        terms = (canonical_option, strike, near_expiration, far_expiration)
        return inverted(OptionStrategies.call_calendar_spread(*terms), Known.SHORT_CALL_CALENDAR_SPREAD)

    @staticmethod
    def put_calendar_spread(
        canonical_option: Any, strike: Strike, near_expiration: datetime, far_expiration: datetime
    ) -> OptionStrategy:
        """Short a put, long a later one of its strike."""
        terms = (canonical_option, strike, near_expiration, far_expiration)
        return _calendar(Known.PUT_CALENDAR_SPREAD, "PutCalendarSpread", [(PUT, -1)], *terms)

    @staticmethod
    def short_put_calendar_spread(
        canonical_option: Any, strike: Strike, near_expiration: datetime, far_expiration: datetime
    ) -> OptionStrategy:
        """Long a put, short a later one of its strike."""
        terms = (canonical_option, strike, near_expiration, far_expiration)
        return inverted(OptionStrategies.put_calendar_spread(*terms), Known.SHORT_PUT_CALENDAR_SPREAD)

    @staticmethod
    def jelly_roll(
        canonical_option: Any, strike: Strike, near_expiration: datetime, far_expiration: datetime
    ) -> OptionStrategy:
        """A call calendar spread and a short put calendar spread of one strike."""
        terms = (canonical_option, strike, near_expiration, far_expiration)
        return _calendar(Known.JELLY_ROLL, "CallCalendarSpread", [(CALL, -1), (PUT, 1)], *terms)

    @staticmethod
    def short_jelly_roll(
        canonical_option: Any, strike: Strike, near_expiration: datetime, far_expiration: datetime
    ) -> OptionStrategy:
        """A short call calendar spread and a put calendar spread of one strike."""
        terms = (canonical_option, strike, near_expiration, far_expiration)
        return inverted(OptionStrategies.jelly_roll(*terms), Known.SHORT_JELLY_ROLL)

    # Four legs of one expiry

    @staticmethod
    def iron_condor(
        canonical_option: Any,
        long_put_strike: Strike,
        short_put_strike: Strike,
        short_call_strike: Strike,
        long_call_strike: Strike,
        expiration: datetime,
    ) -> OptionStrategy:
        """Short a put and a call, long a put below and a call above them."""
        chain = chain_of(canonical_option, "IronCondor", expiration)
        wing_below, put, call, wing_above = (
            exact(one) for one in (long_put_strike, short_put_strike, short_call_strike, long_call_strike)
        )
        if not wing_below < put <= call < wing_above:
            raise ArgumentException("IronCondor: strike prices must be in ascending order")
        legs = [
            (PUT, wing_below, 1, expiration),
            (PUT, put, -1, expiration),
            (CALL, call, -1, expiration),
            (CALL, wing_above, 1, expiration),
        ]
        return strategy(Known.IRON_CONDOR, chain, legs)

    @staticmethod
    def short_iron_condor(
        canonical_option: Any,
        short_put_strike: Strike,
        long_put_strike: Strike,
        long_call_strike: Strike,
        short_call_strike: Strike,
        expiration: datetime,
    ) -> OptionStrategy:
        """Long a put and a call, short a put below and a call above them."""
        strikes = (short_put_strike, long_put_strike, long_call_strike, short_call_strike)
        condor = OptionStrategies.iron_condor(canonical_option, *strikes, expiration)
        return inverted(condor, Known.SHORT_IRON_CONDOR)

    @staticmethod
    def iron_butterfly(
        canonical_option: Any,
        otm_put_strike: Strike,
        atm_strike: Strike,
        otm_call_strike: Strike,
        expiration: datetime,
    ) -> OptionStrategy:
        """Short a put and a call of one strike, long a put as far below as a call above."""
        if exact(atm_strike) - exact(otm_put_strike) != exact(otm_call_strike) - exact(atm_strike):
            raise ArgumentException("IronButterfly: intervals between exercise prices must be equal")
        strikes = (otm_put_strike, atm_strike, atm_strike, otm_call_strike)
        condor = OptionStrategies.iron_condor(canonical_option, *strikes, expiration)
        condor.name = Known.IRON_BUTTERFLY.name
        return condor

    @staticmethod
    def short_iron_butterfly(
        canonical_option: Any,
        otm_put_strike: Strike,
        atm_strike: Strike,
        otm_call_strike: Strike,
        expiration: datetime,
    ) -> OptionStrategy:
        """Long a put and a call of one strike, short a put as far below as a call above."""
        terms = (canonical_option, otm_put_strike, atm_strike, otm_call_strike, expiration)
        return inverted(OptionStrategies.iron_butterfly(*terms), Known.SHORT_IRON_BUTTERFLY)

    @staticmethod
    def box_spread(
        canonical_option: Any, higher_strike: Strike, lower_strike: Strike, expiration: datetime
    ) -> OptionStrategy:
        """A bear put spread and a bull call spread of the same strikes."""
        if exact(higher_strike) <= exact(lower_strike):
            raise ArgumentException("BoxSpread: strike prices must be in descending order")
        chain = chain_of(canonical_option, "BearPutSpread", expiration)
        legs = [
            (PUT, higher_strike, 1, expiration),
            (PUT, lower_strike, -1, expiration),
            (CALL, lower_strike, 1, expiration),
            (CALL, higher_strike, -1, expiration),
        ]
        return strategy(Known.BOX_SPREAD, chain, legs)

    @staticmethod
    def short_box_spread(
        canonical_option: Any, higher_strike: Strike, lower_strike: Strike, expiration: datetime
    ) -> OptionStrategy:
        """A bull put spread and a bear call spread of the same strikes."""
        box = OptionStrategies.box_spread(canonical_option, higher_strike, lower_strike, expiration)
        return inverted(box, Known.SHORT_BOX_SPREAD)


def _calendar(
    known: OptionStrategyDefinition,
    name: str,
    near_legs: list[tuple[Any, int]],
    canonical_option: Any,
    strike: Strike,
    near_expiration: datetime,
    far_expiration: datetime,
) -> OptionStrategy:
    """Near contracts by right, and as many later ones of the other side."""
    chain = chain_of(canonical_option, name, near_expiration, far_expiration)
    if near_expiration >= far_expiration:
        raise ArgumentException(f"{name}: near expiration must be less than far expiration")
    legs = [
        leg
        for right, quantity in near_legs
        for leg in (
            (right, strike, quantity, near_expiration),
            (right, strike, -quantity, far_expiration),
        )
    ]
    return strategy(known, chain, legs)
