"""`feeds completion`: real shells ask the real program; what they are told, what that costs, where scripts go."""

import json
import os
import pty
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from feeds.cli.completion import MARK, SHELLS, completion_script

CATALOGUE = {
    "feeds": [
        {"key": "all", "kind": "all", "title": "Everything"},
        {"key": "topics/ai", "kind": "topic", "title": "AI: the best, of all"},
        {"key": "topics/künstlich", "kind": "topic", "title": "Künstlich"},
        {"key": "providers/reuters.com", "kind": "provider", "title": "Reuters"},
    ]
}
SOURCES = [{"url": "https://one.example/feed"}, {"id": "two", "url": "https://two.example/feed"}]
HEAVY = {"sqlalchemy", "pydantic", "yaml", "httpx", "asyncio", "rich", "msgspec"}
LOADED = """
import sys
from feeds.cli.main import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
print("loaded:", *sorted(sys.modules))
"""


def publish(out: Path) -> None:
    out.mkdir(parents=True)
    (out / "feeds.json").write_text(json.dumps(CATALOGUE), encoding="utf-8")


@pytest.fixture
def site(folder: Path) -> Path:
    """Return a folder with settings and published feeds."""
    (folder / "config").mkdir()
    settings = "base_url: https://feeds.example.org/\nout: public # readers see it\nsources: " + json.dumps(SOURCES)
    (folder / "config" / "feeds.yaml").write_text(settings, encoding="utf-8")
    publish(folder / "public")
    return folder


@pytest.fixture
def own(tmp_path: Path, environment: Callable[..., dict[str, str]]) -> dict[str, str]:
    """Return an environment in which `feeds` is this program and the home is empty."""
    programs, home = tmp_path / "bin", tmp_path / "home"
    programs.mkdir()
    home.mkdir()
    program = programs / "feeds"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m feeds "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    inherited = environment(HOME=str(home), PATH=f"{programs}:{os.environ['PATH']}", TERM="dumb", LC_ALL="C.UTF-8")
    aside = ("XDG_", "ZDOTDIR", "BASH_COMPLETION")
    return {name: value for name, value in inherited.items() if not name.startswith(aside)}


@pytest.fixture
def propose(run) -> Callable[..., list[str]]:
    """Return a call for what the program proposes after some words, the last of which is not complete."""

    def ask(*words: str) -> list[str]:
        typed = " ".join(("feeds", *words)) + ("" if words[-1] else " ")
        done = run(_FEEDS_COMPLETE="bash_complete", COMP_WORDS=typed, COMP_CWORD=str(len(words)))
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout.splitlines()

    return ask


def plain(*words: str) -> list[str]:
    return [f"plain,{word}" for word in words]


@pytest.mark.parametrize(
    ("words", "proposed"),
    [
        (("s",), plain("serve", "sources", "status")),
        (("list", ""), plain("feeds", "items", "providers", "topics")),
        (("sources", "r"), plain("remove")),
        (("--v",), plain("--version")),
        (("list", "items", "--feed", "t"), plain("topics/ai", "topics/künstlich")),
        (("explain", "x", "--feed", ""), plain("all", "topics/ai", "topics/künstlich", "providers/reuters.com")),
        (("list", "items", "--topic", ""), plain("ai", "künstlich")),
        (("list", "items", "--provider", "r"), plain("reuters.com")),
        (("poll", ""), plain("one-example-feed", "two")),
        (("sources", "remove", "t"), plain("two")),
        (("list", "feeds", "--kind", "t"), plain("topic")),
        (("status", "--config", ""), ["file,"]),
        (("status", "--out", "p"), ["dir,p"]),
        (("build", ""), ["dir,"]),
        (("explain", "rec"), ["file,rec"]),
    ],
)
def test_what_is_proposed(site, propose, words, proposed):
    assert propose(*words) == proposed


@pytest.mark.parametrize("said", ["out: {}", "out: '{}'", 'out: "{}"', "site: {{title: out}}\nout:   {} # x"])
def test_keys_are_those_of_the_output_that_the_settings_name(folder, propose, said):
    (folder / "config").mkdir()
    (folder / "config" / "feeds.yaml").write_text(said.format("my feeds"), encoding="utf-8")
    publish(folder / "my feeds")
    assert propose("list", "items", "--feed", "a") == plain("all")


def test_keys_are_those_of_the_output_that_is_typed_or_set(folder, propose, run):
    publish(folder / "here")
    (folder / "else").mkdir()
    (folder / "else" / "feeds.yaml").write_text("out: ../here", encoding="utf-8")
    assert propose("list", "items", "--out", "here", "--feed", "a") == plain("all")
    assert propose("list", "items", "--config", "else/feeds.yaml", "--feed", "a") == plain("all")
    words = {"COMP_WORDS": "feeds list items --feed a", "COMP_CWORD": "4"}
    assert run(_FEEDS_COMPLETE="bash_complete", FEEDS_OUT="here", **words).stdout == "plain,all\n"


@pytest.mark.parametrize("fault", ["nothing", "settings", "{", "[]", '{"feeds": 1}', '{"feeds": [{"key": "a"}, 1]}'])
def test_where_nothing_can_be_proposed_nothing_is_said(folder, propose, fault):
    if fault == "settings":
        (folder / "config").mkdir()
        (folder / "config" / "feeds.yaml").write_text("sources: [}", encoding="utf-8")
    if fault.startswith(("[", "{")):
        (folder / "out").mkdir()
        (folder / "out" / "feeds.json").write_text(fault, encoding="utf-8")
    assert [line for line in propose("list", "items", "--feed", "") if line] == []
    assert [line for line in propose("poll", "") if line] == []


@pytest.mark.parametrize(
    ("words", "modules"),
    [
        (("",), set()),
        (("li",), set()),
        (("--",), set()),
        (("list", ""), {"feeds.cli.list"}),
        (("list", "items", "--feed", "t"), {"feeds.cli.list"}),
        (("explain", "x", "--feed", ""), {"feeds.cli.explain"}),
    ],
)
def test_a_proposal_imports_the_command_that_is_typed_and_nothing_heavy(site, environment, words, modules):
    typed = {"COMP_WORDS": " ".join(("feeds", *words)), "COMP_CWORD": str(len(words))}
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        cwd=site,
        env=environment(_FEEDS_COMPLETE="zsh_complete", **typed),
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.rpartition("loaded: ")[2].split())
    light = {"feeds.cli.main", "feeds.cli.options", "feeds.cli.completers"}
    assert {name for name in loaded if name.startswith("feeds.cli.")} - light == modules
    assert loaded & HEAVY == set()


# --- real shells


def installed(shell: str) -> str:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed (Debian: apt-get install {shell})")
    return program


def shell(program: str, script: str, own: dict[str, str], site: Path, *words: str) -> list[str]:
    done = subprocess.run(
        [program, *words, "-c", script], cwd=site, env=own, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "proposed"),
    [("so", ["sources"]), ("list items --feed topics/", ["topics/ai", "topics/künstlich"]), ("list fe", ["feeds"])],
)
def test_bash_completes(site, own, words, proposed):
    typed = f"COMP_WORDS=(feeds {words}); COMP_CWORD={len(words.split())}"
    ask = f'source <(feeds completion bash); {typed}; _feeds_completion feeds; printf "%s\\n" "${{COMPREPLY[@]}}"'
    assert shell(installed("bash"), ask, own, site, "--norc") == proposed


def test_bash_knows_the_function_after_an_install(site, own):
    place = '"$HOME/.local/share/bash-completion/completions/feeds"'
    ask = f"feeds completion bash --install >/dev/null; source {place}; complete -p feeds"
    [told] = shell(installed("bash"), ask, own, site, "--norc")
    assert told.endswith("-F _feeds_completion feeds")


@pytest.mark.parametrize(
    ("words", "proposed"),
    [("so", ["sources"]), ("list items --feed topics/", ["topics/ai", "topics/künstlich"]), ("list fe", ["feeds"])],
)
def test_fish_completes_after_an_install(site, own, words, proposed):
    ask = f"feeds completion fish --install >/dev/null; complete -C 'feeds {words}'"
    lines = shell(installed("fish"), ask, own, site)
    assert [line.split("\t")[0] for line in lines] == proposed


def test_zsh_completes_after_an_install(site, own):
    program, home = installed("zsh"), Path(own["HOME"])
    subprocess.run(["feeds", "completion", "zsh", "--install"], cwd=site, env=own, check=True, capture_output=True)
    lines = f"fpath+=({home}/.zfunc)\nautoload -Uz compinit && compinit -u -D\nPS1='ready> '\n"
    (home / ".zshrc").write_text(lines, encoding="utf-8")
    with Terminal([program, "-i"], own, site) as terminal:
        terminal.wait("ready> ")
        # A terminal is sent what is new only. Several times: the first one loads the script.
        for typed, added in (("feeds list items --feed providers/re", "uters.com"), ("feeds sour", "ces")) * 2:
            terminal.type(f"\x15{typed}\t")
            assert terminal.wait(added)


class Terminal:
    """A program at a terminal of its own."""

    def __init__(self, command: list[str], environment: dict[str, str], folder: Path) -> None:
        self._command, self._environment, self._folder = command, environment, folder
        self._seen = ""

    def __enter__(self) -> "Terminal":
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            self._command, cwd=self._folder, env=self._environment, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def type(self, text: str) -> None:
        self._seen = ""
        os.write(self._master, text.encode())

    def wait(self, text: str) -> bool:
        """Wait until a text is on the terminal, for half a minute at most."""
        end = time.monotonic() + 30
        while text not in self._seen:
            ready, _, _ = select.select([self._master], [], [], max(0, end - time.monotonic()))
            assert ready, self._seen
            self._seen += os.read(self._master, 4096).decode("utf-8", "replace")
        return True


# --- the command


@pytest.mark.parametrize("name", SHELLS)
def test_a_script_says_where_it_is_from_and_how_to_install_it(run, name):
    done = run("completion", name)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == completion_script(name)
    assert f"{MARK} {name}; for every new shell: feeds completion {name} --install\n" in done.stdout
    assert "_FEEDS_COMPLETE" in done.stdout


def test_what_zsh_loads_by_itself_begins_with_its_mark():
    assert completion_script("zsh").startswith("#compdef feeds\n# Written by")


PLACES = [
    ("bash", {}, "home/.local/share/bash-completion/completions/feeds"),
    ("bash", {"XDG_DATA_HOME": "data"}, "data/bash-completion/completions/feeds"),
    ("bash", {"BASH_COMPLETION_USER_DIR": "own"}, "own/completions/feeds"),
    ("zsh", {}, "home/.zfunc/_feeds"),
    ("zsh", {"ZDOTDIR": "zsh"}, "zsh/.zfunc/_feeds"),
    ("fish", {}, "home/.config/fish/completions/feeds.fish"),
    ("fish", {"XDG_CONFIG_HOME": "conf"}, "conf/fish/completions/feeds.fish"),
]


@pytest.mark.parametrize(("name", "environ", "place"), PLACES)
def test_an_install_writes_where_the_shell_looks_and_says_how_to_undo_it(tmp_path, run, own, name, environ, place):
    path = tmp_path / place
    chosen = {"HOME": own["HOME"], **{key: str(tmp_path / value) for key, value in environ.items()}}
    chosen = {
        **dict.fromkeys(("XDG_DATA_HOME", "XDG_CONFIG_HOME", "ZDOTDIR", "BASH_COMPLETION_USER_DIR"), ""),
        **chosen,
    }
    for _ in range(2):  # what it wrote itself it writes again
        done = run("completion", name, "--install", **chosen)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"written: {path}\n")
        assert done.stdout.endswith(f"to undo it: rm {path}\n")
        assert path.read_text(encoding="utf-8") == completion_script(name)
    assert os.listdir(path.parent) == [path.name]


def test_a_file_of_somebody_else_is_not_touched(run, own):
    path = Path(own["HOME"], ".zfunc", "_feeds")
    path.parent.mkdir()
    path.write_text("#compdef feeds\n# mine\n", encoding="utf-8")
    done = run("completion", "zsh", "--install", HOME=own["HOME"], ZDOTDIR="")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{path} is there already, and not by `feeds completion`" in done.stderr
    assert path.read_text(encoding="utf-8") == "#compdef feeds\n# mine\n"


def test_a_link_is_not_followed(run, own, tmp_path):
    target, path = tmp_path / "target", Path(own["HOME"], ".zfunc", "_feeds")
    target.write_text(completion_script("zsh"), encoding="utf-8")
    path.parent.mkdir()
    path.symlink_to(target)
    assert run("completion", "zsh", "--install", HOME=own["HOME"], ZDOTDIR="").returncode == 2
    assert path.is_symlink()


def test_a_place_that_cannot_be_written_is_told(run, own):
    Path(own["HOME"], ".zfunc").write_text("a file", encoding="utf-8")
    done = run("completion", "zsh", "--install", HOME=own["HOME"], ZDOTDIR="")
    assert (done.returncode, done.stdout) == (1, "")
    assert "cannot be written" in done.stderr


@pytest.mark.parametrize("words", [["completion"], ["completion", "tcsh"]])
def test_a_shell_has_to_be_named_that_is_known(run, words):
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "bash" in done.stderr
