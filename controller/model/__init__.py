"""The shared nouns: ids, outcomes, commands, clock, errors.

Owns the words every other package speaks. Must not know any of them: it
imports nothing of ours, does no I/O and reads no clock.
"""
