"""Real and memory adapters; only the composition root names them."""
