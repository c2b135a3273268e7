"""The bench of the engine: a line a figure, whether or not a peer can be installed."""

from __future__ import annotations

from pathlib import Path

from utils.bench import engine

BARS = 12_000  # some thirty sessions: the slow average of the cross is ready after ten


def test_every_figure_is_a_line(tmp_path: Path) -> None:
    # Where an environment of a peer cannot be made, the peer is skipped with the reason.
    (tmp_path / "no-package-of-this-name").write_text("no folder")
    lines = list(engine.lines(tmp_path, BARS, rounds=1, peers=["no-package-of-this-name"]))
    empty, cross, peer = lines
    assert (empty["name"], cross["name"], peer["name"]) == ("engine/empty", *["engine/ema_cross"] * 2)
    assert BARS <= empty["bars"] == cross["bars"]
    assert empty["orders"] == 0
    assert cross["orders"] > 0
    for line in (empty, cross):
        assert line["bars_per_second"] >= line["bars_per_second_with_reading"] > 0
        assert line["peak_memory_mb"] > 0
        assert line["start_up_s"] > 0
    assert peer["peer"] == "no-package-of-this-name"
    assert peer["skipped"]
    assert "times_fastest_peer" not in cross
