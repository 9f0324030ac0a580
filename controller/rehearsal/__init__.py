"""Rehearse: the real decisions on memory adapters and virtual time.

A second composition root: it may name memory adapters, and only those. Owns
the promises as checkers over what really happened; decides nothing itself.
"""
