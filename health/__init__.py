"""What is happening: probes, samples, verdicts.

Owns the questions asked of a zone and what the answers add up to. Must not
know what a verdict leads to. A new probe is one file in `adapters/`, one line
in `registry.py`, one class in `tests/contract`.
"""
