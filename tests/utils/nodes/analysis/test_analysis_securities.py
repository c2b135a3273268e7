"""Which securities an algorithm subscribes to."""

from __future__ import annotations

import pytest

from tests.utils.nodes.analysis.small_workspace import FIRST_LINE, Workspace


@pytest.mark.parametrize(
    "call",
    [
        'self.add_equity("SPY")',
        'self.AddEquity("SPY")',
        'self.add_equity(ticker="SPY", resolution=Resolution.MINUTE)',
        'self.add_index("SPX")',
        'self.AddForex("EURUSD", Resolution.Hour, Market.Oanda)',
        'self.add_crypto("BTCUSD")',
        'self.add_crypto_future("BTCUSD")',
        'self.add_cfd("XAUUSD")',
        "self.add_future(Futures.Indices.SP_500_E_MINI)",
        'self.add_security(SecurityType.EQUITY, "SPY")',
        'self.add_data(Weather, "KNYC")',
    ],
)
def test_one_subscription_is_one_security_with_its_line(workspace: Workspace, call: str) -> None:
    read = workspace.initialize(f"self.set_cash(1)\n{call}")

    assert read.requirements.num_securities == 1
    assert read.places("num_securities") == {f"main.py:{FIRST_LINE + 1}"}


def test_the_pascal_style_of_the_entry_point_counts_too(workspace: Workspace) -> None:
    read = workspace.main(
        """\
        from AlgorithmImports import *
        class Algorithm(QCAlgorithm):
            def Initialize(self):
                self.AddEquity("SPY", Resolution.Daily)
        """
    )

    assert read.requirements.num_securities == 1
    assert read.places("num_securities") == {"main.py:4"}


@pytest.mark.parametrize(
    ("body", "count"),
    [
        pytest.param('for t in ["A", "B", "C"]:\n    self.add_equity(t)', 3, id="literal list"),
        pytest.param('for t in ("A", "B"):\n    self.add_equity(t)', 2, id="tuple"),
        pytest.param('for t in "A B C D".split():\n    self.add_equity(t)', 4, id="split"),
        pytest.param(
            'for t in ["A", "B"]:\n    for u in ["X", "Y", "Z"]:\n        self.add_equity(t + u)',
            6,
            id="nested",
        ),
        pytest.param('for t, r in zip(["A", "B"], [1, 2]):\n    self.add_equity(t)', 2, id="zip"),
        pytest.param('for i, t in enumerate(["A", "B"]):\n    self.add_equity(t)', 2, id="enumerate"),
        pytest.param('for t, w in {"A": 1, "B": 2}.items():\n    self.add_equity(t)', 2, id="dict.items"),
        pytest.param('for t in {"A": 1, "B": 2}:\n    self.add_equity(t)', 2, id="dict"),
        pytest.param('for t in {"k": "A", "l": "B"}.values():\n    self.add_equity(t)', 2, id="dict.values"),
        pytest.param(
            'self.all = [self.add_equity(t).symbol for t in ["A", "B", "C"]]', 3, id="list comprehension"
        ),
        pytest.param(
            'self.all = {t: self.add_equity(t).symbol for t in ["A", "B", "C"]}', 3, id="dict comprehension"
        ),
        pytest.param(
            'self.all = [self.add_equity(t) for t in ["A", "BB", "C"] if len(t) == 1]', 2, id="filtered"
        ),
        pytest.param('for i in range(7):\n    self.add_equity(f"T{i}")', 7, id="range and f-string"),
        pytest.param('self.t = ["A", "B"]\nfor t in self.t[:1]:\n    self.add_equity(t)', 1, id="slice"),
        pytest.param("i = 0\nwhile i < 3:\n    self.add_equity(str(i))\n    i += 1", 3, id="while"),
        pytest.param(
            'for t in ["A", "B", "C"]:\n    if t == "B":\n        break\n    self.add_equity(t)',
            1,
            id="break",
        ),
        pytest.param(
            'for t in ["A", "B", "C"]:\n    if t == "B":\n        continue\n    self.add_equity(t)',
            2,
            id="continue",
        ),
        pytest.param('list(map(self.add_equity, ["A", "B"]))', 2, id="map"),
        pytest.param(
            't = ["A"]\nt.append("B")\nt += ["C"]\nfor x in t:\n    self.add_equity(x)', 3, id="append"
        ),
        pytest.param('for t in sorted({"A", "B", "A"}):\n    self.add_equity(t)', 2, id="set"),
        pytest.param('try:\n    self.add_equity("A")\nexcept Exception:\n    pass', 1, id="try"),
        pytest.param('with open("x") as f:\n    self.add_equity("A")', 1, id="with"),
        pytest.param(
            'a, (b, c) = "A", ("B", "C")\nfor t in (a, b, c):\n    self.add_equity(t)', 3, id="unpacked"
        ),
        pytest.param('add = self.add_equity\nadd("A")\nadd("B")', 2, id="bound method"),
        pytest.param('[self.add_equity(t) for g in [["A"], ["B", "C"]] for t in g]', 3, id="two generators"),
        pytest.param(
            'self.add_equity("A") if 1 < 2 else self.add_equity("B")', 1, id="conditional expression"
        ),
        pytest.param(
            "for t in self.tickers():\n    self.add_equity(t)", 2, id="a method that returns inside try"
        ),
        pytest.param('for t in [*"AB", *["C"]]:\n    self.add_equity(t)', 3, id="spread"),
        pytest.param('d = {"A": 1}\nfor t in {**d, "B": 2}:\n    self.add_equity(t)', 2, id="merged dicts"),
        pytest.param('if ["A"] == ["A"]:\n    self.add_equity("A")', 1, id="lists compared"),
        pytest.param('for i in range(2**3):\n    self.add_equity(f"T{i}")', 8, id="power"),
        pytest.param('match "x":\n    case _:\n        self.add_equity("A")', 1, id="match"),
    ],
)
def test_loops_over_known_tickers_are_followed(workspace: Workspace, body: str, count: int) -> None:
    rest = """
    def tickers(self):
        try:
            return ["A", "B"]
        except ValueError:
            return []
    """
    assert workspace.initialize(body, rest).requirements.num_securities == count


def test_the_tickers_and_the_line_of_their_list_are_shown(workspace: Workspace) -> None:
    read = workspace.initialize(
        """
        tickers = ["SPY", "QQQ"]
        for ticker in tickers:
            self.add_equity(ticker)
        """
    )

    assert read.places("num_securities") == {f"main.py:{FIRST_LINE}", f"main.py:{FIRST_LINE + 2}"}
    assert any("SPY, QQQ" in text for text in read.sources("num_securities"))


@pytest.mark.parametrize(
    "body",
    [
        'self.add_equity("SPY")\nself.add_equity("SPY")',
        'self.add_equity("SPY")\nself.AddEquity("spy", Resolution.DAILY)',
        'self.add_equity("SPY")\nself.add_option("SPY")',
        'self.add_option("SPY")\nself.add_equity("SPY")',
        'e = self.add_equity("SPY")\nself.add_option(e.symbol)',
        'e = self.add_equity("SPY")\nself.add_option(e.Symbol)',
        'self.add_option(Symbol.create("SPY", SecurityType.EQUITY, Market.USA))',
    ],
)
def test_a_security_named_twice_counts_once(workspace: Workspace, body: str) -> None:
    assert workspace.initialize(body).requirements.num_securities == 1


@pytest.mark.parametrize(
    ("call", "chains"),
    [
        ('self.add_option("SPY")', 1),
        ('self.AddOption("SPY")', 1),
        ('self.add_index_option("SPX")', 1),
        ('self.add_option("SPY")\nself.add_option("QQQ")', 2),
    ],
)
def test_the_underlying_of_an_option_is_a_security(workspace: Workspace, call: str, chains: int) -> None:
    needs = workspace.initialize(call).requirements

    assert (needs.num_securities, needs.num_option_chains) == (chains, chains)


def test_a_known_condition_decides(workspace: Workspace) -> None:
    read = workspace.initialize(
        """
        more = False
        if more:
            self.add_equity("A")
        elif not more and 2 > 1:
            self.add_equity("B")
            self.add_equity("C")
        else:
            self.add_equity("D")
        """
    )

    assert read.requirements.num_securities == 2


def test_both_sides_of_an_unknown_condition_count_and_are_said_to_be_uncertain(workspace: Workspace) -> None:
    read = workspace.initialize(
        """
        if self.live_mode:
            self.add_equity("A")
        else:
            self.add_equity("B")
        """
    )

    assert read.requirements.num_securities == 2
    assert all("unknown condition" in text for text in read.sources("num_securities"))


def test_an_unknown_ticker_is_one_security(workspace: Workspace) -> None:
    read = workspace.initialize("self.add_equity(self.choose())")

    assert read.requirements.num_securities == 1
    assert any("not known" in text for text in read.sources("num_securities"))
    assert read.places("num_securities") == {f"main.py:{FIRST_LINE}"}


@pytest.mark.parametrize(
    "loop",
    [
        "for t in self.download_tickers():\n    self.add_equity(t)",
        "list(map(self.add_equity, self.download_tickers()))",
        "known = {'SPY': 1}\nknown[self.ticker()] = 2\nlist(map(self.add_equity, list(known)))",
    ],
)
def test_a_loop_over_unknown_tickers_is_an_assumption(workspace: Workspace, loop: str) -> None:
    read = workspace.initialize(loop)

    assert read.requirements.num_securities == 10
    assert any("assumed 10" in text for text in read.sources("num_securities"))


@pytest.mark.parametrize(
    "call",
    [
        "self.add_universe(self.select)",
        "self.AddUniverse(self.select)",
        "self.add_universe_selection(FundamentalUniverseSelectionModel(self.select))",
        "self.add_universe(lambda f: [x.symbol for x in f])",
    ],
)
def test_a_universe_is_an_assumption_with_its_line(workspace: Workspace, call: str) -> None:
    read = workspace.initialize(call, "def select(self, f):\n    return f\n")

    assert read.requirements.num_securities == 100
    assert read.places("num_securities") == {f"main.py:{FIRST_LINE}"}
    assert any("assumed 100 for a universe" in text for text in read.sources("num_securities"))


def test_without_subscriptions_there_is_nothing_and_that_is_said(workspace: Workspace) -> None:
    read = workspace.initialize("self.set_cash(1)")

    assert read.requirements.num_securities == 0
    assert read.sources("num_securities") == ["assumed: no subscription was found"]
    assert read.sources("num_option_chains") == ["assumed: no option is subscribed"]


def test_more_tickers_than_are_shown_are_counted(workspace: Workspace) -> None:
    read = workspace.initialize('for i in range(500):\n    self.add_equity(f"T{i}")')

    assert read.requirements.num_securities == 500
    assert any("and 488 more" in text for text in read.sources("num_securities"))
