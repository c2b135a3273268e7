"""The workspace's own algorithms."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from utils.nodes.analysis.analyze import analyze
from utils.nodes.requirements import Analysis, Resolution
from utils.workspace import find_project

ROOT = Path(__file__).parents[4]


@cache
def _options_bot() -> Analysis:
    return analyze(find_project(ROOT / "algorithms/options_trading_bot"))


def test_the_options_bot_needs_what_its_settings_say() -> None:
    found = _options_bot()

    needs = found.requirements
    assert needs.num_securities == 10
    assert needs.num_option_chains == 5
    assert needs.contracts_per_chain == 100
    assert needs.max_concurrent_positions == 20
    assert needs.use_llm_analysis
    assert not needs.use_ml_training
    assert needs.resolution is Resolution.MINUTE
    assert not [source for one in found.evidence for source in one.sources if "left out" in source.text]


@pytest.mark.parametrize(
    ("field", "file", "code"),
    [
        ("num_securities", "algorithms/options_trading_bot/subscriptions.py", "algorithm.add_equity("),
        ("num_securities", "config/settings.json", '"equities"'),
        ("num_option_chains", "algorithms/options_trading_bot/subscriptions.py", "algorithm.add_option("),
        ("num_option_chains", "config/settings.json", '"max_option_chains"'),
        ("contracts_per_chain", "algorithms/options_trading_bot/subscriptions.py", "option.set_filter("),
        ("contracts_per_chain", "config/settings.json", '"max_contracts_per_chain"'),
        ("max_concurrent_positions", "config/settings.json", '"max_concurrent_positions"'),
        ("use_llm_analysis", "config/settings.json", '"enabled"'),
    ],
)
def test_the_options_bot_figures_name_the_lines_they_come_from(field: str, file: str, code: str) -> None:
    evidence = _options_bot().evidence

    sources = [source for one in evidence if one.field == field for source in one.sources]
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    shown = [
        lines[source.line - 1] for source in sources if source.file == Path(file) and source.line is not None
    ]
    assert any(code in line for line in shown), sources


def test_money_line_trades_one_daily_security_without_options() -> None:
    found = analyze(find_project(ROOT / "algorithms/money_line"))

    needs = found.requirements
    assert (needs.num_securities, needs.num_option_chains, needs.contracts_per_chain) == (1, 0, 0)
    assert needs.resolution is Resolution.DAILY
    assert needs.backtest_days == 7668  # 2000-01-03 to 2020-12-31
    sources = [
        str(source) for one in found.evidence if one.field == "num_securities" for source in one.sources
    ]
    assert any(one.startswith("algorithms/money_line/config.json:6: ") for one in sources)
