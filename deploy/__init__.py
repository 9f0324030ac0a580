"""What runs in a zone: provisioning, the local lab, deployment files.

Owns processes, containers and data directories. Must not know when or why a
database is created. `assets/` is a shelf of files; no code imports from it.
"""
