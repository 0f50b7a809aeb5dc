"""The composition root: settings in, adapters opened, the pipeline called, everything closed again.

Decides nothing about records, links or feeds.
"""

from feeds.app.building import run_build
from feeds.app.orders import build_order

__all__ = ["build_order", "run_build"]
