"""Sweep files: which strategy, which values, over which bars, on which terms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from trading.simulation.instrument import Capital, Instrument
from trading.strategies.contract import Strategy
from trading.strategies.registry import get_strategy
from utils.errors import UserError
from utils.sweep.grid import Grid


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _known_timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"unknown time zone {value!r}, write one such as UTC or America/New_York") from None
    return value


def _symbol(value: object) -> str:
    if isinstance(value, bool):
        problem = "YAML takes ON, NO, TRUE and the like for yes or no; write the symbol in quotes"
        raise ValueError(problem)  # noqa: TRY004 - pydantic reports no TypeError
    return str(value).upper()


Symbol = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$"), BeforeValidator(_symbol)]


class DataConfig(BaseModel):
    """Where the bars come from.

    Attributes:
        path: a CSV or Parquet file, with `{symbol}` in its name where there is one file a symbol; or a LEAN
            data folder.
        symbols: what is swept, one sweep each; a single file needs none.
        market: LEAN's market; None is the usual one of the security type.
        resolution: which bars of a LEAN folder; bars of a file are brought to it when it is given.
        normalization: prices of an equity in a LEAN folder.
        timezone: of a file's timestamps where they name none themselves.
        start, end: first and last trading date, both included; None = as far as the data goes. Indicators
            start with the first bar of this span.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str = "data"
    symbols: Annotated[tuple[Symbol, ...], BeforeValidator(_as_list)] = ()
    market: str | None = None
    resolution: Literal["minute", "hour", "daily"] | None = None
    normalization: Literal["adjusted", "raw", "split_adjusted", "total_return"] = "adjusted"
    timezone: Annotated[str, BeforeValidator(_known_timezone)] = "UTC"
    start: date | None = None
    end: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start and self.end and self.start > self.end:
            raise ValueError(f"start {self.start} is after end {self.end}")
        if len(set(self.symbols)) < len(self.symbols):
            raise ValueError("symbols: one is named twice, remove one")
        return self


class TradingConfig(BaseModel):
    """What sweep files and search files share: one strategy over bars, on terms.

    Attributes:
        name: begins the id in a store.
        strategy: registered name.
        fixed: parameters that every combination has.
        data, instrument, capital: what is traded, and on what terms.
        holdout: share of the bars, at the end, that are never seen; 0 = none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    PAGE: ClassVar[str] = "docs/sweep.md"
    """Where its fields are explained."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")
    strategy: str
    fixed: dict[str, Any] = Field(default_factory=dict)
    data: DataConfig = DataConfig()
    instrument: Instrument
    capital: Capital = Capital()
    holdout: float = Field(default=0.2, ge=0, le=0.9)

    @model_validator(mode="after")
    def _affordable(self) -> Self:
        self.capital.check_against(self.instrument)
        return self

    def registered(self) -> Strategy[Any]:
        """The strategy of this file.

        Raises:
            UserError: there is none of this name.
        """
        try:
            return get_strategy(self.strategy)
        except ValueError as error:
            raise UserError(f"strategy: {error}") from None


class SweepConfig(TradingConfig):
    """A sweep file.

    Attributes:
        grid: parameter -> its values; order does not matter.
        chunk_size: combinations computed and stored at once.
    """

    grid: dict[str, list[Any]]
    chunk_size: int = Field(default=4096, ge=1, le=1_000_000)

    def combinations(self) -> Grid:
        """The grid of this file.

        Raises:
            UserError: the strategy or a parameter is unknown, or the grid is not one.
        """
        return Grid(self.registered(), self.fixed, self.grid)


C = TypeVar("C", bound=TradingConfig)


def load_config(path: Path, overrides: Mapping[str, Any] | None = None) -> SweepConfig:
    """Read and check a sweep file.

    Args:
        path: the YAML file.
        overrides: dotted field -> value that replaces the file's, as `{"data.path": "bars.csv"}`.
    Raises:
        UserError: one line with the file, the field (or line) and the remedy.
    """
    config = read_config(path, overrides or {}, SweepConfig)
    try:
        config.combinations()
    except UserError as error:
        raise UserError(f"{path}: {error}") from None
    return config


def read_config(path: Path, overrides: Mapping[str, Any], model: type[C]) -> C:
    """A file as `model` understands it; arguments and errors as those of `load_config`."""
    content = _read_yaml(path)
    for field, value in overrides.items():
        _override(content, field.split("."), value, path)
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise UserError(f"{path}: {_first_problem(error, model.PAGE)}") from None


def _override(content: dict[str, Any], parts: list[str], value: Any, path: Path) -> None:
    for part in parts[:-1]:
        content = content.setdefault(part, {})
        if not isinstance(content, dict):
            raise UserError(f"{path}: {part}: it should be a mapping of fields, see docs/sweep.md")
    content[parts[-1]] = value


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(f"{path}: there is no such sweep file; config/sweeps has some") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UserError(f"{path}: cannot be read: {reason}; name a sweep file (YAML)") from None
    try:
        content = yaml.load(text, _UniqueKeys)
    except yaml.YAMLError as error:
        raise UserError(f"{path}: {_yaml_problem(error)}; mend the YAML there") from None
    if not isinstance(content, dict):
        raise UserError(
            f"{path}: it should be a mapping of fields (name, strategy, grid, ...); see docs/sweep.md"
        )
    return content


class _UniqueKeys(yaml.SafeLoader):
    """A SafeLoader that refuses a key given twice, where YAML would silently drop the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping whose keys are all different."""
        seen: set[object] = set()
        for key, _ in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else key
            if name in seen:
                raise yaml.MarkedYAMLError(problem=f"{name!r} is given twice", problem_mark=key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)


def _yaml_problem(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}" if mark else problem


def _first_problem(error: ValidationError, page: str) -> str:
    problems = error.errors(include_url=False)
    first = problems[0]
    field = ".".join(str(part) for part in first["loc"]) or "file"
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    if first["type"] == "missing":
        return f"{field}: it is missing; add it{more}"
    if first["type"] == "extra_forbidden":
        return f"{field}: unknown field; remove or rename it, {page} lists them all{more}"
    cause = first.get("ctx", {}).get("error")
    message = str(cause) if cause else f"{first['msg'][:1].lower()}{first['msg'][1:]}, not {first['input']!r}"
    return f"{field}: {message}{more}".replace("\n", " ")
