"""A chain of options priced with Greeks and implied volatilities, here, by QuantLib and by vollib.

Each measurement goes from the quotes' mids to implied volatility, price, delta, gamma, vega, theta and rho of
every contract, on one core. The peers price one contract at a time, QuantLib with one process whose quotes
are set anew. American contracts are compared with QuantLib's engine of the same approximation, which has no
Greeks: they are differences of its prices, and its volatilities are found by Brent's method on them.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from trading.options import OptionChain, american_price, european_price
from trading.options.chain import DAY

CONTRACTS = 500
REPEATS = 200
PEER_REPEATS = 3
SPOT, RATE, YIELD = 100.0, 0.04, 0.01

Figures = dict[str, Any]
Contract = tuple[int, float, int, float]  # right, strike, days, mid


def chain(american: bool) -> OptionChain:
    """Ten expiries of 25 strikes over four deviations, calls and puts, with skew and term structure."""
    expiries, deviations, rights = np.meshgrid(
        np.array([7, 14, 21, 28, 42, 63, 91, 182, 273, 365]) * DAY,
        np.linspace(-2.0, 2.0, 25),
        np.array([1, -1], np.int8),
        indexing="ij",
    )
    expiry, right = expiries.ravel(), rights.ravel()
    years = expiry / DAY / 365.0
    strike = SPOT * np.exp(deviations.ravel() * 0.25 * np.sqrt(years))
    volatility = 0.25 + 0.05 * years - 0.2 * np.log(strike / SPOT)
    price = (american_price if american else european_price)(
        right, SPOT, strike, years, volatility, RATE, YIELD
    )
    return OptionChain(SPOT, 0, strike, expiry, right, price - 0.01, price + 0.01, RATE, YIELD, american)


def measure() -> Iterator[Figures]:
    """One mapping a figure."""
    for style in ("european", "american"):
        quotes = chain(style == "american")
        quotes.table()  # loads or compiles
        ours = _milliseconds(quotes.table, REPEATS)
        table = quotes.table()
        line: Figures = {
            "name": f"options/{style}_chain",
            "milliseconds": round(ours, 3),
            "contracts": len(quotes),
            "with_volatility": int(np.sum(~np.isnan(table.implied_volatility))),
        }
        contracts = [
            (int(right), float(strike), round(days), float(mid))
            for right, strike, days, mid in zip(
                quotes.right, quotes.strike, table.days, table.mid, strict=True
            )
            if mid > 0.0
        ]
        for name, peer in PEERS[style].items():
            try:
                run = peer(contracts)
            except ImportError:
                line[name] = "not measured: pip install QuantLib vollib"
                continue
            theirs = _milliseconds(run, PEER_REPEATS)
            line[f"{name}_milliseconds"] = round(theirs, 1)
            line[f"times_{name}"] = round(theirs / ours)
        yield line


def _milliseconds(run: Callable[[], object], repeats: int) -> float:
    """Time of the core, median of some runs: what others do on the machine does not count."""
    seconds = []
    for _ in range(repeats):
        started = time.thread_time()
        run()
        seconds.append(time.thread_time() - started)
    return statistics.median(seconds) * 1e3


def quantlib_european(contracts: list[Contract]) -> Callable[[], object]:
    """QuantLib's analytic engine."""
    import QuantLib  # noqa: PLC0415 - a peer, for those who have it

    today, quotes, process = _quantlib_process()

    def run() -> list[tuple[float, ...]]:
        found: list[tuple[float, ...]] = []
        for right, strike, days, mid in contracts:
            payoff = QuantLib.PlainVanillaPayoff(
                QuantLib.Option.Call if right > 0 else QuantLib.Option.Put, strike
            )
            option = QuantLib.VanillaOption(payoff, QuantLib.EuropeanExercise(today + days))
            try:
                implied = option.impliedVolatility(mid, process, 1e-8, 100, 1e-4, 5.0)
            except RuntimeError:  # no volatility gives this price
                continue
            quotes["volatility"].setValue(implied)
            option.setPricingEngine(QuantLib.AnalyticEuropeanEngine(process))
            greeks = (option.delta(), option.gamma(), option.vega(), option.theta(), option.rho())
            found.append((implied, option.NPV(), *greeks))
        return found

    return run


def quantlib_american(contracts: list[Contract]) -> Callable[[], object]:
    """QuantLib's Barone-Adesi and Whaley."""
    import QuantLib  # noqa: PLC0415
    from scipy.optimize import brentq  # noqa: PLC0415

    today, quotes, process = _quantlib_process()
    engine = QuantLib.BaroneAdesiWhaleyApproximationEngine(process)

    def option_of(right: int, strike: float, days: int) -> Any:
        payoff = QuantLib.PlainVanillaPayoff(
            QuantLib.Option.Call if right > 0 else QuantLib.Option.Put, strike
        )
        option = QuantLib.VanillaOption(payoff, QuantLib.AmericanExercise(today, today + days))
        option.setPricingEngine(engine)
        return option

    def run() -> list[tuple[float, ...]]:
        found: list[tuple[float, ...]] = []
        for right, strike, days, mid in contracts:
            option = option_of(right, strike, days)

            def price(name: str, value: float, option: Any = option) -> float:
                before = quotes[name].value()
                quotes[name].setValue(value)
                figure = float(option.NPV())
                quotes[name].setValue(before)
                return figure

            def gap(volatility: float, price: Any = price, mid: float = mid) -> float:
                return float(price("volatility", volatility)) - mid

            try:
                implied = brentq(gap, 0.01, 3.0, xtol=1e-8)
            except (ValueError, RuntimeError):  # no volatility gives this price
                continue
            quotes["volatility"].setValue(implied)
            here = float(option.NPV())
            up, down = price("spot", SPOT + 0.01), price("spot", SPOT - 0.01)
            vega = (price("volatility", implied + 1e-4) - here) / 1e-4
            rho = (price("rate", RATE + 1e-4) - here) / 1e-4
            theta = here - option_of(right, strike, days + 1).NPV()
            found.append(
                (implied, here, (up - down) / 0.02, (up - 2.0 * here + down) / 1e-4, vega, theta, rho)
            )
        return found

    return run


def vollib_european(contracts: list[Contract]) -> Callable[[], object]:
    """Vollib's (formerly py_vollib's) analytic functions."""
    from vollib.black_scholes_merton import black_scholes_merton  # noqa: PLC0415
    from vollib.black_scholes_merton.greeks import analytical  # noqa: PLC0415
    from vollib.black_scholes_merton.implied_volatility import implied_volatility  # noqa: PLC0415
    from vollib.helpers.exceptions import PriceIsAboveMaximum, PriceIsBelowIntrinsic  # noqa: PLC0415

    greeks = [getattr(analytical, name) for name in ("delta", "gamma", "vega", "theta", "rho")]

    def run() -> list[tuple[float, ...]]:
        found: list[tuple[float, ...]] = []
        for right, strike, days, mid in contracts:
            flag, years = "c" if right > 0 else "p", days / 365.0
            try:
                implied = implied_volatility(mid, SPOT, strike, years, RATE, YIELD, flag)
            except (PriceIsAboveMaximum, PriceIsBelowIntrinsic):
                continue
            arguments = (flag, SPOT, strike, years, RATE, implied, YIELD)
            found.append(
                (implied, black_scholes_merton(*arguments), *(greek(*arguments) for greek in greeks))
            )
        return found

    return run


def _quantlib_process() -> tuple[Any, dict[str, Any], Any]:
    """Today, the quotes of spot, rate and volatility, and the process that follows them."""
    import QuantLib  # noqa: PLC0415

    today = QuantLib.Date(1, 1, 2020)
    QuantLib.Settings.instance().evaluationDate = today
    count = QuantLib.Actual365Fixed()
    quotes = {
        name: QuantLib.SimpleQuote(value)
        for name, value in (("spot", SPOT), ("rate", RATE), ("volatility", 0.2))
    }
    handles = {name: QuantLib.QuoteHandle(quote) for name, quote in quotes.items()}
    volatility = QuantLib.BlackConstantVol(today, QuantLib.NullCalendar(), handles["volatility"], count)
    process = QuantLib.BlackScholesMertonProcess(
        handles["spot"],
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, YIELD, count)),
        QuantLib.YieldTermStructureHandle(QuantLib.FlatForward(today, handles["rate"], count)),
        QuantLib.BlackVolTermStructureHandle(volatility),
    )
    return today, quotes, process


PEERS: Mapping[str, Mapping[str, Callable[[list[Contract]], Callable[[], object]]]] = {
    "european": {"quantlib": quantlib_european, "vollib": vollib_european},
    "american": {"quantlib": quantlib_american},
}
