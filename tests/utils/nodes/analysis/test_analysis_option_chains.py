"""How many option chains, and contracts of each, an algorithm holds."""

from __future__ import annotations

import pytest

from tests.utils.nodes.analysis.small_workspace import FIRST_LINE, Workspace


def contracts(workspace: Workspace, setting: str, rest: str = "") -> int:
    """Contracts a chain, of an algorithm with one chain and this statement about it."""
    read = workspace.initialize(f'option = self.add_option("SPY")\n{setting}', rest)
    assert read.requirements.num_option_chains == 1
    return read.requirements.contracts_per_chain


# Strikes x expirations x rights, by hand: monthly expirations lie 30 days apart, weekly ones 7.
@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        pytest.param("pass", 3 * 2 * 2, id="LEAN's default: -1..1, 35 days"),
        pytest.param("option.set_filter(-2, 2)", 5 * 2 * 2, id="strikes"),
        pytest.param("option.SetFilter(-2, 2)", 5 * 2 * 2, id="pascal"),
        pytest.param("option.set_filter(timedelta(0), timedelta(29))", 3 * 1 * 2, id="days as timedelta"),
        pytest.param("option.set_filter(-2, 2, 0, 29)", 5 * 1 * 2, id="strikes and days"),
        pytest.param(
            "option.set_filter(-2, 2, timedelta(0), timedelta(89))", 5 * 3 * 2, id="strikes and timedeltas"
        ),
        pytest.param(
            "option.set_filter(max_strike=2, min_strike=-2, max_expiry=timedelta(59), min_expiry=0)",
            5 * 2 * 2,
            id="named",
        ),
        pytest.param(
            "option.set_filter(lambda u: u.strikes(-3, 3).expiration(0, 59))", 7 * 2 * 2, id="lambda"
        ),
        pytest.param(
            "option.SetFilter(lambda u: u.Strikes(-3, 3).Expiration(timedelta(0), timedelta(59)))",
            7 * 2 * 2,
            id="pascal lambda",
        ),
        pytest.param(
            "option.set_filter(lambda u: u.strikes(-3, 3).expiration(0, 59).calls_only())",
            7 * 2,
            id="calls only",
        ),
        pytest.param("option.set_filter(lambda u: u.puts_only().strikes(0, 0))", 2, id="puts only"),
        pytest.param(
            "option.set_filter(lambda u: u.include_weeklys().strikes(-1, 1).expiration(0, 27))",
            3 * 4 * 2,
            id="weeklys",
        ),
        pytest.param("option.set_filter(lambda u: u.iron_condor(30, 5, 10))", 4, id="iron condor"),
        pytest.param("option.set_filter(lambda u: u.IronCondor(30, 5, 10))", 4, id="pascal iron condor"),
        pytest.param("option.set_filter(lambda u: u.straddle(30))", 2, id="straddle"),
        pytest.param("option.set_filter(lambda u: u.naked_call())", 1, id="naked call"),
        pytest.param("option.set_filter(lambda u: u.call_butterfly(30, 5))", 3, id="butterfly"),
        pytest.param(
            "option.set_filter(lambda u: u.strikes(-9, 9).contracts(lambda c: list(c)[:6]))", 6, id="cap"
        ),
        pytest.param(
            "option.set_filter(lambda u: u.strikes(0, 0).contracts(lambda c: list(c)[:600]))",
            4,
            id="a cap above what passes",
        ),
    ],
)
def test_a_filter_in_any_form(workspace: Workspace, setting: str, expected: int) -> None:
    assert contracts(workspace, setting) == expected


def test_a_named_method_as_filter(workspace: Workspace) -> None:
    count = contracts(
        workspace,
        "self.limit = 8\noption.set_filter(self.select)",
        """
        def select(self, universe):
            universe = universe.include_weeklys().strikes(-5, 5).expiration(0, 45)
            nearest = sorted((c.symbol for c in universe), key=lambda s: abs(s.id.strike_price))
            return universe.contracts(nearest[: self.limit])
        """,
    )

    assert count == 8


def test_the_filter_and_its_cap_are_named_with_their_lines(workspace: Workspace) -> None:
    read = workspace.initialize(
        """
        option = self.add_option("SPY")
        limit = 8
        option.set_filter(lambda u: u.strikes(-9, 9).contracts(lambda c: list(c)[:limit]))
        """
    )

    assert read.places("contracts_per_chain") == {f"main.py:{FIRST_LINE + line}" for line in range(3)}
    assert any("capped at 8" in text for text in read.sources("contracts_per_chain"))


def test_the_default_filter_is_said_to_be_assumed(workspace: Workspace) -> None:
    read = workspace.initialize('self.add_option("SPY")')

    assert any("LEAN's filter where none is set" in text for text in read.sources("contracts_per_chain"))
    assert any(text.startswith("assumed: ") for text in read.sources("contracts_per_chain"))


def test_a_filter_right_on_the_subscription(workspace: Workspace) -> None:
    read = workspace.initialize('self.add_option("SPY").set_filter(-4, 4, 0, 29)')

    assert read.requirements.contracts_per_chain == 9 * 2


def test_chains_of_different_size_are_averaged_upwards(workspace: Workspace) -> None:
    read = workspace.initialize(
        """
        self.add_option("SPY").set_filter(lambda u: u.iron_condor(30, 5, 10))
        self.add_option("QQQ").set_filter(lambda u: u.naked_put())
        """
    )

    assert read.requirements.num_option_chains == 2
    assert read.requirements.contracts_per_chain == 3  # (4 + 1) / 2, rounded up
    assert read.requirements.num_contracts >= 5


def test_the_same_chain_twice_counts_once(workspace: Workspace) -> None:
    read = workspace.initialize('self.add_option("SPY")\nself.add_option("SPY")')

    assert read.requirements.num_option_chains == 1


def test_chains_in_a_loop_over_unknown_tickers_are_assumed(workspace: Workspace) -> None:
    read = workspace.initialize("for t in self.tickers():\n    self.add_option(t)")

    assert read.requirements.num_option_chains == 10
    assert read.requirements.num_securities == 10  # their underlyings
    assert read.places("num_option_chains") == {f"main.py:{FIRST_LINE + 1}"}
    assert any("assumed: 10 chains" in text for text in read.sources("num_option_chains"))


def test_contracts_added_one_by_one_are_a_chain_of_their_own(workspace: Workspace) -> None:
    read = workspace.initialize(
        'for t in ["SPY 1", "SPY 2", "SPY 3"]:\n    self.add_option_contract(t, Resolution.MINUTE)'
    )

    assert read.requirements.num_option_chains == 1
    assert read.requirements.contracts_per_chain == 3
