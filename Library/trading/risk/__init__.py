"""What may stop a strategy: the circuit breaker, and the shedding of load."""
