"""Sweeps on Ray clusters: a coordinator that owns the store, and a feeder a cluster that talks to Ray.

The coordinator (`scripts/sweep.py run`) never imports Ray. It starts one feeder process for each cluster, on
this machine or through SSH, and speaks with it over its standard streams (`protocol`). So a cluster behind a
jump needs no port but SSH's, and whatever becomes of a Ray driver becomes of a process that is replaced.
"""
