"""QuantConnect's cloud: the API client, deployment, and a local stand-in for the API."""
