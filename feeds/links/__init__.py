"""Judge links: what an answer means, what many answers mean together, and what that changes in an item.

Pure: no clock, file, socket or setting is reachable from here. Time is an argument, and so is chance.
"""
