"""`feeds check`: ask the web about the links that items use."""

import click

from feeds.cli.options import common_options, load_settings

FORMATS = ("table", "json", "junit", "markdown", "html")
OFFLINE, NEWLY_DEAD, TOO_MANY_DEAD = 1, 2, 3


@click.command(
    epilog="Examples: feeds check  ·  feeds check --plan  ·  feeds check --all --host example.org --format json"
)
@common_options
@click.option("--due/--all", "due", default=True, help="Check what is due, or everything.  [default: --due]")
@click.option("--host", metavar="H", default="", help="Only the links of this host and its subdomains.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Stop after so many links.")
@click.option("--plan", is_flag=True, help="Say what would be asked and how long that takes at least; ask nobody.")
@click.option("--format", "report_format", type=click.Choice(FORMATS), default="table", help="How to report.")
@click.option("--max-dead", type=click.IntRange(0), metavar="N", help="Exit with 3 when more links than this are dead.")
@click.option("--allow-network", multiple=True, metavar="CIDR", help="Ask addresses of this network, too.")
def check(
    due: bool,  # noqa: FBT001  click's two-sided flag
    host: str,
    limit: int | None,
    plan: bool,  # noqa: FBT001
    report_format: str,
    max_dead: int | None,
    allow_network: tuple[str, ...],
    **settings: str | None,
) -> int:
    """Check the links that items use, politely, and keep what is found.

    The next `feeds build` acts on it: a page that moved for good is linked to where it went, a dead one gives way to a
    copy. A link is dead only after failures on several days. Ctrl-C keeps everything found so far.
    """
    loaded = load_settings(**settings)  # type: ignore[arg-type]
    from feeds.app.checking import CheckWish, known_links, plan_check, run_check  # noqa: PLC0415  httpx costs 120 ms
    from feeds.cli.check_report import plan_text, report_text  # noqa: PLC0415
    from feeds.cli.check_watch import Watcher  # noqa: PLC0415

    wish = CheckWish(not due, host, limit, None, allow_network)
    report_format = "json" if loaded.settings.json_output else report_format
    if plan:
        click.echo(plan_text(plan_check(loaded, wish), as_json=report_format == "json"))
        return 0
    with Watcher() as watcher:
        report = run_check(loaded, wish, watcher.show)
    dead = known_links(loaded, ("dead",))
    click.echo(report_text(report, dead, report_format))
    if report.progress.end.value == "offline":
        return OFFLINE
    if max_dead is not None and len(dead) > max_dead:
        return TOO_MANY_DEAD
    return NEWLY_DEAD if report.newly_dead else 0
