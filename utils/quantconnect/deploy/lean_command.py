"""The LEAN CLI's commands that do the same as a deployment."""

from __future__ import annotations

import shlex

from utils.quantconnect.deploy.brokerage import PAPER
from utils.quantconnect.deploy.code_hash import backtest_name
from utils.quantconnect.deploy.deployment import Order
from utils.quantconnect.deploy.node_choice import Purpose

_NAMES = {
    PAPER: "Paper Trading",
    "InteractiveBrokersBrokerage": "Interactive Brokers",
    "CharlesSchwabBrokerage": "Charles Schwab",
    "TradierBrokerage": "Tradier",
    "OandaBrokerage": "Oanda",
    "BitfinexBrokerage": "Bitfinex",
    "CoinbaseBrokerage": "Coinbase Advanced Trade",
    "BinanceBrokerage": "Binance",
    "KrakenBrokerage": "Kraken",
    "BybitBrokerage": "Bybit",
    "TradeStationBrokerage": "TradeStation",
    "TastytradeBrokerage": "Tastytrade",
    "AlpacaBrokerage": "Alpaca",
}
"""The CLI's names of the API's brokerage ids."""


def lean_commands(order: Order, node_name: str) -> tuple[str, ...]:
    """Command lines to run in the workspace's folder; the CLI asks for credentials itself.

    Args:
        order: the deployment.
        node_name: name of the node that it chose.
    """
    name = order.project.name
    pushing = f"lean cloud push --project {shlex.quote(name)}"
    match order.purpose:
        case Purpose.BACKTEST:
            title = shlex.quote(backtest_name(order.project))
            return pushing, f"lean cloud backtest {shlex.quote(name)} --name {title}"
        case Purpose.RESEARCH:
            return (pushing,)
        case Purpose.LIVE:
            return pushing, _live(order, node_name)


def _live(order: Order, node_name: str) -> str:
    def called(module: object) -> str:
        return _NAMES.get(str(module), str(module))

    words = ["lean", "cloud", "live", "deploy", order.project.name]
    words += ["--brokerage", called(order.settings.brokerage["id"])]
    for provider in order.settings.data_providers:
        words += ["--data-provider-live", called(provider)]
    words += ["--node", node_name, "--auto-restart", "yes" if order.settings.automatic_redeploy else "no"]
    words += ["--notify-order-events", "no", "--notify-insights", "no"]
    return shlex.join(words)
