"""What long-running commands write: lines for people on a terminal, one JSON object a line everywhere else."""

import json
import logging
import sys
import time
from datetime import UTC, datetime

KINDS = ("auto", "text", "json")
# What every record has; all else was given as `extra`, and is what there is to tell.
_COMMON = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message", "taskName"}


def configure(kind: str) -> None:
    """Send log records of this program to standard error, as `kind` says: auto, text or json."""
    as_text = kind == "text" or (kind == "auto" and sys.stderr.isatty())
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(TextLines() if as_text else JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("feeds").setLevel(logging.INFO)


class TextLines(logging.Formatter):
    """One line for people: the time, what happened, and the facts."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as a line."""
        moment = time.strftime("%H:%M:%S", time.localtime(record.created))
        facts = " ".join(f"{key}={value}" for key, value in _facts(record).items() if value not in ("", None))
        level = "" if record.levelno <= logging.INFO else f"{record.levelname.lower()}: "
        line = f"{moment} {level}{record.getMessage()}" + (f"  {facts}" if facts else "")
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLines(logging.Formatter):
    """One JSON object on a line, for machines."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as a line."""
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **_facts(record),
        }
        if record.exc_info:
            told["exception"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False, default=str)


def _facts(record: logging.LogRecord) -> dict[str, object]:
    return {key: value for key, value in vars(record).items() if key not in _COMMON}
