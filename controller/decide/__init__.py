"""What should be so: every decision, pure.

Given facts and the ledger it returns what to start and, when it starts
nothing although there is trouble, the named vetoes. No I/O, no clock, no
randomness; time is a field of the facts.
"""
