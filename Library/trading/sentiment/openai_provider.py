"""OpenAI's chat completions with structured output (platform.openai.com/docs/api-reference/chat)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trading.sentiment.call import ApiKey
from trading.sentiment.opinion import Opinion, OpinionError, read_opinion
from trading.sentiment.prompt import ANSWER_SCHEMA, MAX_ANSWER_TOKENS
from trading.sentiment.provider import Provider


class OpenAiProvider(Provider):
    """A chat model of OpenAI's, or of a server with the same API."""

    name = "openai"
    endpoint = "https://api.openai.com/v1/chat/completions"

    def _api_key(self, key: str) -> ApiKey:
        return ApiKey(key, "Authorization", "Bearer ")

    def _headers(self) -> Mapping[str, str]:
        return {}

    def _request(self, instructions: str, question: str) -> dict[str, Any]:
        return {
            "model": self.model,
            "messages": [
                {"role": "system", "content": instructions},
                {"role": "user", "content": question},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "opinion", "strict": True, "schema": ANSWER_SCHEMA},
            },
            "max_completion_tokens": MAX_ANSWER_TOKENS,
        }

    def _opinion(self, answer: dict[str, Any]) -> Opinion:
        (choice,) = _only(answer["choices"])
        if choice["finish_reason"] != "stop" or choice["message"].get("refusal"):
            raise OpinionError("the model refused, or broke off")
        content = choice["message"]["content"]
        if not isinstance(content, str):
            raise OpinionError("the answer has no text")
        return read_opinion(content)

    def _tokens(self, usage: dict[str, Any]) -> tuple[Any, Any]:
        return usage["prompt_tokens"], usage["completion_tokens"]


def _only(choices: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if not isinstance(choices, list) or len(choices) != 1:
        raise OpinionError("not one choice")
    return choices
