"""The options trading bot in the engine, over a day of real quotes of GOOG's options."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.algorithms.goog_day import cut_out
from tests.algorithms.options_bot_runs import BotRun, bot_module

KEY = "options_trading_bot/settings.json"


@pytest.fixture(scope="module")
def goog(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut_out(sample_data / "lean", tmp_path_factory.mktemp("goog") / "data")


@pytest.fixture(scope="module")
def run(goog: Path, tmp_path_factory: pytest.TempPathFactory) -> BotRun:
    return BotRun(bot_module().OptionsTradingBot, goog, tmp_path_factory.mktemp("run"))


def test_it_opens_and_closes_spreads(run: BotRun) -> None:
    assert run.of("spread", "entering")
    assert any("hedged, net debit" in one.reason for one in run.decisions)
    assert run.of("spread", "closed")
    assert run.holdings() == {}
    run.assert_flat_or_hedged()


def test_every_decision_has_a_reason(run: BotRun) -> None:
    assert all(one.reason and one.subject for one in run.decisions)
    accepted = run.of("validate", "accepted")
    assert len(accepted) == len(run.of("spread", "entering"))
    assert all("below the model's" in one.reason and "against GOOG" in one.reason for one in accepted)
    assert all(
        "of the distance" in one.reason or "farther" in one.reason for one in run.of("spread", "rejected")
    )


def test_no_pair_costs_more_than_its_limit(run: BotRun) -> None:
    nets = [one.reason for one in run.decisions if "hedged, net debit" in one.reason]
    for reason in nets:
        net, limit = (float(part.split()[-1]) for part in reason.split(",")[1:])
        assert net <= limit


def test_orders_name_their_spread_and_are_sent_once(run: BotRun) -> None:
    tags = [str(order.tag) for order in run.outcome.orders]
    assert len(set(tags)) == len(tags)
    ids = {one.subject for one in run.of("spread", "entering")}
    assert {tag.rsplit("|", 2)[0] for tag in tags} == ids


def test_profit_in_the_record_is_what_the_account_made(run: BotRun) -> None:
    profits = [float(one.reason.rsplit(" ", 1)[1].replace(",", "")) for one in run.of("spread", "closed")]
    gained = float(run.algorithm.portfolio.total_portfolio_value) - 100_000
    assert sum(profits) == pytest.approx(gained, abs=0.01)


def test_resources_are_recorded(run: BotRun) -> None:
    rows = run.metrics()
    assert rows
    assert rows[-1]["memory_used_mb"] > 0


def test_a_second_run_sends_the_same_orders(run: BotRun, goog: Path, tmp_path: Path) -> None:
    again = BotRun(bot_module().OptionsTradingBot, goog, tmp_path)
    assert again.outcome.statistics["OrderListHash"] == run.outcome.statistics["OrderListHash"]
    assert again.decisions == run.decisions


def test_a_chain_keeps_the_contracts_nearest_to_the_money_up_to_the_limit(goog: Path, tmp_path: Path) -> None:
    few = BotRun(bot_module().OptionsTradingBot, goog, tmp_path, resource_limits__max_contracts_per_chain=8)
    strikes = sorted({contract.strike for contract in few.algorithm._subscribed.contracts})
    assert len(few.algorithm._subscribed.contracts) <= 8
    assert all(abs(strike - 749) < 8 for strike in strikes)


def test_what_the_share_does_not_have_does_not_stop_it(goog: Path, tmp_path: Path) -> None:
    other = BotRun(
        bot_module().OptionsTradingBot,
        goog,
        tmp_path,
        universe__equities='["SPY", "GOOG"]',
        universe__option_underlyings='["SPY", "GOOG"]',
    )
    assert other.of("spread", "entering")
    assert any(one.subject == "SPY" and one.reason == "no chain" for one in other.decisions)


def test_wrong_settings_stop_it_with_key_and_setting(goog: Path, tmp_path: Path) -> None:
    (tmp_path / "store" / KEY).parent.mkdir(parents=True)
    (tmp_path / "store" / KEY).write_text('{"resource_limits": {"max_chains": 5}}')
    with pytest.raises(AssertionError, match=f"{KEY}: resource_limits.max_chains: no such setting"):
        BotRun(bot_module().OptionsTradingBot, goog, tmp_path)
