"""Providers over HTTP, against a server on this machine that answers well and badly."""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Iterator
from threading import Event
from typing import Any

import pytest
import requests

from tests.trading.sentiment import stand_in
from tests.trading.sentiment.stand_in import StandIn, anthropic_answer, openai_answer, says
from trading.sentiment.anthropic_provider import AnthropicProvider
from trading.sentiment.call import ApiKey, checked_endpoint
from trading.sentiment.config import AnthropicConfig, OpenAiConfig
from trading.sentiment.openai_provider import OpenAiProvider
from trading.sentiment.opinion import Opinion
from trading.sentiment.provider import Outcome, Provider

SECRET = "sk-this-must-never-be-seen-0123456789"
GOOD = openai_answer('{"score": 0.6, "confidence": 0.9}')


@pytest.fixture
def server() -> Iterator[StandIn]:
    with stand_in.standing_in() as standing:
        yield standing


@pytest.fixture
def openai(server: StandIn) -> Provider:
    return OpenAiProvider(OpenAiConfig(), SECRET, server.url)


@pytest.fixture
def anthropic(server: StandIn) -> Provider:
    return AnthropicProvider(AnthropicConfig(), SECRET, server.url)


def ask(provider: Provider, seconds: float = 5, retries: int = 0) -> Outcome:
    return provider.ask("Profit up 20%", seconds, retries, Event())


def test_openai_as_documented(server: StandIn, openai: Provider) -> None:
    server.will(says(GOOD))
    outcome = ask(openai)
    assert (outcome.opinion, outcome.reason, outcome.calls) == (Opinion(0.6, 0.9), "", 1)
    assert outcome.usd == pytest.approx((200 * 2.5 + 20 * 10) / 1e6)
    ((headers, body),) = server.requests
    assert headers["Authorization"] == f"Bearer {SECRET}"
    assert headers["Content-Type"] == "application/json"
    assert body["model"] == "gpt-4o"
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert json.loads(body["messages"][1]["content"]) == {"news": "Profit up 20%"}
    schema = body["response_format"]["json_schema"]
    assert (body["response_format"]["type"], schema["strict"]) == ("json_schema", True)
    assert schema["schema"]["additionalProperties"] is False
    assert body["max_completion_tokens"] > 0


def test_anthropic_as_documented(server: StandIn, anthropic: Provider) -> None:
    server.will(says(anthropic_answer({"score": -0.4, "confidence": 0.7})))
    outcome = ask(anthropic)
    assert (outcome.opinion, outcome.calls) == (Opinion(-0.4, 0.7), 1)
    assert outcome.usd == pytest.approx((300 * 3 + 30 * 15) / 1e6)
    ((headers, body),) = server.requests
    assert headers["x-api-key"] == SECRET
    assert headers["anthropic-version"] == "2023-06-01"
    assert "Authorization" not in headers
    assert body["tool_choice"] == {"type": "tool", "name": "give_opinion", "disable_parallel_tool_use": True}
    assert body["tools"][0]["name"] == "give_opinion"
    assert [message["role"] for message in body["messages"]] == ["user"]
    assert (body["max_tokens"] > 0, "untrusted" in body["system"]) == (True, True)


@pytest.mark.parametrize(
    "answer",
    [
        openai_answer('{"score": 0.6}'),
        openai_answer("I am sorry"),
        openai_answer('{"score": 0.6, "confidence": 0.9}', finish_reason="length"),
        openai_answer('{"score": 0.6, "confidence": 0.9}', finish_reason="content_filter"),
        openai_answer("", message={"content": None, "refusal": "I cannot"}),
        openai_answer("", message={"content": 7}),
        openai_answer("", message=None),
        {**GOOD, "choices": []},
        {**GOOD, "choices": GOOD["choices"] * 2},
        {**GOOD, "choices": {"0": 1}},
        {"error": {"message": "no"}},
        [],
        None,
        "text",
    ],
    ids=lambda answer: str(answer)[-50:],
)
def test_wrong_json_is_a_failed_opinion(server: StandIn, openai: Provider, answer: Any) -> None:
    server.will(says(answer))
    outcome = ask(openai)
    assert outcome.opinion is None
    assert outcome.reason
    assert 0 < outcome.usd < 0.02


@pytest.mark.parametrize(
    "answer",
    [
        anthropic_answer({"score": 0.6}),
        anthropic_answer("text"),
        anthropic_answer({"score": 0.6, "confidence": 1}, stop_reason="max_tokens"),
        anthropic_answer({"score": 0.6, "confidence": 1}, stop_reason="refusal"),
        anthropic_answer({}, content=[{"type": "text", "text": '{"score": 1, "confidence": 1}'}]),
        anthropic_answer({}, content=[{"type": "tool_use", "name": "other", "input": {}}]),
        anthropic_answer({}, content=None),
        anthropic_answer({}, content=["text"]),
    ],
    ids=lambda answer: str(answer)[-60:],
)
def test_wrong_messages_are_a_failed_opinion(server: StandIn, anthropic: Provider, answer: Any) -> None:
    server.will(says(answer))
    assert ask(anthropic).opinion is None


def test_nonsense_in_usage_costs_the_most_it_can(server: StandIn, openai: Provider) -> None:
    highest = openai.highest_cost("Profit up 20%")
    for usage in (
        {},
        {"prompt_tokens": -5, "completion_tokens": 1},
        {"prompt_tokens": "1", "completion_tokens": 1},
        None,
    ):
        server.will(says({**GOOD, "usage": usage}))
        outcome = ask(openai)
        assert (outcome.opinion, outcome.usd) == (Opinion(0.6, 0.9), highest)


@pytest.mark.parametrize("status", [429, 500, 503, 529])
def test_a_busy_server_is_asked_again(server: StandIn, openai: Provider, status: int) -> None:
    server.will(stand_in.fails(status), says(GOOD))
    outcome = ask(openai, retries=2)
    assert (outcome.opinion, outcome.calls) == (Opinion(0.6, 0.9), 2)
    assert outcome.usd == pytest.approx((200 * 2.5 + 20 * 10) / 1e6)


def test_retries_are_bounded_in_number_and_time(server: StandIn, openai: Provider) -> None:
    server.will(stand_in.fails(500))
    outcome = ask(openai, seconds=10, retries=1)
    assert (outcome.opinion, outcome.reason, outcome.calls, outcome.usd) == (None, "HTTP 500", 2, 0)
    started = time.monotonic()
    outcome = ask(openai, seconds=0.8, retries=5)
    assert time.monotonic() - started < 1
    assert outcome.calls == 2


def test_retry_after_is_kept_or_the_call_given_up(server: StandIn, openai: Provider) -> None:
    server.will(stand_in.fails(429, Retry_After="1"), says(GOOD))
    started = time.monotonic()
    assert ask(openai, retries=1).opinion is not None
    assert time.monotonic() - started >= 1
    server.will(stand_in.fails(429, Retry_After="3600"))
    started = time.monotonic()
    assert ask(openai, seconds=5, retries=3).calls == 1
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_what_will_not_get_better_is_not_tried_again(server: StandIn, openai: Provider, status: int) -> None:
    server.will(stand_in.fails(status))
    outcome = ask(openai, retries=3)
    assert (outcome.reason, outcome.calls, outcome.usd) == (f"HTTP {status}", 1, 0)


def test_a_redirection_is_not_followed(server: StandIn, openai: Provider) -> None:
    with stand_in.standing_in() as elsewhere:
        elsewhere.will(says(GOOD))
        for status in (301, 302, 307, 308):
            server.will(stand_in.fails(status, Location=elsewhere.url))
            outcome = ask(openai, retries=2)
            assert (outcome.opinion, outcome.calls) == (None, 1)
            assert "redirection" in outcome.reason
        assert elsewhere.requests == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (stand_in.silent(3), "timeout"),
        (stand_in.dripping(0.05), "timeout"),
        (stand_in.endless(5_000_000), "16384 bytes"),
        (stand_in.endless_without_a_length(40_000), "16384 bytes"),
        (stand_in.half(GOOD), "broke off"),
        (stand_in.raw(b"\x00\xff garbage"), "no JSON"),
        (stand_in.raw(b""), "no JSON"),
        (stand_in.raw(b"[" * 5_000), "no JSON"),
        (lambda handler: handler.connection.close(), "no connection"),
    ],
    ids=["silent", "dripping", "huge", "huge in secret", "half", "garbage", "empty", "nested", "hung up"],
)
def test_a_server_that_misbehaves(
    server: StandIn, openai: Provider, answer: stand_in.Answer, reason: str
) -> None:
    server.will(answer)
    started = time.monotonic()
    outcome = ask(openai, seconds=0.7)
    assert time.monotonic() - started < 2.5
    assert outcome.opinion is None
    assert reason in outcome.reason
    assert outcome.usd == openai.highest_cost("Profit up 20%")


def test_nobody_there() -> None:
    provider = OpenAiProvider(OpenAiConfig(), SECRET, "http://127.0.0.1:9/v1")
    assert ask(provider).reason == "no connection"


def test_the_key_is_nowhere_to_be_seen(
    server: StandIn, openai: Provider, anthropic: Provider, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[object] = []
    for provider in (openai, anthropic):
        shown += [provider, vars(provider), repr(vars(provider)["_key"])]
        for answer in (
            stand_in.fails(401),
            stand_in.fails(500),
            stand_in.half(GOOD),
            stand_in.raw(b"x"),
            says(GOOD),
        ):
            server.will(answer)
            shown.append(ask(provider))
    assert SECRET not in f"{shown}{caplog.text}"


@pytest.mark.parametrize("key", [SECRET + "\n", f"{SECRET} x", "short", "", "schlüssel-ä", "x" * 513])
def test_a_key_that_is_none_is_refused_without_being_said(key: str) -> None:
    try:
        OpenAiProvider(OpenAiConfig(), key)
    except ValueError as error:
        message = "".join(traceback.format_exception_only(error))
        assert "printable ASCII" in message
        assert not key.strip() or key.strip() not in message
    else:
        pytest.fail("taken")


def test_requests_cannot_put_another_key_in_its_place(
    server: StandIn, openai: Provider, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server.will(says(GOOD))
    ask(openai)
    assert server.requests[0][0]["Authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize(
    "url",
    ["http://api.openai.com/v1", "ftp://127.0.0.1/", "api.openai.com", "http://127.0.0.1.evil.example/"],
)
def test_an_address_that_would_show_the_key_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="use https"):
        checked_endpoint(url)


def test_the_addresses_are_the_documented_ones() -> None:
    assert OpenAiProvider.endpoint == "https://api.openai.com/v1/chat/completions"
    assert AnthropicProvider.endpoint == "https://api.anthropic.com/v1/messages"
    assert all(checked_endpoint(provider.endpoint) for provider in (OpenAiProvider, AnthropicProvider))


def test_a_key_shows_in_no_request_that_is_printed() -> None:
    request = requests.Request("POST", "http://127.0.0.1/", auth=ApiKey(SECRET, "Authorization", "Bearer "))
    assert SECRET not in repr(vars(request))
