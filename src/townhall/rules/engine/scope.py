"""What an expression may speak about: names, functions, parameters, calendar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from .calendar import Calendar
from .functions import BUILTINS, FORMATS, AnyFunction
from .parameters import Parameters
from .types import DATE, Type


@dataclass(frozen=True)
class Scope:
    """The surroundings in which expressions are read.

    Parameters
    ----------
    names
        Root names and their types. `today`, a date, is always known.
    functions
        `BUILTINS`, plus the functions of the pack.
    currency
        The town hall's currency (ISO 4217): a bare number beside money is read
        in it.
    parameters
        Dated rates and tariffs. A rate may be used by its key alone, if no
        name hides it.
    calendar
        Working days; needed only by expressions that count them.
    formats
        For `matches_type`: name to a pure test of a text.

    Raises
    ------
    ValueError
        If two functions have one name.
    """

    names: Mapping[str, Type]
    functions: Iterable[AnyFunction] = BUILTINS
    currency: str = "GBP"
    parameters: Parameters | None = None
    calendar: Calendar | None = None
    formats: Mapping[str, Callable[[str], bool]] = field(default_factory=lambda: FORMATS)

    def __post_init__(self) -> None:
        found: dict[str, AnyFunction] = {}
        for function in self.functions:
            if function.name in found and found[function.name] is not function:
                raise ValueError(f'two functions are named "{function.name}"')
            found[function.name] = function
        object.__setattr__(self, "functions", tuple(found.values()))
        object.__setattr__(self, "_functions", found)

    def function(self, name: str) -> AnyFunction | None:
        """Return the function of that name, or None."""
        found: dict[str, AnyFunction] = self.__dict__["_functions"]
        return found.get(name)

    def type_of(self, name: str) -> Type | None:
        """Return the type of a root name, or None if there is no such name."""
        kind = self.names.get(name)
        return DATE if kind is None and name == "today" else kind
