"""Turn words into calls, and results into words. Decides nothing about records or feeds."""
