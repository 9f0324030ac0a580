"""A binary log read from its bytes: where it ends, and what its rows say.

Owns the file format of both engines as far as transactions go, and comparing a
dead server's logs with a living one's history. Must not know where the bytes come
from (`deploy.ports.Remains`), nor what a comparison leads to. Another engine is
another `Survey`.
"""
