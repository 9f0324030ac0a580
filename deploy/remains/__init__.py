"""What dead databases left in their zones; one file an adapter, see `registry`.

Owns finding and reading a dead server's logs, and letting it go on with its data.
Must not know what is in a log. The next adapter is a file here, a line in the
registry and a class under `tests/contract/remains.py`.
"""
