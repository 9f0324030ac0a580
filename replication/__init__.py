"""Where the data is: topology, GTID, durability, fencing, promotion.

Owns one database server at a time behind `ports.DatabaseServer`, and the pure
arithmetic on GTID sets. Must not know traffic, zones' health or incidents: it
is told what to make true and reports what it read back. A new engine is one
file in `adapters/`, one line in `registry.py`, one class in `tests/contract`.
"""
