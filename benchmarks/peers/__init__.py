"""The engines, each in a file of its own behind one interface. To add one: a class, and its line here."""

from __future__ import annotations

from benchmarks.peers.copasi import Copasi
from benchmarks.peers.diffrax import Diffrax
from benchmarks.peers.interface import Engine
from benchmarks.peers.libroadrunner import LibRoadRunner
from benchmarks.peers.mrgsolve import Mrgsolve
from benchmarks.peers.numbalsoda import NumbaLsoda
from benchmarks.peers.ours import Ours
from benchmarks.peers.scikit_sundae import ScikitSundae
from benchmarks.peers.scipy_lsoda import ScipyLsoda, ScipyOdeint

QUICK: tuple[type[Engine], ...] = (Ours, LibRoadRunner, ScikitSundae, ScipyLsoda)
ALL: tuple[type[Engine], ...] = (*QUICK, ScipyOdeint, Copasi, NumbaLsoda, Diffrax, Mrgsolve)
