"""`compile`: SBML text to a `CompiledModel`, kept on disk so that the next process need not read SBML again."""

from __future__ import annotations

import builtins
import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import MappingProxyType
from typing import Any

from lowdose.engine.errors import EngineError, UnknownName
from lowdose.engine.native.machine import Machine, this_machine, translate
from lowdose.engine.native.runner import Runner
from lowdose.engine.printing import NUMPY

__all__ = ["CompiledModel", "compile"]

FORMAT = 3
"""Raised whenever generated code or tables change, so that older cache entries are rebuilt."""

SLOPES = "with slopes\n"
"""Before the text of a model whose slopes are carried along, in what is hashed."""


@dataclass(frozen=True, slots=True)
class CompiledModel:
    """A model as generated source and tables: immutable, picklable, comparable by `hash`.

    Made by `compile`, not by hand.

    Attributes
    ----------
    hash : str
        SHA-256 of the SBML text, and of whether slopes are carried along.
    states : tuple of str
        What has a rate of change, in the model's order.
    constants : tuple of str
        What initial assignments set once.
    source, jacobian, autonomous
        See `lowdose.engine.codegen.Code`.

    Examples
    --------
    >>> from antimony import loadAntimonyString, getSBMLString
    >>> _ = loadAntimonyString("model m; k = 0.1; x = 1; x' = -k*x; y := 2*x; end")
    >>> model = compile(getSBMLString("m"))
    >>> model.states, dict(model.parameters), model.variables
    (('x',), {'k': 0.1}, ('x', 'y'))
    """

    hash: str
    states: tuple[str, ...]
    constants: tuple[str, ...]
    source: str
    jacobian: tuple[int, ...] | None
    autonomous: bool
    _parameters: tuple[tuple[str, float], ...]
    _outputs: tuple[tuple[str, str, tuple[str, ...]], ...]
    _units: tuple[tuple[str, str], ...]
    _machine: str
    _rows: int
    _code: str
    _work: tuple[tuple[str, float], ...]

    def __repr__(self) -> str:
        return f"<CompiledModel {self.hash[:12]}: {', '.join(self.states)}>"

    @property
    def runner(self) -> Runner:
        """The compiled driver, loaded once in each process.

        Raises
        ------
        EngineError
            The model was compiled on a machine of another kind.
        """
        machine = this_machine()
        if machine.name != self._machine:
            raise EngineError(
                "the model was compiled on another kind of machine", where=self.hash[:12], remedy="compile it here"
            )
        return _loaded(self._code, machine, self._rows)

    @property
    def parameters(self) -> Mapping[str, float]:
        """What `solve` may be given, with its default; NaN where the model gives none."""
        return MappingProxyType(dict(self._parameters))

    @property
    def variables(self) -> tuple[str, ...]:
        """What an output may name: states, assigned names, constants set at the start."""
        return (*self.states, *(name for name, _, _ in self._outputs), *self.constants)

    @property
    def units(self) -> Mapping[str, str]:
        """Unit of every name and of ``time``, as the model calls it; "" where it does not say."""
        return MappingProxyType(dict(self._units))

    @property
    def work(self) -> Mapping[str, float]:
        """Arithmetic of one step tried, for each lane, counted in the code, and the number of lanes.

        ``flops_per_step`` counts sums, products and divisions once and a fused multiply-add twice; of them,
        ``divisions_per_step`` are divisions by the processor's divider.
        """
        return MappingProxyType(dict(self._work))

    def kernels(self, names: Mapping[str, Any]) -> tuple[Any, Any]:
        """The generated ``start`` and ``make``, with functions taken from ``names`` (`printing.PLAIN` or `NUMPY`).

        Examples
        --------
        >>> from antimony import loadAntimonyString, getSBMLString
        >>> from lowdose.engine.printing import PLAIN
        >>> _ = loadAntimonyString("model m; k = 0.1; x = 1; x' = -k*x; end")
        >>> start, make = compile(getSBMLString("m")).kernels(PLAIN)
        >>> start((0.1,), 0.0)
        ((), (1.0,))
        """
        namespace = dict(names)
        exec(_bytecode(self.source, self.hash), namespace)
        return namespace["start"], namespace["make"]

    def observer(self, outputs: Iterable[str]) -> Any:
        """A function ``(t, y, parameters, constants) -> dict`` over arrays of times that computes only ``outputs``.

        Raises
        ------
        UnknownName
            An output is not among `variables`.

        Examples
        --------
        >>> from antimony import loadAntimonyString, getSBMLString
        >>> _ = loadAntimonyString("model m; k = 0.1; x = 1; x' = -k*x; y := 2*x; end")
        >>> compile(getSBMLString("m")).observer(["z"])
        Traceback (most recent call last):
        lowdose.engine.errors.UnknownName: no output is named 'z'
          remedy: known: x, y
        """
        outputs = tuple(dict.fromkeys(outputs))
        for name in outputs:
            if name not in self.variables:
                raise UnknownName.among("output", name, self.variables)
        wanted = set(outputs)
        for name, _, used in reversed(self._outputs):
            if name in wanted:
                wanted |= set(used)
        lines = ["def observe(t, y, parameters, constants):"]
        lines += [f"    {name}_ = y[{i}]" for i, name in enumerate(self.states) if name in wanted]
        lines += [f"    {k}_ = parameters[{i}]" for i, (k, _) in enumerate(self._parameters) if k in wanted]
        lines += [f"    {name}_ = constants[{i}]" for i, name in enumerate(self.constants) if name in wanted]
        lines += [f"    {name}_ = {source}" for name, source, _ in self._outputs if name in wanted]
        lines.append("    return {" + ", ".join(f"{name!r}: {name}_" for name in outputs) + "}")
        namespace = dict(NUMPY)
        exec(_bytecode("\n".join(lines), self.hash), namespace)
        return namespace["observe"]


@lru_cache(maxsize=64)
def _bytecode(source: str, name: str) -> Any:
    return builtins.compile(source, f"<model {name[:12]}>", "exec")


def compile(sbml: str, *, cache: Path | None = None, slopes: bool = False) -> CompiledModel:
    """Compile SBML text.

    Parameters
    ----------
    sbml : str
        The model, in SBML.
    cache : Path, optional
        Folder in which the compiled form is kept and looked for. An entry made by another engine, compiler or
        processor, or damaged, is made again; a folder that cannot be written is no error.
    slopes : bool
        Carry derivatives along, for `lowdose.engine.sensitivities` (see `lowdose.engine.tangent`).

    Returns
    -------
    CompiledModel

    Raises
    ------
    InvalidModel
        The text is not valid SBML.
    UnsupportedModel
        The model uses a feature that is not solved; the feature is named.

    Examples
    --------
    >>> from antimony import loadAntimonyString, getSBMLString
    >>> _ = loadAntimonyString("model m; k = 0.1; x = 1; x' = -k*x; end")
    >>> compile(getSBMLString("m")).states
    ('x',)
    """
    digest = hashlib.sha256((SLOPES * slopes + sbml).encode()).hexdigest()
    path = cache / f"engine-{FORMAT}-{_makers()}-{digest}.json" if cache else None
    model = _from_text(_read(path), digest) if path else None
    if model is None:
        model = _build(sbml, digest, slopes=slopes)
        if path:
            _write(path, _to_text(model))
    return model


@lru_cache(maxsize=1)
def _makers() -> str:
    """What else decides the machine code: the engine's own source, the compiler and the processor."""
    digest = hashlib.sha256(this_machine().name.encode())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _build(sbml: str, digest: str, *, slopes: bool = False) -> CompiledModel:
    from lowdose.engine.codegen import generate
    from lowdose.engine.native.build import write_program
    from lowdose.engine.sbml import read
    from lowdose.engine.tangent import tangent

    description = tangent(read(sbml)) if slopes else read(sbml)
    code = generate(description)
    machine = this_machine()
    program = write_program(description, machine)
    return CompiledModel(
        hash=digest,
        states=tuple(description.rates),
        constants=tuple(description.constants),
        source=code.source,
        jacobian=code.jacobian,
        autonomous=code.autonomous,
        _parameters=tuple(description.parameters.items()),
        _outputs=tuple((name, source, used) for name, (source, used) in code.outputs.items()),
        _units=tuple(description.units.items()),
        _machine=machine.name,
        _rows=program.rows,
        _work=program.work,
        _code=b64encode(translate(program.text, machine)).decode(),
    )


@lru_cache(maxsize=64)
def _loaded(code: str, machine: Machine, rows: int) -> Runner:
    return Runner(b64decode(code), machine, rows)


def _to_text(model: CompiledModel) -> str:
    """JSON with its own checksum in front."""
    tables = {field: getattr(model, field) for field in CompiledModel.__slots__}
    text = json.dumps(tables, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest() + "\n" + text


def _from_text(text: str, digest: str) -> CompiledModel | None:
    """The model, or None where the text is not exactly what was written for this SBML."""
    checksum, _, body = text.partition("\n")
    if hashlib.sha256(body.encode()).hexdigest() != checksum:
        return None
    try:
        tables = json.loads(body)
    except ValueError:
        return None
    if not isinstance(tables, dict) or set(tables) != set(CompiledModel.__slots__):
        return None
    if (tables["hash"], tables["_machine"]) != (digest, this_machine().name):
        return None
    return CompiledModel(**{field: _frozen(value) for field, value in tables.items()})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _write(path: Path, text: str) -> None:
    """Atomic, so that processes may share the folder."""
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent, suffix=".tmp", delete=False, encoding="utf-8") as file:
            temporary = Path(file.name)
            file.write(text)
        temporary.replace(path)
    except OSError:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
