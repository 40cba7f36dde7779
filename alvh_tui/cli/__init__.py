"""The command line: one small file a command, each importing what it needs only when it runs."""
