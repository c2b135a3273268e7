"""Anthropic's messages with a tool that must be used (docs.anthropic.com/en/api/messages)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trading.sentiment.call import ApiKey
from trading.sentiment.opinion import Opinion, OpinionError, opinion_of
from trading.sentiment.prompt import ANSWER_SCHEMA, MAX_ANSWER_TOKENS
from trading.sentiment.provider import Provider

_TOOL = "give_opinion"


class AnthropicProvider(Provider):
    """A Claude model."""

    name = "anthropic"
    endpoint = "https://api.anthropic.com/v1/messages"

    def _api_key(self, key: str) -> ApiKey:
        return ApiKey(key, "x-api-key")

    def _headers(self) -> Mapping[str, str]:
        return {"anthropic-version": "2023-06-01"}

    def _request(self, instructions: str, question: str) -> dict[str, Any]:
        return {
            "model": self.model,
            "max_tokens": MAX_ANSWER_TOKENS,
            "system": instructions,
            "messages": [{"role": "user", "content": question}],
            "tools": [
                {"name": _TOOL, "description": "Hand in the rating.", "input_schema": ANSWER_SCHEMA},
            ],
            "tool_choice": {"type": "tool", "name": _TOOL, "disable_parallel_tool_use": True},
        }

    def _opinion(self, answer: dict[str, Any]) -> Opinion:
        if answer["stop_reason"] != "tool_use":
            raise OpinionError("the model refused, or broke off")
        used = [block for block in answer["content"] if block.get("type") == "tool_use"]
        if len(used) != 1 or used[0]["name"] != _TOOL:
            raise OpinionError("not one rating")
        return opinion_of(used[0]["input"])

    def _tokens(self, usage: dict[str, Any]) -> tuple[Any, Any]:
        return usage["input_tokens"], usage["output_tokens"]
