"""What an algorithm asked for and the data folder has nothing of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from utils.engine.enums import TickType
from utils.engine.feed.config import SubscriptionDataConfig
from utils.engine.identity.security_identifier import is_option

if TYPE_CHECKING:
    from utils.engine.run.run import Run


def absent_data(run: Run) -> tuple[str, ...]:
    """Securities the algorithm chose itself without any data, and options of which there are no quotes.

    Options fill and are valued at quotes; every other kind of security does with trades alone.

    Returns:
        A text for each, with the first file that should have been there.
    """
    of_symbol: dict[object, list[SubscriptionDataConfig]] = {}
    for config in run.timeline.with_data:
        if not config.is_internal_feed and config.symbol in run.algorithm.user_symbols:
            of_symbol.setdefault(config.symbol, []).append(config)
    found = []
    for configs in of_symbol.values():
        silent = [config for config in configs if not run.timeline.with_data[config]]
        if len(silent) == len(configs):
            found.append(_described(silent[0], run, ""))
        elif is_option(configs[0].security_type):
            found += [_described(c, run, "quotes of ") for c in silent if c.tick_type == TickType.QUOTE]
    return tuple(found)


def _described(config: SubscriptionDataConfig, run: Run, kind: str) -> str:
    path = run.data.missing.get(None if config.is_custom_data else run.data.series(config))
    if path is not None and path.is_relative_to(run.data.root):
        path = path.relative_to(run.data.root)
    lacking = "" if path is None else f": {path} is not there"
    return f"{kind}{config.symbol.value} ({str(config.resolution).lower()}){lacking}"
