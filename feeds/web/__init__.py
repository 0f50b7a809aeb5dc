"""A web client that cannot be led astray: it asks public hosts only, takes little, waits little, and never raises.

The only importer of httpx and httptools. It must never know what a link, a feed or a verdict is.
"""
