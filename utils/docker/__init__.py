"""The part of Docker's API that the LEAN CLI uses, with the embedded engine in place of LEAN's container."""
