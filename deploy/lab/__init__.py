"""The local lab: a whole site from real servers on one machine."""
