"""What a pharmacy that does not exist has on its shelf, and ``lowdose compound`` as it is typed there."""

from __future__ import annotations

from click.testing import CliRunner

from lowdose.cli.compound import command

BY = "A. Brown, pharmacist, GPhC 0000000"
LOT = "number=N-1, expiry=2028-03-01, assay=99.1, basis=anhydrous-solvent-free, water=4.2, solvent=0"
BATCH = """\
schema: lowdose.batch/1
batch_lot: LDN-7
lot: {number: N-1, expiry: 2028-03-01, assay: 99.1, basis: anhydrous-solvent-free, water: 4.2, solvent: 0}
ingredients:
  Avicel PH-102: {number: C-8, expiry: 2028-01-31}
  ascorbic acid: {number: A-1, expiry: 2027-12-31}
  sodium benzoate: {number: B-1, expiry: 2027-12-31}
  glycerol: {number: G-1, expiry: 2027-12-31}
  water: {number: W-1, expiry: 2027-12-31}
balance: {sensitivity: 1, readability: 0.1}
"""
FILLED = """\
schema: lowdose.filled/1
weighings:
  - {ingredient: naltrexone hydrochloride, actual: 150.2, weighed_by: "B. Green, technician, T 1", checked_by: "A. Brown, pharmacist, GPhC 0000000"}
  - {ingredient: microcrystalline cellulose, actual: 8464.1, weighed_by: "B. Green, technician, T 1", checked_by: "A. Brown, pharmacist, GPhC 0000000"}
  - {ingredient: size 3 capsule shells, lot: S-3, expiry: 2028-01-31, actual: 95, weighed_by: "B. Green, technician, T 1", checked_by: "A. Brown, pharmacist, GPhC 0000000"}
yield: 94
contents: [98, 101, 99, 102, 97, 100, 103, 96, 101, 99]
assay: {laboratory: Quality Ltd, report: Q-2026-81, method: HPLC, on: 2026-12-03}
"""  # noqa: E501

COMMON = ("--batch", "batch.yaml", "--on", "2026-12-01", "--excipient-allergy", "no")
CAPSULES = ("capsules", "--strength", "1.5 mg", "--count", "90", "--size", "3", *COMMON)
BASE = "Base B (cream base)"
PACKED = ("--packing", "filler=90, drug=150")
SOLUTION = ("solution", "--strength", "1 mg/mL", "--volume", "120 mL", *COMMON)


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(command, list(arguments))
    error = done.exception
    code = getattr(error, "exit_code", done.exit_code) if error else done.exit_code
    return code, done.stdout, done.stderr + str(error or "")
