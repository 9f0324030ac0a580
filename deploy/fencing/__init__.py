"""Ways to prove a fence from outside the database, each its own small adapter.

They know nothing of why a zone is fenced, nor of each other. A new one is a
file here, a `Proof`, a line in the composition root and a contract signature.
"""
