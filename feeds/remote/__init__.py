"""What other people's feeds say, read from bytes and turned into values; never fetches, never decides what is shown."""
