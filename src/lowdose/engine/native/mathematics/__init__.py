"""Elementary functions of vectors, written in LLVM's language: every lane alike and alone, whatever the width."""

from lowdose.engine.native.mathematics.functions import NAMES, Mathematics, evaluate

__all__ = ["NAMES", "Mathematics", "evaluate"]
