"""Tests."""

import pytest

# The suites hold asserts but are no test files: have pytest explain those too.
pytest.register_assert_rewrite(
    "tests.contract.database_acks",
    "tests.contract.database_cluster",
    "tests.contract.database_failover",
    "tests.contract.database_orders",
    "tests.contract.inspector",
)
