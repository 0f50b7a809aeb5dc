"""The rules of the house that a machine can hold: who imports whom, and how long things get."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = sorted((PROJECT / "feeds").rglob("*.py"))
VAGUE = {"utils", "util", "manager", "base", "common", "misc"}


def name(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def test_every_import_contract_is_kept():
    # As a process: it sets up logging so that every logger of this one would be silent for the tests that come after.
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_package_is_in_a_layer():
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    layered = {module.strip() for layer in layers for module in layer.split("|")}
    modules = {f"feeds.{path.stem}" for path in (PROJECT / "feeds").iterdir() if not path.name.startswith("__")}
    assert modules | {"feeds.__main__"} == layered


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_file_has_more_than_400_lines_and_no_function_more_than_40(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    assert [f"{f.name}: {f.end_lineno - f.lineno + 1}" for f in functions if f.end_lineno - f.lineno >= 40] == []


def test_no_module_has_a_name_that_says_nothing():
    assert [name(path) for path in SOURCES if VAGUE & {*path.parts[len(PROJECT.parts) :], path.stem}] == []


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_every_module_says_what_it_is_for(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
