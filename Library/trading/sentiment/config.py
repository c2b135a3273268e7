"""Settings of the sentiment ensemble."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from trading.sections import Count, Seconds, Section

Weight = Annotated[float, Field(ge=0, le=100)]
Usd = Annotated[float, Field(ge=0, le=10_000)]
Model = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:/-]{1,100}$")]

PROVIDERS: Final = ("openai", "anthropic")


class OpenAiConfig(Section):
    """A model of OpenAI's, its weight in the ensemble, and its price in USD per million tokens."""

    model: Model = "gpt-4o"
    weight: Weight = 1
    usd_per_million_input_tokens: Usd = 2.5
    usd_per_million_output_tokens: Usd = 10


class AnthropicConfig(Section):
    """A model of Anthropic's, its weight in the ensemble, and its price in USD per million tokens."""

    model: Model = "claude-sonnet-4-5"
    weight: Weight = 1
    usd_per_million_input_tokens: Usd = 3
    usd_per_million_output_tokens: Usd = 15


ProviderConfig = OpenAiConfig | AnthropicConfig


class VaderConfig(Section):
    """The lexicon VADER, which needs neither network nor key."""

    enabled: bool = True
    weight: Weight = 0.5


class Llm(Section):
    """Sentiment of news, from language models asked over their providers' APIs, and from VADER.

    A provider without an API key is left out. `timeout_seconds` bounds one opinion, retries included;
    `calls_per_minute` and `usd_per_day` (UTC) bound all providers together, retries included; texts are cut
    to `max_text_chars`. `largest_cut` is the most that sentiment may take off an entry: 1 may veto it, 0 has
    no effect. In a backtest, models are asked only with `network_in_backtests`; without it, what is in the
    cache counts, and nothing else.
    """

    enabled: bool = True
    providers: tuple[Literal["openai", "anthropic"], ...] = PROVIDERS
    openai: OpenAiConfig = OpenAiConfig()
    anthropic: AnthropicConfig = AnthropicConfig()
    vader: VaderConfig = VaderConfig()
    timeout_seconds: Seconds = 10
    max_retries: Annotated[int, Field(ge=0, le=5)] = 2
    calls_per_minute: Count = 20
    usd_per_day: Usd = 5
    cache_hours: Annotated[float, Field(gt=0, le=720)] = 24
    max_text_chars: Annotated[int, Field(ge=50, le=20_000)] = 4_000
    largest_cut: Annotated[float, Field(ge=0, le=1)] = 1
    network_in_backtests: bool = False
