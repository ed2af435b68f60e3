"""The compiled back end for populations (extra `fused`): a plan as machine code.

Several times as fast as columns, and as exact. The plan is written in LLVM's
assembly language and compiled by LLVM itself, which llvmlite brings; numba's
front end took longer for a hundred rules than LLVM does for a thousand. With a
folder, the machine code is kept there for every law of the same shape.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from townhall.rules.engine.law.entities import FAMILY, HOUSEHOLD, PERSON
from townhall.rules.engine.law.errors import LawError
from townhall.rules.engine.law.planning import Plan
from townhall.rules.engine.law.populations.columns import insist_on_results, largest, plan_for
from townhall.rules.engine.law.populations.folding import fold
from townhall.rules.engine.law.populations.fused_writer import FusedWriter
from townhall.rules.engine.law.populations.population import Array, Population, dtype_of

if TYPE_CHECKING:
    from townhall.rules.engine.law.law import Law

BLOCK: Final = 4_096
"""Households at a time: what their segments keep for each other fits the second cache."""


class NotInstalled(ImportError):
    """The compiler is not there: install the extra `fused`."""


class FusedProgram:
    """A plan that can be run on a population, made for one day.

    Parameters
    ----------
    population
        Any one with columns of the same types as those it will be run on.
    folder
        Where machine code is kept between runs, readable and writable by nobody
        else: what lies there is run. None: it is compiled anew in each process.

    Raises
    ------
    NotInstalled
        If the compiler is not there.
    """

    def __init__(
        self, plan: Plan, day: date, population: Population, folder: Path | None = None
    ) -> None:
        self.plan = plan
        self.folded = fold(plan, day)
        self.dtypes = {
            number: _dtype(population.columns[plan.entity(number)][name])
            for number, name in plan.inputs.items()
        }
        self._writer = writer = FusedWriter(self.folded, self.dtypes)
        self.source = writer.write()
        self._numbers = np.array([self.folded.float(number) for number in writer.numbers], float)
        self._places = np.array([self.folded.float(number) for number in writer.places], np.int64)
        self._engine, address = compiled(self.source, folder)
        arrays = 9 + len(writer.inputs) + len(writer.kept) + len(writer.goals)
        kinds = [ctypes.c_int64, ctypes.c_int64, *[ctypes.c_void_p] * arrays]
        self._run = ctypes.CFUNCTYPE(None, *kinds)(address)

    def run(
        self,
        population: Population,
        *,
        block: int = BLOCK,
        out: Mapping[str, Array] | None = None,
    ) -> dict[str, Array]:
        """Return the values of the goals, one for each member.

        Parameters
        ----------
        out
            What an earlier run on as many members returned: it is written over.

        Raises
        ------
        NoResult
            If a goal has none for somebody.
        """
        plan, writer = self.plan, self._writer
        names = {number: name for name, number in plan.goals.items()}
        goals = {
            number: out[names[number]] if out else self._empty(number, population)
            for number in writer.goals
        }
        inputs = [self._column(population, number) for number in writer.inputs]
        sizes = largest(population, block)
        wrong = np.zeros(1, np.int64)
        kept = [
            np.empty(sizes[plan.entity(number)], dtype_of(self.folded.unit(number)))
            for number in writer.kept
        ]
        structure = [
            population.starts[FAMILY, HOUSEHOLD],
            population.starts[PERSON, FAMILY],
            population.family_of,
            population.household_of,
            population.partner,
            population.adult,
            self._numbers,
            self._places,
            wrong,
        ]
        arrays: Sequence[Array] = [*structure, *inputs, *kept, *goals.values()]
        held = [np.ascontiguousarray(array) for array in arrays]
        if population.size(HOUSEHOLD):
            addresses = [array.ctypes.data for array in held]
            self._run(block, population.size(HOUSEHOLD), *addresses)
        found = {}
        seen = {number for number in goals if number not in writer.gathered and not wrong[0]}
        for name, number in plan.goals.items():
            if number in plan.inputs:
                found[name] = self._column(population, number).copy()
            else:
                if number not in goals:
                    goals[number] = self._empty(number, population)
                    goals[number].fill(self.folded.float(number))
                found[name] = goals[number]
            if number not in seen:
                insist_on_results(name, found[name], slice(0, len(found[name])))
        return found

    def _empty(self, number: int, population: Population) -> Array:
        size = population.size(self.plan.entity(number))
        return np.empty(size, dtype_of(self.folded.unit(number)))

    def _column(self, population: Population, number: int) -> Array:
        column = population.columns[self.plan.entity(number)][self.plan.inputs[number]]
        if _dtype(column) != self.dtypes[number]:
            name = self.plan.inputs[number]
            raise LawError(f'"{name}" was compiled as {self.dtypes[number]}, not {column.dtype}.')
        return np.ascontiguousarray(column)


def simulate(
    law: Law,
    goals: Iterable[str],
    population: Population,
    *,
    day: date,
    folder: Path | None = None,
) -> dict[str, Array]:
    """Return the goals of everybody, as `columns.simulate` does."""
    plan = plan_for(law, goals, population)
    return FusedProgram(plan, day, population, folder).run(population)


def _dtype(column: Array) -> str:
    return column.dtype.str[1:]


def compiled(source: str, folder: Path | None) -> tuple[Any, int]:
    """Return an engine that holds the machine code, and the address of its function."""
    try:
        import llvmlite
        import llvmlite.binding as llvm
    except ImportError as error:
        raise NotInstalled(
            'Compiled runs need LLVM: pip install "townhall[fused]", or run in columns.'
        ) from error
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features().flatten()
    cpu = llvm.get_host_cpu_name()
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=cpu, features=features, opt=3, jit=True
    )
    path = None
    if folder is not None:
        whole = "\n".join((llvmlite.__version__, cpu, features, source))
        path = folder / f"law_{hashlib.sha256(whole.encode()).hexdigest()[:32]}.o"
    if path is not None and path.exists():
        code = path.read_bytes()
    else:
        code = _machine_code(source, machine)
        if path is not None:
            _write(path, code)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.object_file.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return engine, engine.get_function_address("run")


def _machine_code(source: str, machine: Any) -> bytes:
    import llvmlite.binding as llvm

    module = llvm.parse_assembly(source)
    module.verify()
    tuning = llvm.create_pipeline_tuning_options(speed_level=3)
    tuning.loop_vectorization = True
    tuning.slp_vectorization = False
    passes = llvm.create_pass_builder(machine, tuning)
    passes.getModulePassManager().run(module, passes)
    return bytes(machine.emit_object(module))


def _write(path: Path, code: bytes) -> None:
    """Write a file whole, or not at all; several processes may do so at once."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(code)
    Path(name).replace(path)
