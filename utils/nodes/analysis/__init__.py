"""What an algorithm requires, read from its code without running it.

A small interpreter follows the algorithm's own statements as far as their values are known, and notes what it
asks of LEAN on the way, each with its place. What is not known is assumed, and said to be.
"""
