"""What clients saw, judged against what the database holds."""
