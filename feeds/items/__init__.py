"""Turn records into items: identity, URLs, text, dates, topics, providers, and the merging of what belongs together.

Pure: no clock, file, socket or setting is reachable from here.
"""
