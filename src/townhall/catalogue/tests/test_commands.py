"""`townhall catalogue`: what it prints, and the exit codes that scripts rely on."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from townhall import cli
from townhall.catalogue import commands
from townhall.catalogue.engine import schema
from townhall.catalogue.engine.jurisdiction import Pack
from townhall.catalogue.operations import library
from townhall.catalogue.tests.conftest import HERE, PERMIT

PACK = ["--pack", str(HERE / "pack")]


def run(*arguments: str) -> int:
    return cli.main(["catalogue", *arguments])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "permit.yaml"
    path.write_text(PERMIT, encoding="utf-8")
    return path


def test_lint_and_test_of_a_whole_pack(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("lint", *PACK) == 0
    assert "resident-permit.yaml: good" in capsys.readouterr().out
    assert run("test", *PACK) == 0
    assert "resident-permit: 3 of 3 tests pass" in capsys.readouterr().out


def test_the_pack_of_the_settings_with_every_published_row(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("test") == 0
    said = capsys.readouterr().out
    assert "55 of 55 published rows agree" in said
    assert "71 of 71 published rows agree" in said


def test_a_mistake_and_a_failing_test_give_another_exit_code(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(PERMIT.replace("fee: 120.00", "fee: 9.00"), encoding="utf-8")
    assert run("lint", str(file), *PACK) == 0
    assert run("test", str(file), *PACK) == 1
    said = capsys.readouterr().out
    assert "FAILED line 42: owner in zone is automatic" in said
    assert "fee: expected 9.00, got 120.00 GBP" in said
    file.write_text(PERMIT.replace("{type: plate}", "{type: plates}"), encoding="utf-8")
    assert run("lint", str(file), *PACK) == 1
    assert run("test", str(file), *PACK) == 1
    assert 'cannot be "plates"' in capsys.readouterr().out


def test_findings_as_json_for_an_editor(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(PERMIT.replace("{type: plate}", "{type: plates}"), encoding="utf-8")
    assert run("lint", str(file), "--json", *PACK) == 1
    found = json.loads(capsys.readouterr().out)
    assert found[0]["file"] == "permit.yaml"
    assert found[0]["line"] == 21
    assert found[0]["severity"] == "error"
    assert run("test", str(file), "--json", *PACK) == 1
    assert json.loads(capsys.readouterr().out)[0]["problems"] == found


def test_a_file_that_is_not_there_and_a_pack_that_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("lint", str(tmp_path / "nothing.yaml"), *PACK) == 1
    assert "cannot be read" in capsys.readouterr().out
    assert run("lint", "--pack", str(tmp_path)) == 2
    assert "pack.yaml" in capsys.readouterr().err


def test_a_difference_in_words(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(PERMIT.replace("within: 6 weeks}", "within: 8 weeks}"), encoding="utf-8")
    assert run("diff", str(file), str(other), *PACK) == 0
    assert "can be appealed against at appeal-permit within 8 weeks" in capsys.readouterr().out
    other.write_text(PERMIT.replace("{type: plate}", "{type: text}"), encoding="utf-8")
    assert run("diff", str(file), str(other), *PACK) == 0
    assert "“no zone” would also be asked: plate" in capsys.readouterr().out
    assert run("diff", str(file), str(file), *PACK) == 0
    assert "Nothing changes" in capsys.readouterr().out
    assert run("diff", str(file), str(tmp_path / "none.yaml"), *PACK) == 2


def test_the_schema_and_the_reference(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schema") == 0
    assert capsys.readouterr().out == schema.as_text()
    assert run("schema", "--reference") == 0
    assert capsys.readouterr().out == schema.reference()


@pytest.mark.django_db
class TestWithADatabase:
    """The commands behind the command line; joining the database is the cli's own matter."""

    @pytest.fixture(autouse=True)
    def _own_town_hall(self, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(library, "pack", lambda: pack)
        monkeypatch.setattr(library, "_shelf", library._Shelf())

    def run(self, *arguments: str) -> int:
        parser = argparse.ArgumentParser()
        commands.add_parser(parser.add_subparsers())
        parsed = parser.parse_args(["catalogue", *arguments])
        assert parsed.needs_database
        return int(parsed.run(parsed))

    def test_publish_list_and_compare(
        self, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.run("publish", str(file)) == 0
        later = tmp_path / "later.yaml"
        later.write_text(PERMIT.replace("version: 4", "version: 5"), encoding="utf-8")
        bad = tmp_path / "bad.yaml"
        bad.write_text(PERMIT.replace("5 years", "9 years"), encoding="utf-8")
        assert self.run("publish", str(bad), str(later)) == 1
        said = capsys.readouterr()
        assert "version 5 is live (published)" in said.out
        assert "what was live stays" in said.err
        assert "Write  version: 5" in said.err
        assert self.run("versions", "resident-permit") == 0
        assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["5", "4"]
        assert self.run("diff", "--published", "resident-permit@4", "resident-permit") == 0
        assert "Nothing changes" in capsys.readouterr().out

    def test_what_does_not_exist(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.run("versions", "nothing") == 1
        assert self.run("diff", "--published", "nothing@1", "nothing@2") == 2
        assert "There is no service 'nothing'" in capsys.readouterr().err
