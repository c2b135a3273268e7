"""Consolidators: longer, counted or price-shaped bars from the data of a subscription."""
