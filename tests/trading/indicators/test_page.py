"""The page on indicators: its code runs, and its table names every kind, setting and output."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from trading.indicators import INDICATORS

PAGE = (Path(__file__).parents[3] / "docs" / "indicators.md").read_text()


def test_code_runs() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, "docs/indicators.md", "exec"), {})


@pytest.mark.parametrize("kind", INDICATORS)
def test_table_names_all(kind: str) -> None:
    (row,) = [
        line for line in PAGE.splitlines() if line.startswith("|") and f"`{kind}`" in line.split("|")[1]
    ]
    cells = row.split("|")
    for setting in INDICATORS[kind].settings:
        assert setting.name in cells[2]
    for output in INDICATORS[kind].outputs:
        assert f"`{output}`" in cells[3] or (cells[3].strip() == "as the kind" and output == kind)
