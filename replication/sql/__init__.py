"""SQL servers: sessions, statements' answers, and what both engines share.

Owns connections, their time-outs and what a lost answer means. Must not know
why an order is given. An engine's own order of statements is its adapter's.
"""
