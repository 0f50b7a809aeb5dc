"""Where published files go. Writes, and decides nothing."""
