"""How much an algorithm may sell short: LEAN's rule, worked out by hand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from utils.engine.models.shortable.null_shortable_provider import NullShortableProvider


class Lends(NullShortableProvider):
    """Lends a number of shares."""

    def __init__(self, quantity: int | None) -> None:
        self._quantity = quantity

    def shortable_quantity(self, symbol: Any, local_time: datetime) -> int | None:  # noqa: ARG002 - LEAN's
        return self._quantity


@pytest.fixture
def spy(algorithm: Any, priced: Any) -> Any:
    """A share of which 100 can be borrowed."""
    security = priced(algorithm.add_equity("SPY"), 50.0)
    security.set_shortable_provider(Lends(100))
    return security


@pytest.mark.parametrize(
    ("held", "waiting", "quantity", "expected"),
    [
        (0, [], -100, True),
        (0, [], -101, False),
        (0, [], 100, True),  # the sign does not matter
        (40, [], -140, True),  # what is held is sold first
        (40, [], -141, False),
        (-60, [], -40, True),
        (-60, [], -41, False),
        (0, [-70], -30, True),
        (0, [-70], -31, False),
        (0, [50], -150, True),  # an open purchase counts as if it were filled
        (0, [50, -70], -80, True),
        (0, [50, -70], -81, False),
        (-100, [], 0, False),  # at the limit nothing is shortable, not even nothing
        (-99, [], 0, True),
        (-50, [-50], 0, False),
    ],
)
def test_held_and_open_quantities_count(
    algorithm: Any, spy: Any, held: int, waiting: list[int], quantity: int, expected: bool
) -> None:
    spy.holdings.set_holdings(50.0, held)
    for one in waiting:
        algorithm.limit_order(spy.symbol, one, 60.0 if one < 0 else 40.0)
    assert algorithm.shortable(spy.symbol, quantity) is expected


def test_an_order_that_is_about_to_change_does_not_count(algorithm: Any, spy: Any) -> None:
    ticket = algorithm.limit_order(spy.symbol, -80, 60.0)
    assert not algorithm.shortable(spy.symbol, -90)
    assert algorithm.shortable(spy.symbol, -90, ticket.order_id)
    assert ticket.update_quantity(-100).is_success
    assert ticket.update_quantity(-101).error_code.name == "EXCEEDS_SHORTABLE_QUANTITY"


def test_a_sale_beyond_what_can_be_borrowed_is_refused(algorithm: Any, spy: Any) -> None:
    ticket = algorithm.limit_order(spy.symbol, -101, 60.0)
    assert ticket.status.name == "INVALID"
    assert "Order exceeds shortable quantity 100" in ticket.submit_request.response.error_message


def test_without_limit_everything_is_shortable_and_the_quantity_is_zero(algorithm: Any, spy: Any) -> None:
    spy.set_shortable_provider(Lends(None))
    spy.holdings.set_holdings(50.0, -1_000_000)
    assert algorithm.shortable(spy.symbol, -1_000_000)
    assert algorithm.shortable_quantity(spy.symbol) == 0  # LEAN's null becomes zero
    spy.set_shortable_provider(Lends(7))
    assert algorithm.shortable_quantity(spy.symbol) == 7
