"""List and write files: the few calls both the reading and the writing side need. Decides nothing."""
