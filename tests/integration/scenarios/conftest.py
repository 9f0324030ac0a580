"""Servers for scenarios: the facts' own pairs, started in the same way."""

from tests.integration.facts.conftest import golden, start

__all__ = ["golden", "start"]
