"""Ask the URLs that are due, politely, and hand on what was seen.

Asynchronous, as `feeds.web` is and nothing else. It must never judge a link, and knows neither SQL nor HTTP: it works
through the contracts of `feeds.probe.ports`.
"""
