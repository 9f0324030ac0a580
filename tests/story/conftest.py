"""`pytest tests/story --rewrite` writes the transcripts as they are now."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer `--rewrite`."""
    parser.addoption("--rewrite", action="store_true", help="rewrite the stories")


@pytest.fixture
def rewrite(request: pytest.FixtureRequest) -> bool:
    """Whether the transcripts are to be written instead of compared."""
    return bool(request.config.getoption("--rewrite", default=False))
