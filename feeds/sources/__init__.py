"""Where documents come from. Reads, and decides nothing about what it reads."""
