"""YAML to frozen settings, all problems at once, with line and key."""
