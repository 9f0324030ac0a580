"""The two dialects against the servers themselves: words, GTIDs, privileges, TLS."""
