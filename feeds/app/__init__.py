"""The composition root: settings in, adapters opened, the pipeline called, everything closed again.

Decides nothing about records, links or feeds.
"""

from feeds.app.building import build_order, run_build

__all__ = ["build_order", "run_build"]
