"""Runs the bot until its credit is at work, writes down what the broker has, and is killed as by `kill -9`.

python killed_bot.py DATA FOLDER
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from tests.algorithms.options_bot_runs import BotRun, bot_module


def main() -> None:
    data, folder = Path(sys.argv[1]), Path(sys.argv[2])

    class Killed(bot_module().OptionsTradingBot):  # type: ignore[misc]  # made from a file
        def on_order_event(self, order_event: Any) -> None:
            super().on_order_event(order_event)
            tickets = [
                ticket
                for ticket in self.transactions.get_open_order_tickets()
                if "|short|" in ticket.tag and self.transactions.get_order_by_id(ticket.order_id) is not None
            ]
            if not tickets:
                return
            held = [
                [str(h.symbol.id), float(h.quantity), float(h.average_price)]
                for h in self.portfolio.values()
                if float(h.quantity)
            ]
            orders = [
                [str(t.symbol.id), float(t.quantity), float(t.submit_request.limit_price), t.tag]
                for t in tickets
            ]
            (folder / "broker.json").write_text(json.dumps({"held": held, "orders": orders}))
            os.kill(os.getpid(), signal.SIGKILL)

    BotRun(Killed, data, folder)


main()
