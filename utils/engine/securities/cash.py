"""Cash, by currency."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from utils.engine.dotnet.key_value_pair import KeyValuePair
from utils.engine.dotnet.money import ONE, ZERO, exact, text
from utils.engine.dotnet.naming import DotNet
from utils.engine.dotnet.surface import float_of, read_only_float_of
from utils.engine.errors import AlgorithmError
from utils.engine.securities.cash_amount import CashAmount
from utils.engine.securities.currencies import NULL_CURRENCY, currency_symbol
from utils.engine.securities.currency_conversion import ConstantConversion, SecurityConversion


class Cash(DotNet):
    """What the account has of one currency, and its worth in the account's currency."""

    symbol: str
    currency_conversion: ConstantConversion | SecurityConversion
    amount = read_only_float_of("exact_amount")
    conversion_rate = float_of("exact_conversion_rate")
    value_in_account_currency = read_only_float_of("exact_value_in_account_currency")

    def __init__(self, symbol: str, amount: float | Decimal, conversion_rate: float | Decimal) -> None:
        if not symbol:
            raise AlgorithmError("Cash symbols cannot be null or empty.")
        self.symbol = symbol.upper()
        self.exact_amount = exact(amount)
        self.currency_conversion = ConstantConversion(None, exact(conversion_rate))

    @property
    def currency_symbol(self) -> str:
        """Sign of the currency."""
        return currency_symbol(self.symbol)

    @property
    def exact_conversion_rate(self) -> Decimal:
        """Worth of one unit in the account's currency; zero while unknown."""
        return self.currency_conversion.exact_rate

    @exact_conversion_rate.setter
    def exact_conversion_rate(self, value: Decimal) -> None:
        self.currency_conversion.exact_rate = value

    @property
    def exact_value_in_account_currency(self) -> Decimal:
        """Worth of the amount in the account's currency."""
        return self.exact_amount * self.currency_conversion.exact_rate

    def add_amount(self, amount: float | Decimal) -> float:
        """Add to the amount; returns the new one."""
        self.exact_amount += exact(amount)
        return float(self.exact_amount)

    def set_amount(self, amount: float | Decimal) -> None:
        """Replace the amount."""
        self.exact_amount = exact(amount)

    def __str__(self) -> str:
        rate = text(self.exact_conversion_rate)
        return f"{self.symbol}: {self.currency_symbol}{self.exact_amount:>15,.2f} @ {rate}"


class CashBook(DotNet):
    """Cash of all currencies, keyed by currency; iterates as LEAN's dictionaries do."""

    total_value_in_account_currency = read_only_float_of("exact_total_value_in_account_currency")

    def __init__(self) -> None:
        self._account_currency = "USD"
        self._cash: dict[str, Cash] = {"USD": Cash("USD", ZERO, ONE)}

    @property
    def account_currency(self) -> str:
        """The currency in which the account is kept."""
        return self._account_currency

    @account_currency.setter
    def account_currency(self, currency: str) -> None:
        amount = self._cash.pop(self._account_currency).exact_amount if self._cash else ZERO
        self._account_currency = currency
        if currency in self._cash:
            self._cash[currency].exact_amount = amount
            self._cash[currency].exact_conversion_rate = ONE
        else:
            self._cash[currency] = Cash(currency, amount, ONE)

    @property
    def exact_total_value_in_account_currency(self) -> Decimal:
        """Worth of all cash in the account's currency."""
        total = ZERO
        for cash in self._cash.values():
            total += cash.exact_amount * cash.currency_conversion.exact_rate
        return total

    def add(
        self, symbol: str, amount: float | Decimal | Cash, conversion_rate: float | Decimal = ZERO
    ) -> Cash:
        """Set a currency's amount and rate; the entry of a currency that is there stays the same object."""
        if isinstance(amount, Cash):
            conversion_rate, amount = amount.exact_conversion_rate, amount.exact_amount
        if symbol == NULL_CURRENCY:
            return Cash(symbol, amount, conversion_rate)
        cash = self._cash.get(symbol)
        if cash is None:
            self._cash[symbol] = cash = Cash(symbol, amount, conversion_rate)
        else:
            cash.exact_conversion_rate = exact(conversion_rate)
            cash.exact_amount = exact(amount)
        return cash

    def exact_convert(self, quantity: Decimal, source: str, destination: str | None = None) -> Decimal:
        """Quantity of one currency in another, the account's by default.

        Raises:
            AlgorithmError: a rate is not known yet.
        """
        destination = destination or self._account_currency
        if source == destination or not quantity:
            return quantity
        rates = []
        for currency in (source, destination):
            rate = self[currency].exact_conversion_rate
            if not rate:
                raise AlgorithmError(
                    f"The conversion rate for {currency} is not available. There are two options to resolve "
                    "this: subscribe to a currency pair that prices it, or set the rate of its cash."
                )
            rates.append(rate)
        return quantity * (rates[0] / rates[1])

    def convert(self, quantity: float, source: str, destination: str) -> float:
        """`exact_convert` of floats."""
        return float(self.exact_convert(exact(quantity), source, destination))

    def convert_to_account_currency(
        self, amount: float | Decimal | CashAmount, currency: str | None = None
    ) -> float | CashAmount:
        """An amount in the account's currency: of a number a number, of a cash amount a cash amount."""
        if isinstance(amount, CashAmount):
            return self.in_account_currency(amount)
        return float(self.exact_convert(exact(amount), currency or self._account_currency))

    def in_account_currency(self, amount: CashAmount) -> CashAmount:
        """A cash amount in the account's currency."""
        if amount.currency == self._account_currency:
            return amount
        return CashAmount(self.exact_convert(amount.exact_amount, amount.currency), self._account_currency)

    def __getitem__(self, currency: str) -> Cash:
        try:
            return self._cash[currency]
        except KeyError:
            raise KeyError(f"This cash symbol ({currency}) was not found in your cash book.") from None

    def __contains__(self, currency: object) -> bool:
        return currency in self._cash

    def __len__(self) -> int:
        return len(self._cash)

    def __iter__(self) -> Iterator[object]:
        return iter([KeyValuePair(key, value) for key, value in self._cash.items()])

    def contains_key(self, currency: str) -> bool:
        """Whether there is an entry of a currency."""
        return currency in self._cash

    def get(self, currency: str, default: Cash | None = None) -> Cash | None:
        """The entry of a currency."""
        return self._cash.get(currency, default)

    def keys(self) -> list[str]:
        """Currencies."""
        return list(self._cash)

    def values(self) -> list[Cash]:
        """Entries."""
        return list(self._cash.values())

    def items(self) -> list[tuple[str, Cash]]:
        """Currencies with their entries."""
        return list(self._cash.items())

    @property
    def count(self) -> int:
        """Number of currencies."""
        return len(self._cash)
