"""Filters that leave the legs of a strategy: the contracts nearest to the terms that are asked for.

Distances of strikes are from the underlying's price, in its units. When the legs are not all listed nothing
is left.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Self

from utils.engine.data.option_universe import OptionUniverse
from utils.engine.dotnet.exceptions import ArgumentException
from utils.engine.enums import OptionRight
from utils.engine.universes.contract_filter_universe import ContractSecurityFilterUniverse

Rows = Sequence[OptionUniverse]

_CALL, _PUT = OptionRight.CALL, OptionRight.PUT


class StrategyFilters(ContractSecurityFilterUniverse):
    """Filters by strategy."""

    def _price(self) -> float:
        """The underlying's price."""
        raise NotImplementedError

    def _today(self) -> datetime:
        """The exchange's date."""
        raise NotImplementedError

    # One contract

    def naked_call(self, min_days_till_expiry: int = 30, strike_from_atm: float = 0) -> Self:
        """A call."""
        return self._single(_CALL, min_days_till_expiry, strike_from_atm)

    def naked_put(self, min_days_till_expiry: int = 30, strike_from_atm: float = 0) -> Self:
        """A put."""
        return self._single(_PUT, min_days_till_expiry, strike_from_atm)

    def _single(self, right: OptionRight, days: int, distance: float) -> Self:
        rows = _of(right, self._expiring(self._data, days))
        if not rows:
            return self._empty()
        return self._legs([_with_strike(rows, self._strike(rows, distance))])

    # Two strikes of one right

    def call_spread(
        self,
        min_days_till_expiry: int = 30,
        higher_strike_from_atm: float = 5,
        lower_strike_from_atm: float | None = None,
    ) -> Self:
        """Two calls."""
        return self._spread(_CALL, min_days_till_expiry, higher_strike_from_atm, lower_strike_from_atm)

    def put_spread(
        self,
        min_days_till_expiry: int = 30,
        higher_strike_from_atm: float = 5,
        lower_strike_from_atm: float | None = None,
    ) -> Self:
        """Two puts."""
        return self._spread(_PUT, min_days_till_expiry, higher_strike_from_atm, lower_strike_from_atm)

    def _spread(self, right: OptionRight, days: int, higher: float, lower: float | None) -> Self:
        lower = -higher if lower is None else lower
        if higher <= lower:
            raise ArgumentException(
                "Spread(): strike price arguments must be in descending order, higherStrikeFromAtm, "
                "lowerStrikeFromAtm"
            )
        rows = _of(right, self._expiring(self._data, days))
        if not rows:
            return self._empty()
        low = self._strike(rows, lower)
        above = [row for row in rows if row.strike > low]
        if not above:
            return self._empty()
        high = self._strike(above, higher)
        return self._legs([_with_strike(rows, low), _with_strike(above, high)])

    # Two expiries of one strike

    def call_calendar_spread(
        self,
        strike_from_atm: float = 0,
        min_near_days_till_expiry: int = 30,
        min_far_days_till_expiry: int = 60,
    ) -> Self:
        """Two calls of one strike."""
        days = (min_near_days_till_expiry, min_far_days_till_expiry)
        return self._calendar_spread(_CALL, strike_from_atm, *days)

    def put_calendar_spread(
        self,
        strike_from_atm: float = 0,
        min_near_days_till_expiry: int = 30,
        min_far_days_till_expiry: int = 60,
    ) -> Self:
        """Two puts of one strike."""
        days = (min_near_days_till_expiry, min_far_days_till_expiry)
        return self._calendar_spread(_PUT, strike_from_atm, *days)

    def _calendar_spread(self, right: OptionRight, distance: float, near: int, far: int) -> Self:
        _require_ascending("CalendarSpread", near, far)
        strike = self._strike(self._data, distance)
        found = self._near_and_far(right, strike, near, far)
        return self._empty() if found is None else self._legs(found)

    def _near_and_far(
        self, right: OptionRight, strike: float, near: int, far: int
    ) -> tuple[OptionUniverse, OptionUniverse] | None:
        rows = [row for row in self._data if row.strike == strike and row.right == right]
        first = self._expiring(rows, near)
        if not first:
            return None
        later = self._expiring([row for row in rows if _expiry(row) > _expiry(first[0])], far)
        return (first[0], later[0]) if later else None

    def jelly_roll(
        self,
        strike_from_atm: float = 0,
        min_near_days_till_expiry: int = 30,
        min_far_days_till_expiry: int = 60,
    ) -> Self:
        """Calls and puts of one strike and two expiries."""
        near, far = min_near_days_till_expiry, min_far_days_till_expiry
        _require_ascending("JellyRoll", near, far)
        strike = self._strike(self._data, strike_from_atm)
        found = self._near_and_far(_CALL, strike, near, far)
        if found is None:
            return self._empty()
        expiries = {row.expiry for row in found}
        return self._all_or_none(4, lambda row: row.strike == strike and row.expiry in expiries)

    # A call and a put

    def strangle(
        self,
        min_days_till_expiry: int = 30,
        call_strike_from_atm: float = 5,
        put_strike_from_atm: float = -5,
    ) -> Self:
        """A call above and a put below the price."""
        if call_strike_from_atm <= 0:
            raise ArgumentException("Strangle(): callStrikeFromAtm must be positive")
        if put_strike_from_atm >= 0:
            raise ArgumentException("Strangle(): putStrikeFromAtm must be negative")
        terms = (min_days_till_expiry, call_strike_from_atm, put_strike_from_atm)
        return self._call_and_put(*terms, out_of_the_money=True)

    def straddle(self, min_days_till_expiry: int = 30) -> Self:
        """A call and a put at the price."""
        return self._call_and_put(min_days_till_expiry, 0, 0)

    def protective_collar(
        self,
        min_days_till_expiry: int = 30,
        call_strike_from_atm: float = 5,
        put_strike_from_atm: float = -5,
    ) -> Self:
        """A call, and a put of a lower strike."""
        if call_strike_from_atm <= put_strike_from_atm:
            raise ArgumentException(
                "ProtectiveCollar(): strike price arguments must be in descending order, callStrikeFromAtm, "
                "putStrikeFromAtm"
            )
        self._call_and_put(min_days_till_expiry, call_strike_from_atm, put_strike_from_atm)
        strikes = {row.right: row.strike for row in self._data}
        if not strikes or strikes[_CALL] <= strikes[_PUT]:
            return self._empty()
        return self

    def conversion(self, min_days_till_expiry: int = 30, strike_from_atm: float = 5) -> Self:
        """A call and a put of one strike."""
        return self._call_and_put(min_days_till_expiry, strike_from_atm, strike_from_atm)

    def _call_and_put(
        self, days: int, call_distance: float, put_distance: float, *, out_of_the_money: bool = False
    ) -> Self:
        rows, price = self._expiring(self._data, days), self._price()
        calls, puts = _of(_CALL, rows), _of(_PUT, rows)
        if out_of_the_money:
            calls = [row for row in calls if row.strike > price]
            puts = [row for row in puts if row.strike < price]
        if not calls or not puts:
            return self._empty()
        call = _with_strike(calls, self._strike(calls, call_distance))
        return self._legs([call, _with_strike(puts, self._strike(puts, put_distance))])

    # Three or four contracts

    def call_butterfly(self, min_days_till_expiry: int = 30, strike_spread: float = 5) -> Self:
        """Three calls, their strikes equally far apart."""
        return self._butterfly(_CALL, min_days_till_expiry, strike_spread)

    def put_butterfly(self, min_days_till_expiry: int = 30, strike_spread: float = 5) -> Self:
        """Three puts, their strikes equally far apart."""
        return self._butterfly(_PUT, min_days_till_expiry, strike_spread)

    def _butterfly(self, right: OptionRight, days: int, distance: float) -> Self:
        if distance <= 0:
            raise ArgumentException("ProtectiveCollar(): strikeSpread arguments must be positive")
        rows = _of(right, self._expiring(self._data, days))
        if not rows:
            return self._empty()
        middle, price = self._strike(rows, 0), self._price()
        lower = self._strike([r for r in rows if r.strike < price and r.strike < middle], -distance)
        upper = middle * 2 - lower if lower != math.inf else -1.0
        wanted, expiry = (middle, lower, upper), rows[0].expiry
        return self._all_or_none(
            3, lambda row: row.expiry == expiry and row.right == right and row.strike in wanted
        )

    def iron_butterfly(self, min_days_till_expiry: int = 30, strike_spread: float = 5) -> Self:
        """Call and put at the price, a call above and a put below, equally far from it."""
        if strike_spread <= 0:
            raise ArgumentException("IronButterfly(): strikeSpread arguments must be positive")
        rows, price = self._expiring(self._data, min_days_till_expiry), self._price()
        calls = [row for row in _of(_CALL, rows) if row.strike > price]
        if not calls or not any(row.strike < price for row in _of(_PUT, rows)):
            return self._empty()
        middle = self._strike(rows, 0)
        upper = self._strike([row for row in calls if row.strike > middle], strike_spread)
        lower = middle * 2 - upper if upper != math.inf else -1.0
        return self._wings(rows, ((_CALL, middle), (_PUT, middle), (_CALL, upper), (_PUT, lower)))

    def iron_condor(
        self, min_days_till_expiry: int = 30, near_strike_spread: float = 5, far_strike_spread: float = 10
    ) -> Self:
        """Two calls above the price and two puts below, both pairs equally far apart."""
        near, far = near_strike_spread, far_strike_spread
        names = "nearStrikeSpread, farStrikeSpread"
        if near <= 0 or far <= 0:
            raise ArgumentException(f"IronCondor(): strike arguments must be positive, {names}")
        if near >= far:
            raise ArgumentException(f"IronCondor(): strike arguments must be in ascending orders, {names}")
        rows, price = self._expiring(self._data, min_days_till_expiry), self._price()
        calls = [row for row in _of(_CALL, rows) if row.strike > price]
        puts = [row for row in _of(_PUT, rows) if row.strike < price]
        if not calls or not puts:
            return self._empty()
        near_call, near_put = self._strike(calls, near), self._strike(puts, -near)
        far_call = self._strike([row for row in calls if row.strike > near_call], far)
        far_put = near_put - far_call + near_call if far_call != math.inf else -1.0
        legs = ((_CALL, near_call), (_PUT, near_put), (_CALL, far_call), (_PUT, far_put))
        return self._wings(rows, legs)

    def box_spread(self, min_days_till_expiry: int = 30, strike_spread: float = 5) -> Self:
        """Calls and puts of two strikes."""
        if strike_spread <= 0:
            raise ArgumentException("BoxSpread(): strike arguments must be positive, strikeSpread")
        rows, price = self._expiring(self._data, min_days_till_expiry), self._price()
        if not rows:
            return self._empty()
        higher = self._strike([row for row in rows if row.strike > price], strike_spread)
        below = [row for row in rows if row.strike < higher and row.strike < price]
        wanted, expiry = (higher, self._strike(below, -strike_spread)), rows[0].expiry
        return self._all_or_none(4, lambda row: row.strike in wanted and row.expiry == expiry)

    def call_ladder(
        self,
        min_days_till_expiry: int,
        higher_strike_from_atm: float,
        middle_strike_from_atm: float,
        lower_strike_from_atm: float,
    ) -> Self:
        """Three calls."""
        distances = (lower_strike_from_atm, middle_strike_from_atm, higher_strike_from_atm)
        return self._ladder(_CALL, min_days_till_expiry, *distances)

    def put_ladder(
        self,
        min_days_till_expiry: int,
        higher_strike_from_atm: float,
        middle_strike_from_atm: float,
        lower_strike_from_atm: float,
    ) -> Self:
        """Three puts."""
        distances = (lower_strike_from_atm, middle_strike_from_atm, higher_strike_from_atm)
        return self._ladder(_PUT, min_days_till_expiry, *distances)

    def _ladder(self, right: OptionRight, days: int, *distances: float) -> Self:
        """`distances` from the lowest strike to the highest."""
        if not distances[0] < distances[1] < distances[2]:
            raise ArgumentException(
                "Ladder(): strike price arguments must be in descending order, higherStrikeFromAtm, "
                "middleStrikeFromAtm, lowerStrikeFromAtm"
            )
        rows = self._expiring(_of(right, self._data), days)
        legs: list[OptionUniverse] = []
        for distance in distances:
            rows = [row for row in rows if not legs or row.strike > legs[-1].strike]
            if not rows:
                return self._empty()
            legs.append(_with_strike(rows, self._strike(rows, distance)))
        return self.where_contains(legs)

    # What they have in common

    def _expiring(self, rows: Rows, days: int) -> list[OptionUniverse]:
        """Contracts of the first expiry that is so many days away or more, in the order of identifiers."""
        least = self._today() + timedelta(days=days)
        later = [row for row in rows if _expiry(row) >= least]
        if not later:
            return []
        first = min(map(_expiry, later))
        return sorted((row for row in later if row.expiry == first), key=lambda row: row.symbol.id)

    def _strike(self, rows: Rows, distance: float) -> float:
        """The strike nearest to a distance from the price, the first of equals; infinity without rows."""
        wanted = self._price() + distance
        nearest = min(rows, key=lambda row: round(abs(wanted - row.strike), 9), default=None)
        return math.inf if nearest is None else nearest.strike

    def _legs(self, rows: Rows) -> Self:
        self._data = list(rows)
        return self

    def _wings(self, rows: Rows, legs: Sequence[tuple[OptionRight, float]]) -> Self:
        expiry = rows[0].expiry
        return self._all_or_none(4, lambda row: row.expiry == expiry and (row.right, row.strike) in legs)

    def _all_or_none(self, count: int, wanted: Callable[[OptionUniverse], bool]) -> Self:
        self._keep(wanted)
        return self if len(self._data) == count else self._empty()


def _of(right: OptionRight, rows: Rows) -> list[OptionUniverse]:
    return [row for row in rows if row.right == right]


def _with_strike(rows: Rows, strike: float) -> OptionUniverse:
    return next(row for row in rows if row.strike == strike)


def _expiry(row: OptionUniverse) -> datetime:
    assert row.expiry is not None
    return row.expiry


def _require_ascending(name: str, near: int, far: int) -> None:
    if far <= near:
        raise ArgumentException(
            f"{name}(): expiry arguments must be in ascending order, minNearDaysTillExpiry, "
            "minFarDaysTillExpiry"
        )
    if near < 0:
        raise ArgumentException(f"{name}(): near expiry argument must be positive.")
