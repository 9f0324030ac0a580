"""Is an installation fit to be trusted? What a server said, and what it costs.

Owns the questions (`words`), what was answered (`inspection`) and the checks
on it, all pure; asking is `replication.sql.inspector`. Must not know zones or
the daemon: it looks once, changes nothing and is told whose account is whose.
A new check is one function in one of the tables and one planted defect in its
test.
"""
