"""System.Collections.Generic as algorithms use it."""

from __future__ import annotations

import pytest

from utils.engine.dotnet.exceptions import ArgumentException, KeyNotFoundException
from utils.engine.dotnet.generic import EXPORTS
from utils.engine.dotnet.key_value_pair import KeyValuePair

Dictionary = EXPORTS["Dictionary"]
HashSet = EXPORTS["HashSet"]
List = EXPORTS["List"]
Queue = EXPORTS["Queue"]
SortedDictionary = EXPORTS["SortedDictionary"]
Stack = EXPORTS["Stack"]


def test_dictionary_iterates_pairs() -> None:
    weights = Dictionary[str, float]()
    weights["SPY"] = 0.6
    weights.Add("BND", 0.4)
    assert [(pair.key, pair.Value) for pair in weights] == [("SPY", 0.6), ("BND", 0.4)]
    assert weights.items() == [("SPY", 0.6), ("BND", 0.4)]
    assert weights.keys() == weights.Keys == ["SPY", "BND"]
    assert weights.count == weights.Count == len(weights) == 2


def test_dictionary_tells_of_keys() -> None:
    weights = Dictionary[str, float]()
    weights["SPY"] = 0.6
    assert "SPY" in weights
    assert weights.ContainsKey("SPY")
    assert weights.try_get_value("SPY", None) == (True, 0.6)
    assert weights.try_get_value("BND", 0.0) == (False, 0.0)
    assert weights.remove("SPY")
    assert not weights.remove("SPY")
    with pytest.raises(KeyError, match="BND"):
        weights["BND"]


def test_missing_key_can_be_caught_as_dotnet_or_python() -> None:
    with pytest.raises(KeyNotFoundException):
        Dictionary()["a"]
    with pytest.raises(KeyError):
        Dictionary()["a"]


def test_dictionary_refuses_a_key_twice() -> None:
    numbers = Dictionary[str, int]({"a": 1})
    with pytest.raises(ArgumentException):
        numbers.add("a", 2)
    assert not numbers.try_add("a", 2)
    assert numbers["a"] == 1


def test_sorted_dictionary() -> None:
    numbers = SortedDictionary[int, str]({3: "c", 1: "a"})
    assert numbers.keys == [1, 3]
    assert [pair.value for pair in numbers] == ["a", "c"]


def test_list_is_a_python_list_with_dotnet_names() -> None:
    numbers = List[int]([3, 1])
    numbers.Add(2)
    numbers.add_range([5])
    assert numbers == [3, 1, 2, 5]
    assert numbers.Count == 4
    assert numbers.Contains(5)
    assert numbers.index_of(9) == -1
    assert numbers.remove(3)
    assert not numbers.remove(3)
    assert numbers.remove_all(lambda number: number > 1) == 2
    assert numbers.to_array() == [1]
    assert List[int](10) == []


def test_set_tells_what_is_new() -> None:
    symbols = HashSet[str](["SPY"])
    assert not symbols.Add("SPY")
    assert symbols.add("BND")
    assert symbols.count == 2
    assert symbols.Contains("BND")


def test_queue_and_stack() -> None:
    queue = Queue[int]([1, 2])
    queue.enqueue(3)
    assert (queue.dequeue(), queue.peek(), queue.count) == (1, 2, 2)
    stack = Stack[int]([1, 2])
    stack.Push(3)
    assert list(stack) == [3, 2, 1]
    assert stack.pop() == 3
    with pytest.raises(RuntimeError):
        Queue().dequeue()


def test_pair() -> None:
    pair = KeyValuePair("a", 1)
    assert (pair.Key, pair.value, str(pair)) == ("a", 1, "[a, 1]")
    assert pair == KeyValuePair("a", 1)
