"""What happened and what it cost: pure folds over journal records."""
