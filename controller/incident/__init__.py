"""The durable truth: records, the journal that keeps them, their replay."""
