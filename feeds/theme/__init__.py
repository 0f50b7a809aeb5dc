"""How the web pages look: templates, style and script of our own, and what an operator puts in their place.

theme       reads both
templates   one file for each kind of page, one for an item, one for what surrounds every page
assets      style sheet, script and icon, published as they are

This package must never render anything.
"""
