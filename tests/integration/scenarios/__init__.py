"""The acceptance scenarios, each a test with its number in its name."""
