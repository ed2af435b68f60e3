"""The pages about rules: their rates and modules are loaded, their examples are run."""

from __future__ import annotations

import doctest
from pathlib import Path
from typing import Any

import pytest
import yaml

from townhall.tests.test_tutorials import Reader, blocks, steps

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGES = {
    "how-to/write-a-rule.md": 4,
    "explanation/how-a-decision-explains-itself.md": 4,
}

if not DOCS.is_dir():
    pytest.skip("the docs are in a checkout of the sources", allow_module_level=True)


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_the_page_say_what_they_show(page: str) -> None:
    """YAML is rates, Python with prompts is an example, other Python is a module."""
    names: dict[str, Any] = {"__name__": "example", "rates": {}}
    tried = 0
    for number, (language, block) in enumerate(blocks(DOCS / page)):
        where = f"{page}, block {number + 1}"
        if language == "yaml":
            # BaseLoader makes nothing but texts, as packs are read.
            names["rates"] |= yaml.load(block, Loader=yaml.BaseLoader)
        elif language == "python" and block.startswith(">>> "):
            example = doctest.DocTestParser().get_doctest(block, names, where, page, 0)
            said: list[str] = []
            runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
            runner.run(example, out=said.append, clear_globs=False)
            assert runner.summarize(verbose=False).failed == 0, "".join(said)
            names |= example.globs
            tried += 1
        elif language == "python":
            exec(compile(block, where, "exec"), names)
    assert tried >= PAGES[page]


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_of_the_page_print_what_it_shows(
    page: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reader = Reader(tmp_path, capsys)
    for language, block in blocks(DOCS / page):
        if language == "console":
            for command, said in steps(block):
                assert reader.types(f"./{command}") == said, command
