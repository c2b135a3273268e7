"""Which QuantConnect node an algorithm needs, with the evidence, and what it costs."""
