"""QuantConnect's cloud: the API client, deployment, and a local emulator of the API."""
