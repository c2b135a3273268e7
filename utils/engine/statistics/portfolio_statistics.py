"""Statistics of a portfolio's equity curve."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from utils.engine.dotnet.money import ONE, ZERO, exact, product
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import float_of
from utils.engine.statistics import measures
from utils.engine.statistics.interest_rate import RiskFreeInterestRateModel, average_risk_free_rate

Points = Sequence[tuple[datetime, Decimal]]


@dataclass(frozen=True)
class PortfolioHistory:
    """What a portfolio's statistics are made of.

    Attributes:
        profit_loss: profit of each closed transaction, by time.
        equity: value of the portfolio by time, the account's currency.
        turnover: daily sales as a fraction of the portfolio.
        returns: daily returns as fractions.
        benchmark: daily returns of the benchmark, as many as `returns`.
        starting_capital: at the first sample.
        wins: winning transactions; with `losses` set it replaces the count of gains in `profit_loss`.
        losses: losing transactions.
    """

    profit_loss: Points
    equity: Points
    turnover: Sequence[Decimal]
    returns: Sequence[float]
    benchmark: Sequence[float]
    starting_capital: Decimal
    wins: int | None = None
    losses: int | None = None


class PortfolioStatistics(DotNet):
    """LEAN's measures of an equity curve. Rates are fractions; equity in the account's currency."""

    drawdown_recovery: int

    average_win_rate = float_of("exact_average_win_rate")
    average_loss_rate = float_of("exact_average_loss_rate")
    profit_loss_ratio = float_of("exact_profit_loss_ratio")
    win_rate = float_of("exact_win_rate")
    loss_rate = float_of("exact_loss_rate")
    expectancy = float_of("exact_expectancy")
    start_equity = float_of("exact_start_equity")
    end_equity = float_of("exact_end_equity")
    compounding_annual_return = float_of("exact_compounding_annual_return")
    drawdown = float_of("exact_drawdown")
    total_net_profit = float_of("exact_total_net_profit")
    sharpe_ratio = float_of("exact_sharpe_ratio")
    probabilistic_sharpe_ratio = float_of("exact_probabilistic_sharpe_ratio")
    sortino_ratio = float_of("exact_sortino_ratio")
    alpha = float_of("exact_alpha")
    beta = float_of("exact_beta")
    annual_standard_deviation = float_of("exact_annual_standard_deviation")
    annual_variance = float_of("exact_annual_variance")
    information_ratio = float_of("exact_information_ratio")
    tracking_error = float_of("exact_tracking_error")
    treynor_ratio = float_of("exact_treynor_ratio")
    portfolio_turnover = float_of("exact_portfolio_turnover")
    value_at_risk_99 = ValueAtRisk99 = float_of("exact_value_at_risk_99")
    value_at_risk_95 = ValueAtRisk95 = float_of("exact_value_at_risk_95")

    exact_average_win_rate: Decimal = ZERO
    exact_average_loss_rate: Decimal = ZERO
    exact_profit_loss_ratio: Decimal = ZERO
    exact_win_rate: Decimal = ZERO
    exact_loss_rate: Decimal = ZERO
    exact_expectancy: Decimal = ZERO
    exact_start_equity: Decimal = ZERO
    exact_end_equity: Decimal = ZERO
    exact_compounding_annual_return: Decimal = ZERO
    exact_drawdown: Decimal = ZERO
    exact_total_net_profit: Decimal = ZERO
    exact_sharpe_ratio: Decimal = ZERO
    exact_probabilistic_sharpe_ratio: Decimal = ZERO
    exact_sortino_ratio: Decimal = ZERO
    exact_alpha: Decimal = ZERO
    exact_beta: Decimal = ZERO
    exact_annual_standard_deviation: Decimal = ZERO
    exact_annual_variance: Decimal = ZERO
    exact_information_ratio: Decimal = ZERO
    exact_tracking_error: Decimal = ZERO
    exact_treynor_ratio: Decimal = ZERO
    exact_portfolio_turnover: Decimal = ZERO
    exact_value_at_risk_99: Decimal = ZERO
    exact_value_at_risk_95: Decimal = ZERO

    def __init__(
        self,
        history: PortfolioHistory | None = None,
        risk_free_rate_model: RiskFreeInterestRateModel | None = None,
        trading_days_per_year: int = 252,
    ) -> None:
        self.drawdown_recovery = 0
        if history is None:
            return
        self.exact_start_equity = history.starting_capital
        self.exact_end_equity = history.equity[-1][1] if history.equity else ZERO
        if history.turnover:
            self.exact_portfolio_turnover = sum(history.turnover, ZERO) / len(history.turnover)
        # A variance needs two samples.
        if not history.starting_capital or len(history.benchmark) < 2 or len(history.returns) < 2:
            return
        self._profits(history)
        self._growth(history)
        times = (time for time, _ in history.equity)
        rate = (
            average_risk_free_rate(risk_free_rate_model, times) if risk_free_rate_model is not None else ZERO
        )
        self._risk(history, rate, trading_days_per_year)
        self._against_benchmark(history, rate, trading_days_per_year)

    def _profits(self, history: PortfolioHistory) -> None:
        capital = history.starting_capital
        gained = lost = ZERO
        gains = 0
        for _, amount in history.profit_loss:
            if amount > 0:
                gained += amount / capital
                gains += 1
            else:
                lost += amount / capital
            capital += amount
        losing = len(history.profit_loss) - gains
        self.exact_average_win_rate = gained / gains if gains else ZERO
        self.exact_average_loss_rate = lost / losing if losing else ZERO
        average_loss = abs(self.exact_average_loss_rate)
        self.exact_profit_loss_ratio = self.exact_average_win_rate / average_loss if average_loss else ZERO
        if history.wins is not None and history.losses is not None:
            gains, losing = history.wins, history.losses
        total = gains + losing
        self.exact_win_rate = Decimal(gains) / total if total else ZERO
        self.exact_loss_rate = Decimal(losing) / total if total else ZERO
        won = product(self.exact_win_rate, self.exact_profit_loss_ratio)
        self.exact_expectancy = won - self.exact_loss_rate

    def _growth(self, history: PortfolioHistory) -> None:
        start, end = history.starting_capital, self.exact_end_equity
        self.exact_total_net_profit = end / start - ONE
        span = history.equity[-1][0] - history.equity[0][0]
        years = exact(span / timedelta(days=1)) / 365
        self.exact_compounding_annual_return = measures.compounding_annual_performance(start, end, years)
        drawdown = measures.drawdown_of(history.equity, 3)
        self.exact_drawdown, self.drawdown_recovery = drawdown

    def _risk(self, history: PortfolioHistory, rate: Decimal, days: int) -> None:
        returns = history.returns
        self.exact_annual_variance = measures.decimal_of(measures.annual_variance(returns, days))
        self.exact_annual_standard_deviation = exact(math.sqrt(float(self.exact_annual_variance)))
        yearly = measures.decimal_of(measures.annual_performance(returns, days))
        downside = measures.decimal_of(measures.annual_downside_deviation(returns, days))
        deviation = self.exact_annual_standard_deviation
        self.exact_sharpe_ratio = measures.ratio_of_excess(yearly, deviation, rate)
        self.exact_sortino_ratio = measures.ratio_of_excess(yearly, downside, rate)
        # LEAN asks how likely a yearly Sharpe ratio above 1 is.
        probability = measures.probabilistic_sharpe_ratio(returns, 1.0 / math.sqrt(days), float(rate) / days)
        self.exact_probabilistic_sharpe_ratio = measures.decimal_of(probability)
        self.exact_value_at_risk_99 = measures.value_at_risk(returns, days, 0.99)
        self.exact_value_at_risk_95 = measures.value_at_risk(returns, days, 0.95)

    def _against_benchmark(self, history: PortfolioHistory, rate: Decimal, days: int) -> None:
        returns, benchmark = history.returns, history.benchmark
        yearly = measures.decimal_of(measures.annual_performance(returns, days))
        market = measures.decimal_of(measures.annual_performance(benchmark, days))
        spread = measures.variance(benchmark)
        beta = exact(measures.covariance(returns, benchmark) / spread) if spread else ZERO
        self.exact_beta = beta
        self.exact_alpha = yearly - (rate + beta * (market - rate)) if beta else ZERO
        error = exact(measures.tracking_error(returns, benchmark, days))
        self.exact_tracking_error = error
        over_market = measures.decimal_of(float(yearly) - float(market))
        over_rate = measures.decimal_of(float(yearly) - float(rate))
        self.exact_information_ratio = over_market / error if error else ZERO
        self.exact_treynor_ratio = over_rate / beta if beta else ZERO
