"""Random genomes: reproducible, varied, and such that something happens."""

from __future__ import annotations

import numpy as np

from tests.trading.strategies.samples import random_walk
from trading.indicators import IndicatorTable
from trading.strategies.mining import random_rules
from trading.strategies.rules import Rules, RulesParams


def test_a_seed_gives_the_same_genome() -> None:
    first, again = (
        [random_rules(rng) for rng in [np.random.default_rng(5)] for _ in range(50)] for _ in range(2)
    )
    assert first == again


def test_genomes_are_varied_and_valid() -> None:
    rng = np.random.default_rng(1)
    genomes = [random_rules(rng) for _ in range(500)]
    assert len(set(genomes)) == 500
    assert {len(genome.rules) for genome in genomes} == {1, 2, 3}
    assert {genome.side for genome in genomes} == {"long", "short"}
    assert {genome.unit for genome in genomes} == {"atr", "percent"}
    for genome in genomes:
        assert RulesParams.model_validate(genome.model_dump()) == genome


def test_most_genomes_find_something_to_do() -> None:
    bars = random_walk(11, 3000)
    table = IndicatorTable(bars)
    rng = np.random.default_rng(2)
    strategy = Rules()
    counts = [len(strategy.signals(bars, table, random_rules(rng))) for _ in range(100)]
    assert np.mean(np.array(counts) > 0) > 0.7
