"""Members of LEAN's classes that the engine refuses: by name, and at no cost to those that it has."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from utils.engine.algorithm.qc_algorithm import QCAlgorithm
from utils.engine.data.slice import Slice
from utils.engine.data.trade_bar import TradeBar
from utils.engine.dotnet.naming import DotNet, Refused
from utils.engine.dotnet.refused_members import REFUSED_MEMBERS
from utils.engine.errors import NotSupportedByEngine
from utils.engine.imports.missing_members import missing_members
from utils.engine.indicators.data_point import IndicatorDataPoint
from utils.engine.indicators.moving_averages import ExponentialMovingAverage
from utils.engine.securities.holding import SecurityHolding
from utils.engine.securities.portfolio import SecurityPortfolioManager

NOON = datetime(2020, 1, 2, 12)

READ_AT_EVERY_BAR = (
    QCAlgorithm,
    Slice,
    TradeBar,
    ExponentialMovingAverage,
    IndicatorDataPoint,
    SecurityHolding,
    SecurityPortfolioManager,
)


def engine_classes() -> list[type]:
    found: list[type] = []
    left: list[type] = [DotNet]
    while left:
        cls = left.pop()
        left.extend(cls.__subclasses__())
        if cls.__module__.startswith("utils.engine."):
            found.append(cls)
    return found


def test_what_lean_has_beyond_the_engine_is_refused() -> None:
    missing = {name: " ".join(members) for name, members in missing_members().items()}
    assert missing == REFUSED_MEMBERS, "run python -m utils.engine.imports.missing_members"


def test_a_class_of_several_bases_refuses_too() -> None:
    assert "add_future_contract" in REFUSED_MEMBERS["QCAlgorithm"].split()


def test_no_refusal_hides_a_member_that_is_there() -> None:
    for cls in engine_classes():
        refused: set[str] = set()
        for base in cls.__mro__:
            there = {name for name, member in vars(base).items() if not isinstance(member, Refused)}
            assert not refused & there, cls
            refused |= {*vars(base)} - there


@pytest.mark.parametrize("spelling", ["copy", "Copy"])
def test_a_refused_member_is_named(spelling: str) -> None:
    with pytest.raises(NotSupportedByEngine, match=r"Slice\.copy"):
        getattr(Slice(NOON, [], NOON), spelling)


def test_a_refused_member_of_a_subclass_is_named_after_leans_class() -> None:
    class Mine(ExponentialMovingAverage):
        pass

    with pytest.raises(NotSupportedByEngine, match=r"ExponentialMovingAverage\.on_updated"):
        hasattr(Mine("mine", 3), "on_updated")


def test_a_misspelling_is_a_plain_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'copi'"):
        _ = Slice(NOON, [], NOON).copi


def test_the_users_own_attributes_go_before_refusals() -> None:
    class Mine(ExponentialMovingAverage):
        def OnUpdated(self) -> str:
            return "mine"

    mine: Any = Mine("mine", 3)
    assert mine.on_updated() == "mine"
    other: Any = ExponentialMovingAverage("other", 3)
    other.on_updated = "set"
    assert other.on_updated == "set"


@pytest.mark.parametrize("cls", READ_AT_EVERY_BAR)
def test_attributes_are_read_without_a_detour(cls: type) -> None:
    assert not any({"__getattr__", "__getattribute__"} & {*vars(base)} for base in cls.__mro__[:-1])
