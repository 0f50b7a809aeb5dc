"""Read the look of the web pages: our own files, and over them those of the operator's folder by the same names.

Must never publish a file whose kind it does not know: the folder may hold drafts and notes.
"""

from pathlib import Path

from feeds.errors import ThemeError
from feeds.model.look import Look, Reader, Template

_OWN = Path(__file__).parent
_TEMPLATE = ".html"
# What a browser fetches for a page; the output folder knows these endings as its own.
_ASSETS = (".css", ".js", ".svg")
_KINDS = ", ".join((_TEMPLATE, *_ASSETS))


def read_look(images: str, readers: tuple[Reader, ...], folder: Path | None) -> Look:
    """Return the look with the operator's `folder` over our own files, None for no such folder. Raises ThemeError."""
    own = [*_files(_OWN / "templates"), *_files(_OWN / "assets")]
    found = {path.name: path for path in own} | {path.name: path for path in (_given(folder) if folder else ())}
    templates = [Template(name, _text(path), str(path)) for name, path in found.items() if name.endswith(_TEMPLATE)]
    assets = [(name, _bytes(path)) for name, path in found.items() if name.endswith(_ASSETS)]
    return Look(
        tuple(sorted(templates, key=lambda template: template.name)),
        tuple(sorted(assets)),
        images,
        readers,
    )


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name.endswith((_TEMPLATE, *_ASSETS)))


def _given(folder: Path) -> list[Path]:
    try:
        found = sorted(path for path in folder.iterdir() if not path.name.startswith((".", "_")))
    except OSError as error:
        raise ThemeError(f"pages.templates: cannot read {folder}: {error.strerror}; name a folder") from error
    for path in found:
        if path.is_dir() or not path.name.endswith((_TEMPLATE, *_ASSETS)):
            cure = "begin its name with _ to keep it there"
            raise ThemeError(f"{path}: only files that end with {_KINDS} belong here; {cure}")
    return found


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ThemeError(f"{path}:{line}: not UTF-8; save the file in this encoding") from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ThemeError(f"{path}: {error.strerror}") from error
