"""Shared by all tests: no window is ever opened, and the figures that the tests measure are printed at the end."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import settings

os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

settings.register_profile("piggybank", deadline=None)  # a busy machine is no failure
settings.load_profile("piggybank")

FIGURE = "figure: "
"""How the name of a figure begins among a report's properties."""


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str, object], None]:
    """Report a measured figure: figure("T18 exp, largest error in ulp", 0.51). It travels with the test's report, so
    that the table at the end has it whichever process ran the test. T and a number stand for one promise each, such as
    T18 for the functions of `portable`; they keep its figures together in the table."""

    def report(name: str, value: object) -> None:
        request.node.user_properties.append((FIGURE + name, str(value)))

    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`pytest -m proof` runs the tests that measure a figure, and ends in the table of them."""
    for item in items:
        if "figure" in getattr(item, "fixturenames", ()):
            item.add_marker("proof")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Use every core when more than some files are asked for and pytest-xdist is there; -n and --dist go first. The
    processes take stretches of neighbouring tests, so that what a file keeps is made once; an idle one takes over the
    rest of another's."""
    some_files = [name for name in config.option.file_or_dir if ".py" in name]
    worker, installed = hasattr(config, "workerinput"), config.pluginmanager.hasplugin("xdist")
    if installed and not worker and not some_files and config.option.numprocesses is None and not config.option.tx:
        config.option.numprocesses = "auto"
        if config.option.dist == "no":
            config.option.dist = "worksteal"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    figures = {
        name.removeprefix(FIGURE): value
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name.startswith(FIGURE)
    }
    if figures:
        terminalreporter.section("figures")
        width = max(map(len, figures))
        for name in sorted(figures):
            terminalreporter.write_line(f"{name:<{width}}  {figures[name]}")
