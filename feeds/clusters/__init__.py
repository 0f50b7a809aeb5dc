"""Find the items that tell the same story, so that a topic feed carries it once; pure."""
