"""Names of things. All are plain text, or a number for the epoch."""

from typing import NewType

ZoneId = NewType("ZoneId", str)
"""One failure domain that can be lost as a whole."""

ClusterId = NewType("ClusterId", str)
"""One database cluster with its journal and epoch; the `site` of its file."""

ServerId = NewType("ServerId", str)
"""One database server of the cluster; stable over restarts and re-seeding."""

SiteId = NewType("SiteId", str)
"""One web site: the host name users type."""

SlotId = NewType("SlotId", str)
"""A group of sites that move together; losing a zone changes slots, not sites."""

EdgeId = NewType("EdgeId", str)
"""One edge point of presence."""

IncidentId = NewType("IncidentId", str)
"""From the first failing verdict to the closed record."""

Epoch = NewType("Epoch", int)
"""Fencing token: +1 per attempt, never reused; an older one changes nothing."""

BootId = NewType("BootId", str)
"""Changes whenever a database server process starts anew."""
