"""Make it so: tasks, time-outs, journal writes, the lease.

Owns the event loop and the order "intent, effect, outcome". Holds no policy:
an `if` about what to do next belongs in `controller.decide`.
"""
