"""The command line: asks the daemon, starts labs, prints what they say."""
