"""How live trading is connected: a JSON file whose secrets come from the environment.

    {"brokerage": {"id": "CharlesSchwabBrokerage", "charles-schwab-account-number": "${SCHWAB_ACCOUNT}"},
     "dataProviders": {"CharlesSchwabBrokerage": {"id": "CharlesSchwabBrokerage"}}}

Without a file it is QuantConnect's paper trading.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from utils.errors import UserError
from utils.files import read_text
from utils.quantconnect.clients.live import LiveSettings

PAPER = "QuantConnectBrokerage"
_VARIABLE = re.compile(r"\$\{(\w+)\}")


class _Module(BaseModel):
    model_config = ConfigDict(extra="allow")
    id: str = Field(min_length=1)


class _BrokerageFile(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    brokerage: _Module
    data_providers: dict[str, _Module] = Field(default_factory=dict, alias="dataProviders")
    automatic_redeploy: bool = Field(default=False, alias="automaticRedeploy")
    version_id: int = Field(default=-1, alias="versionId")


def paper_trading() -> LiveSettings:
    """QuantConnect's paper brokerage with its own data."""
    return LiveSettings({"id": PAPER}, {PAPER: {"id": PAPER}})


def read_brokerage(path: Path) -> LiveSettings:
    """Read the file, with `${NAME}` replaced from the environment.

    Raises:
        UserError: it cannot be read or is not of the form above, or a variable is not set. The text never
            quotes a value.
    """
    text = read_text(path)
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise UserError(f"{path}: line {error.lineno} is not JSON; mend it") from None
    except RecursionError:
        raise UserError(f"{path}: nested too deep; mend it") from None
    try:
        settings = _BrokerageFile.model_validate(_from_environment(content, path))
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the file"
        raise UserError(f"{path}: {field}: {first['msg']}; see docs/deployment.md") from None
    brokerage = settings.brokerage.model_dump()
    providers = {name: module.model_dump() for name, module in settings.data_providers.items()}
    if not providers:
        providers = {brokerage["id"]: brokerage}
    return LiveSettings(brokerage, providers, settings.automatic_redeploy, settings.version_id)


def secrets(settings: LiveSettings) -> tuple[str, ...]:
    """All values that may be credentials: every text but the modules' ids."""
    modules = (settings.brokerage, *settings.data_providers.values())
    return tuple(
        text for module in modules for key, value in module.items() if key != "id" for text in _texts(value)
    )


def _from_environment(value: JsonValue, path: Path) -> JsonValue:
    if isinstance(value, dict):
        return {key: _from_environment(item, path) for key, item in value.items()}
    if isinstance(value, list):
        return [_from_environment(item, path) for item in value]
    if isinstance(value, str):
        return _VARIABLE.sub(lambda match: _variable(match[1], path), value)
    return value


def _variable(name: str, path: Path) -> str:
    if name not in os.environ:
        raise UserError(f"{path}: the variable {name} is not set; export it")
    return os.environ[name]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None and not isinstance(value, bool):
        yield str(value)
