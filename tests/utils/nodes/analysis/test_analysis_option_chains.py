"""How many option chains, and contracts of each, an algorithm holds."""

from __future__ import annotations

import pytest

from tests.utils.nodes.analysis.small_workspace import FIRST_LINE, Workspace


def contracts(workspace: Workspace, setting: str, rest: str = "", ticker: str = "AAPL") -> int:
    """Contracts a chain, of an algorithm with one chain and this statement about it."""
    read = workspace.initialize(f'option = self.add_option("{ticker}")\n{setting}', rest)
    assert read.requirements.num_option_chains == 1
    return read.requirements.contracts_per_chain


# Strikes x expirations x rights, by hand. Expirations are weekly for eight weeks (days 0 to 56), then
# monthly; weekly ones are included unless a filter says otherwise, and a filter replaces LEAN's own: what it
# does not limit is not limited.
@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        pytest.param("pass", 3 * 6 * 2, id="LEAN's default: -1..1, 35 days"),
        pytest.param("option.set_filter(-2, 2)", 5 * 20 * 2, id="strikes of all expirations"),
        pytest.param("option.SetFilter(-2, 2)", 5 * 20 * 2, id="pascal"),
        pytest.param("option.set_filter(timedelta(0), timedelta(27))", 100 * 4 * 2, id="days, all strikes"),
        pytest.param("option.set_filter(-2, 2, 0, 27)", 5 * 4 * 2, id="strikes and days"),
        pytest.param("option.set_filter(-2, 2, 7, 7)", 5 * 1 * 2, id="one day"),
        pytest.param("option.set_filter(-2, 2, 30, 7)", 0, id="no day"),
        pytest.param("option.set_filter(2, -2, 0, 7)", 0, id="no strike"),
        pytest.param(
            "option.set_filter(-2, 2, timedelta(0), timedelta(86))", 5 * (9 + 1) * 2, id="weeks, then months"
        ),
        pytest.param(
            "option.set_filter(max_strike=2, min_strike=-2, max_expiry=timedelta(13), min_expiry=0)",
            5 * 2 * 2,
            id="named",
        ),
        pytest.param(
            "option.set_filter(lambda u: u.strikes(-3, 3).expiration(0, 13))", 7 * 2 * 2, id="lambda"
        ),
        pytest.param(
            "option.SetFilter(lambda u: u.Strikes(-3, 3).Expiration(timedelta(0), timedelta(13)))",
            7 * 2 * 2,
            id="pascal lambda",
        ),
        pytest.param(
            "option.set_filter(lambda u: u.strikes(-3, 3).expiration(0, 13).calls_only())",
            7 * 2,
            id="calls only",
        ),
        pytest.param(
            "option.set_filter(lambda u: u.puts_only().strikes(0, 0).expiration(0, 6))", 1, id="puts only"
        ),
        pytest.param(
            "option.set_filter(lambda u: u.include_weeklys().strikes(-1, 1).expiration(0, 27))",
            3 * 4 * 2,
            id="weeklys",
        ),
        pytest.param(
            "option.set_filter(lambda u: u.weeklys_only().strikes(-1, 1).expiration(0, 27))",
            3 * 4 * 2,
            id="weeklys only",
        ),
        pytest.param(
            "option.set_filter(lambda u: u.standards_only().strikes(-1, 1).expiration(0, 59))",
            3 * 2 * 2,
            id="standards only",
        ),
        pytest.param(
            "option.set_filter(lambda u: u.strikes(-1, 1).expiration(0, 60).front_month())",
            3 * 1 * 2,
            id="front month",
        ),
        pytest.param(
            "option.set_filter(lambda u: u.expiration(0, 6).delta(0.25, 0.5))",
            10 * 1 * 1,
            id="delta of calls",
        ),
        pytest.param(
            "option.set_filter(lambda u: u.expiration(0, 6).delta(-0.5, -0.25))", 10, id="delta of puts"
        ),
        pytest.param(
            "option.set_filter(lambda u: u.strikes(-1, 1).expiration(0, 6).delta(-0.9, 0.9))",
            3 * 2,
            id="delta beyond the strikes",
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
            "option.set_filter(lambda u: u.contracts([s.symbol for s in list(u)[-7:]]))", 7, id="last ones"
        ),
        pytest.param("option.set_filter(lambda u: [s.symbol for s in u][:5])", 5, id="a list of symbols"),
        pytest.param(
            "import heapq\noption.set_filter(lambda u: u.contracts(heapq.nsmallest(9, u)))", 9, id="heapq"
        ),
        pytest.param(
            "option.set_filter(lambda u: u.contracts(list(u)[:min(8, len(list(u)))]))", 8, id="min of cap"
        ),
        pytest.param(
            "option.set_filter(lambda u: u.strikes(0, 0).expiration(0, 13)"
            ".contracts(lambda c: list(c)[:600]))",
            4,
            id="a cap above what passes",
        ),
        pytest.param("option.set_filter(-9, 9)\noption.set_filter(-1, 1, 0, 6)", 3 * 2, id="replaced"),
    ],
)
def test_a_filter_in_any_form(workspace: Workspace, setting: str, expected: int) -> None:
    assert contracts(workspace, setting) == expected


@pytest.mark.parametrize(
    ("ticker", "expected"),
    [
        ("SPY", 3 * (10 + 4) * 2),  # each trading day of two weeks, then weekly to day 35
        ("SPX", 3 * 2 * 2),  # no weekly contracts of its own
        ("SPXW", 3 * (10 + 4) * 2),
    ],
)
def test_expirations_lie_closer_or_farther_for_some(workspace: Workspace, ticker: str, expected: int) -> None:
    assert contracts(workspace, "pass", ticker=ticker) == expected


def test_a_filter_by_the_same_object_changes_it_in_place(workspace: Workspace) -> None:
    count = contracts(
        workspace,
        "option.set_filter(self.select)",
        """
        def select(self, universe):
            universe.strikes(-2, 2)
            universe.expiration(0, 6)
            universe.calls_only()
        """,
    )

    assert count == 5


def test_of_a_filter_with_two_ways_the_wider_counts(workspace: Workspace) -> None:
    read = workspace.initialize(
        'self.add_option("AAPL").set_filter(self.select)',
        """
        def select(self, universe):
            if universe.underlying.price > 100:
                return universe.strikes(-2, 2).expiration(0, 6)
            return universe.strikes(-5, 5).expiration(0, 13)
        """,
    )

    assert read.requirements.contracts_per_chain == 11 * 2 * 2
    assert any("universe.underlying.price > 100" in text for text in read.sources("contracts_per_chain"))


def test_of_filters_set_under_an_unknown_condition_the_wider_counts(workspace: Workspace) -> None:
    read = workspace.initialize(
        """
        option = self.add_option("AAPL")
        if self.live_mode:
            option.set_filter(-2, 2, 0, 6)
        else:
            option.set_filter(-3, 3, 0, 6)
        """
    )

    assert read.requirements.contracts_per_chain == 7 * 2
    assert any("unknown condition" in text for text in read.sources("contracts_per_chain"))


def test_ends_of_a_filter_that_are_not_known_are_assumed_and_said(workspace: Workspace) -> None:
    read = workspace.initialize('self.add_option("AAPL").set_filter(self.low, self.high, 0, 6)')

    assert read.requirements.contracts_per_chain == 41 * 2
    assert any(
        text == "assumed: strikes, where they are not known: -20 to 20"
        for text in read.sources("contracts_per_chain")
    )


def test_a_filter_that_is_not_known_is_assumed_and_said(workspace: Workspace) -> None:
    read = workspace.initialize('self.add_option("AAPL").set_filter(self.make_filter())')

    assert read.requirements.contracts_per_chain == 41 * 7 * 2
    assert any("not known" in text for text in read.sources("contracts_per_chain"))


def test_a_range_of_greeks_narrows_by_an_unknown_amount(workspace: Workspace) -> None:
    read = workspace.initialize('self.add_option("AAPL").set_filter(lambda u: u.strikes(-1, 1).vega(0, 1))')

    assert read.requirements.contracts_per_chain == 3 * 20 * 2
    assert any("vega lets fewer through" in text for text in read.sources("contracts_per_chain"))


@pytest.mark.parametrize(
    ("body", "chains", "securities"),
    [
        ('self.add_index_option("SPX")\nself.add_index_option("SPX", "SPXW")', 2, 1),
        ('self.add_index_option("SPXW")\nself.add_index("SPX")', 1, 1),
        ('self.add_option("GOOG")\nself.add_option("GOOGL")', 2, 2),
        ('self.add_option(self.add_equity("SPY").symbol)\nself.add_option("SPY")', 1, 1),
        ("for t in self.x():\n    self.add_equity(t)\n    self.add_option(t)", 10, 10),
        ("for t in self.x():\n    self.add_option(self.add_equity(t).symbol)", 10, 10),
        ("for t in list(self.x())[:4]:\n    self.add_option(t)", 4, 4),
        ('for t in ["A", "B"]:\n    for u in self.x():\n        self.add_option(u)', 20, 20),
        ('f = self.add_future("ES")\nself.add_future_option(f.symbol, lambda u: u.strikes(0, 0))', 1, 1),
        (
            'f = self.add_future("ES")\nf.set_filter(0, 59)\nself.add_future_option(f.symbol)',
            2,  # a chain for each of the two contracts
            3,  # the continuous contract and two more
        ),
    ],
)
def test_distinct_chains_and_their_underlyings(
    workspace: Workspace, body: str, chains: int, securities: int
) -> None:
    needs = workspace.initialize(body).requirements

    assert (needs.num_option_chains, needs.num_securities) == (chains, securities)


def test_options_of_a_universe_are_a_chain_for_each_member(workspace: Workspace) -> None:
    read = workspace.initialize(
        """
        universe = self.add_universe(self.universe.dollar_volume.top(20))
        self.add_universe_options(universe, lambda u: u.strikes(-1, 1).expiration(0, 6))
        """
    )

    assert read.requirements.num_option_chains == 20
    assert read.requirements.contracts_per_chain == 3 * 2
    assert read.requirements.num_securities == 20
    assert any("each of the 20 members" in text for text in read.sources("num_option_chains"))


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
    assert any("at most 8 pass" in text for text in read.sources("contracts_per_chain"))


def test_the_default_filter_is_said_to_be_assumed(workspace: Workspace) -> None:
    read = workspace.initialize('self.add_option("SPY")')

    assert any("LEAN's filter where none is set" in text for text in read.sources("contracts_per_chain"))
    assert any(text.startswith("assumed: ") for text in read.sources("contracts_per_chain"))


def test_a_filter_right_on_the_subscription(workspace: Workspace) -> None:
    read = workspace.initialize('self.add_option("AAPL").set_filter(-4, 4, 0, 6)')

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
