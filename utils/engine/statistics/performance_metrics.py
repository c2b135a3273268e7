"""Names of the statistics in a backtest's summary."""

from __future__ import annotations

from utils.engine.dotnet.naming import DotNet


class PerformanceMetrics(DotNet):
    """The keys of the summary."""

    ALPHA = Alpha = "Alpha"
    ANNUAL_STANDARD_DEVIATION = AnnualStandardDeviation = "Annual Standard Deviation"
    ANNUAL_VARIANCE = AnnualVariance = "Annual Variance"
    AVERAGE_LOSS = AverageLoss = "Average Loss"
    AVERAGE_WIN = AverageWin = "Average Win"
    BETA = Beta = "Beta"
    COMPOUNDING_ANNUAL_RETURN = CompoundingAnnualReturn = "Compounding Annual Return"
    DRAWDOWN = Drawdown = "Drawdown"
    ESTIMATED_STRATEGY_CAPACITY = EstimatedStrategyCapacity = "Estimated Strategy Capacity"
    EXPECTANCY = Expectancy = "Expectancy"
    START_EQUITY = StartEquity = "Start Equity"
    END_EQUITY = EndEquity = "End Equity"
    INFORMATION_RATIO = InformationRatio = "Information Ratio"
    LOSS_RATE = LossRate = "Loss Rate"
    NET_PROFIT = NetProfit = "Net Profit"
    PROBABILISTIC_SHARPE_RATIO = ProbabilisticSharpeRatio = "Probabilistic Sharpe Ratio"
    PROFIT_LOSS_RATIO = ProfitLossRatio = "Profit-Loss Ratio"
    SHARPE_RATIO = SharpeRatio = "Sharpe Ratio"
    SORTINO_RATIO = SortinoRatio = "Sortino Ratio"
    TOTAL_FEES = TotalFees = "Total Fees"
    TOTAL_ORDERS = TotalOrders = "Total Orders"
    TRACKING_ERROR = TrackingError = "Tracking Error"
    TREYNOR_RATIO = TreynorRatio = "Treynor Ratio"
    WIN_RATE = WinRate = "Win Rate"
    LOWEST_CAPACITY_ASSET = LowestCapacityAsset = "Lowest Capacity Asset"
    PORTFOLIO_TURNOVER = PortfolioTurnover = "Portfolio Turnover"
    DRAWDOWN_RECOVERY = DrawdownRecovery = "Drawdown Recovery"
