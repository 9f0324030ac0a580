"""The zone agent: what runs beside a database and may end it.

It knows one zone's process and database, and how to reach the other zones'
agents; never why a site moves. What it acts with are the ports beside it.
"""
