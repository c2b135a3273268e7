"""Refitting the memory model: known terms come back, what cannot be told stays, faults name their line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trading.monitoring.memory import MemoryModel
from utils.errors import UserError
from utils.nodes.calibration import calibrate, load_memory_model, save_memory_model

FEATURES = ["greeks", "scanners", "risk_management", "two_part_spreads", "llm_calls"]


def write(path: Path, records: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def record(rng: np.random.Generator, truth: MemoryModel, noise: float = 0) -> dict[str, object]:
    """What a monitor would write of a machine whose terms are `truth`."""
    counts = {
        "base": 1,
        "securities": int(rng.integers(1, 60)),
        "option_contracts": int(rng.integers(0, 600)),
    }
    features = [name for name in FEATURES if rng.random() < 0.5]
    used = truth.estimate(counts | dict.fromkeys(features, 1)).total_mb + rng.normal(0, noise)
    return {
        "timestamp": "2025-01-02T15:00:00Z",
        "memory_used_mb": used,
        "active_securities": counts["securities"],
        "active_contracts": counts["option_contracts"],
        "active_positions": 3,
        "cpu_pct": 12.5,
        "features": features,
    }


TRUTH = MemoryModel().with_terms(
    {"base": 812.5, "securities": 3.25, "option_contracts": 6.5, "greeks": 120, "llm_calls": 0}, "truth"
)


def test_terms_that_made_the_records_come_back(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    fit = calibrate(write(tmp_path / "m.jsonl", [record(rng, TRUTH) for _ in range(60)]), MemoryModel())
    for name in ("base", "securities", "option_contracts", *FEATURES):
        assert fit.model.term(name).mb == pytest.approx(TRUTH.term(name).mb, abs=1e-6)
    assert fit.changed["base"][0] == 1_100
    assert fit.kept == ()
    assert fit.records == 60
    assert fit.r_squared == pytest.approx(1)
    assert fit.max_error_mb < 1e-6
    assert "m.jsonl" in fit.model.term("base").source


def test_terms_that_were_never_in_use_keep_their_figure_and_source(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    fit = calibrate(write(tmp_path / "m.jsonl", [record(rng, TRUTH) for _ in range(30)]), MemoryModel())
    assert fit.model.term("ml_training") == MemoryModel().term("ml_training")
    assert "ml_training" not in fit.changed


def test_noise_is_reported_as_the_error_of_the_fit(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    fit = calibrate(
        write(tmp_path / "m.jsonl", [record(rng, TRUTH, noise=40) for _ in range(500)]), MemoryModel()
    )
    assert fit.model.term("option_contracts").mb == pytest.approx(6.5, rel=0.02)
    assert 70 < fit.p95_error_mb < 90  # 1.96 sigma
    assert fit.p95_error_mb < fit.max_error_mb < 40 * 5
    assert 0.99 < fit.r_squared < 1


def test_what_never_varies_is_kept_and_its_share_is_not_counted_twice(tmp_path: Path) -> None:
    records: list[dict[str, object]] = [
        {
            "memory_used_mb": 1_000 + 10 * 5 + 4 * count + 200 + 150,
            "securities": 10,
            "option_contracts": count,
            "features": ["greeks", "scanners"],
        }
        for count in range(100, 500, 20)
    ]
    fit = calibrate(write(tmp_path / "m.jsonl", records), MemoryModel())
    assert set(fit.changed) == {"base", "option_contracts"}
    assert fit.kept == ("securities", "greeks", "scanners")
    assert fit.model.term("base").mb == pytest.approx(1_000)
    assert fit.model.term("option_contracts").mb == pytest.approx(4)
    assert "kept, not told apart: securities, greeks, scanners" in str(fit)


def test_nearly_constant_counts_are_not_told_apart_either(tmp_path: Path) -> None:
    records: list[dict[str, object]] = [
        {"memory_used_mb": 4_000 + (-1) ** n * 30, "active_securities": 500 + n % 2} for n in range(40)
    ]
    fit = calibrate(write(tmp_path / "m.jsonl", records), MemoryModel())
    assert fit.kept == ("securities",)
    assert fit.model.term("base").mb == pytest.approx(4_000 - 500.5 * 5)


def test_no_term_becomes_negative(tmp_path: Path) -> None:
    records: list[dict[str, object]] = [
        {"memory_used_mb": 3_000 - 2 * count, "active_contracts": count} for count in range(0, 400, 20)
    ]
    fit = calibrate(write(tmp_path / "m.jsonl", records), MemoryModel())
    assert fit.model.term("option_contracts").mb == 0
    assert all(term.mb >= 0 for term in fit.model.terms)


def test_records_without_features_say_so(tmp_path: Path) -> None:
    records: list[dict[str, object]] = [
        {"memory_used_mb": 1_500 + count, "active_contracts": count} for count in range(20)
    ]
    fit = calibrate(write(tmp_path / "m.jsonl", records), MemoryModel())
    assert not fit.features_told
    assert "no record names a feature" in str(fit)


def test_a_refitted_model_is_saved_and_read_and_estimates_the_same(tmp_path: Path) -> None:
    rng = np.random.default_rng(4)
    fit = calibrate(write(tmp_path / "m.jsonl", [record(rng, TRUTH) for _ in range(30)]), MemoryModel())
    save_memory_model(fit.model, tmp_path / "memory.json")
    assert load_memory_model(tmp_path / "memory.json") == fit.model


def test_a_saved_model_may_name_only_some_terms(tmp_path: Path) -> None:
    path = tmp_path / "memory.json"
    path.write_text('{"terms": {"base": {"mb": 900, "source": "by hand"}}}')
    assert load_memory_model(path) == MemoryModel().with_terms({"base": 900}, "by hand")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the file: Invalid JSON"),
        ("[]", "the file"),
        ('{"terms": {"futures": {"mb": 1, "source": "x"}}}', "'futures' is no term; there are base"),
        ('{"terms": {"base": {"mb": -1, "source": "x"}}}', "terms.base.mb"),
        ('{"terms": {"base": {"mb": "9", "source": "x"}}}', "terms.base.mb"),
        ('{"terms": {"base": {"mb": NaN, "source": "x"}}}', "terms.base.mb"),
        ('{"terms": {"base": {"mb": 1}}}', "terms.base.source"),
    ],
    ids=["empty", "list", "unknown", "negative", "text", "nan", "no-source"],
)
def test_a_malformed_model_is_told_by_term(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "memory.json"
    path.write_text(text)
    with pytest.raises(UserError) as raised:
        load_memory_model(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


GOOD = '{"memory_used_mb": 1500, "active_securities": 4, "features": []}\n'


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "is not a JSON object"),
        ("7", "is not a JSON object"),
        ("{}", "memory_used_mb must be a number"),
        ('{"memory_used_mb": -1}', "memory_used_mb must be a number"),
        ('{"memory_used_mb": NaN}', "memory_used_mb must be a number"),
        ('{"memory_used_mb": "1500"}', "memory_used_mb must be a number"),
        ('{"memory_used_mb": 1%s}' % ("0" * 400), "memory_used_mb must be a number"),
        ('{"memory_used_mb": 1, "active_securities": null}', "securities must be a number"),
        ('{"memory_used_mb": 1, "active_contracts": 1, "option_contracts": 2}', "contradicts"),
        ('{"memory_used_mb": 1, "features": "greeks"}', "features must be a list"),
        ('{"memory_used_mb": 1, "features": ["greks"]}', "'greks' is none; there are greeks, scanners"),
        ('{"memory_used_mb": 1, "features": [{}]}', "is none"),
    ],
    ids=lambda text: text[:40],
)
def test_a_bad_line_is_told_by_its_number(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "m.jsonl"
    path.write_text(GOOD * 12 + "\n" + line + "\n" + GOOD)
    with pytest.raises(UserError) as raised:
        calibrate(path, MemoryModel())
    assert str(raised.value).startswith(f"{path}: line 14")
    assert told in str(raised.value)


def test_too_few_records_and_no_file(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_text(GOOD * 9)
    with pytest.raises(UserError, match="9 records are too few"):
        calibrate(path, MemoryModel())
    with pytest.raises(UserError, match="cannot be read"):
        calibrate(tmp_path / "missing.jsonl", MemoryModel())


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.lists(st.text())
KEYS = st.sampled_from(["memory_used_mb", "active_securities", "option_contracts", "features", "base", "x"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.dictionaries(KEYS, VALUES, max_size=4), max_size=3), st.binary(max_size=12))
@example([{"features": ["\ud800"]}], b"")
@example([{"memory_used_mb": 10**400}], b"")
def test_any_metrics_file_is_fitted_or_told_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, object]], tail: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzzed_metrics.jsonl"
    lines = "".join(json.dumps(one) + "\n" for one in records)
    path.write_bytes((GOOD * 12 + lines).encode() + tail)
    try:
        fit = calibrate(path, MemoryModel())
    except UserError as error:
        assert str(error).startswith(f"{path}: ")
        assert "\n" not in str(error)
        str(error).encode()
    else:
        assert all(np.isfinite(term.mb) and term.mb >= 0 for term in fit.model.terms)
