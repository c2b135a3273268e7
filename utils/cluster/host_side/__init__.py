"""Programs that run on a host, before anything is installed there: one file each, the standard library only.

They are sent over SSH (`python3 -c SOURCE`), read a request as JSON from standard input, and answer with JSON
on standard output; see `utils.cluster.programs`. A failure is one line on standard error and exit code 1.
"""
