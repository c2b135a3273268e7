"""What an algorithm may override."""

from __future__ import annotations

from typing import Any

from utils.engine.algorithm.base import AlgorithmBase


class Callbacks(AlgorithmBase):
    """Called by the run; each does nothing here."""

    def initialize(self) -> None:
        """Set dates, cash, securities and indicators."""

    def post_initialize(self) -> None:
        """After `initialize`."""

    def on_data(self, slice: Any) -> None:  # noqa: A002 - LEAN's name
        """Data came."""

    def on_order_event(self, order_event: Any) -> None:
        """Something happened to an order."""

    def on_assignment_order_event(self, assignment_event: Any) -> None:
        """A short option was assigned."""

    def on_end_of_day(self, symbol: Any = None) -> None:
        """A security's session is about to end."""

    def on_end_of_algorithm(self) -> None:
        """The run is over."""

    def on_warmup_finished(self) -> None:
        """The start date is reached."""

    def on_securities_changed(self, changes: Any) -> None:
        """Securities came or went."""

    def on_splits(self, splits: Any) -> None:
        """Shares were split."""

    def on_dividends(self, dividends: Any) -> None:
        """Dividends were paid."""

    def on_delistings(self, delistings: Any) -> None:
        """Securities are delisted."""

    def on_symbol_changed_events(self, symbols_changed: Any) -> None:
        """Companies have new tickers."""

    def on_margin_call(self, requests: list[Any]) -> list[Any]:
        """Positions must be cut; what is returned is carried out."""
        return requests

    def on_margin_call_warning(self) -> None:
        """Margin is about to run out."""

    def on_brokerage_message(self, message_event: Any) -> None:
        """The brokerage says something."""

    def on_brokerage_disconnect(self) -> None:
        """The brokerage is gone."""

    def on_brokerage_reconnect(self) -> None:
        """The brokerage is back."""

    def on_end_of_time_step(self) -> None:
        """A moment is over."""

    def on_command(self, data: Any) -> Any:
        """A command from outside."""
        return None
