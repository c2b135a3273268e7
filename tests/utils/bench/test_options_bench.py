"""The peers of the options bench compute what we do, so that the ratio compares like with like."""

from __future__ import annotations

import numpy as np
import pytest

from trading.options.contract import Greeks
from utils.bench import options


@pytest.mark.parametrize(
    ("style", "peer"), [(style, peer) for style, peers in options.PEERS.items() for peer in peers]
)
def test_a_peer_finds_the_same_figures(style: str, peer: str) -> None:
    table = options.chain(style == "american").table()
    rows = [
        k
        for k in range(100, 500, 37)
        if not np.isnan(table.implied_volatility[k]) and table.greeks.gamma[k] > 0.0
    ]
    contracts = [
        (int(table.chain.right[k]), float(table.chain.strike[k]), round(table.days[k]), float(table.mid[k]))
        for k in rows
    ]
    theirs = np.array(options.PEERS[style][peer](contracts)())
    units = np.ones(7)
    if peer == "vollib":  # per point, calendar day and per cent
        units[[4, 6]], units[5] = 100.0, 365.0
    elif style == "american":
        units[5] = 365.0  # a day's difference
    ours = np.column_stack([table.implied_volatility[rows], *(column[rows] for column in table.greeks)])
    for k, name in enumerate(("volatility", *Greeks._fields)):
        tolerance = {"theta": 0.2, "gamma": 2e-4, "vega": 0.05, "rho": 0.1}.get(name, 1e-3)
        np.testing.assert_allclose(
            theirs[:, k] * units[k], ours[:, k], rtol=1e-3, atol=tolerance, err_msg=name
        )
