"""Where users go: route table with epoch, plan, gate, apply, read back.

Owns the edges. Must not know databases or why we move. A new edge kind is one
file in `adapters/`, one line in `registry.py`, one class in `tests/contract`.
"""
