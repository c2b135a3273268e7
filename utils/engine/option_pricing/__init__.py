"""LEAN's option prices, implied volatilities and Greeks, figure by figure.

They are LEAN's own, with its shortcomings: for prices to trade on, see `trading.options`.
"""
