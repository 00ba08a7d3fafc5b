#!/usr/bin/env python3
"""Writes the Hadamard matrices that aren't powers of two, as the tools of the field use them, into one text file.

usage: python tools/make_hadamard_table.py [--out core/src/main/resources/dev/hadron/numerics/hadamard.txt]

Needs amd-quark and what it imports (interop/requirements.txt pins them). The entries are those of Sloane's library of Hadamard matrices
(http://neilsloane.com/hadamard/) in the choice that QuaRot made and others took over; they are read off by asking amd-quark for each matrix.
Each is checked here: entries of 1 and -1 only, H times its transpose = K times the identity.

The file: lines that begin with # are comments; then for each size a line with K, and K lines with a row each, K/4 hexadecimal digits, the first
column in the highest bit, a bit set for -1.
"""
import argparse
import pathlib

import torch
from quark.torch.algorithm.rotation.hadamard import get_hadamard_matrices

SIZES = [12, 20, 28, 36, 40, 52, 60, 108, 140, 156, 172]
HEADER = """\
# Hadamard matrices of Sloane's library (http://neilsloane.com/hadamard/), in the choice of QuaRot (Ashkboos et al. 2024, arXiv:2404.00456).
# A line with the size K, then K rows of K/4 hexadecimal digits: the first column in the highest bit, a bit set for -1.
# Written by tools/make_hadamard_table.py.
"""


def matrix(size):
    _, h, k = get_hadamard_matrices(size)
    h = h.to(torch.int64)
    assert k == size and h.shape == (size, size) and bool((h.abs() == 1).all()), size
    assert torch.equal(h @ h.T, size * torch.eye(size, dtype=torch.int64)), size
    return h


def row_text(row):
    bits = "".join("1" if entry < 0 else "0" for entry in row.tolist())
    return f"{int(bits, 2):0{len(bits) // 4}x}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, default="core/src/main/resources/dev/hadron/numerics/hadamard.txt")
    out = parser.parse_args().out
    text = HEADER
    for size in SIZES:
        text += f"{size}\n" + "".join(row_text(row) + "\n" for row in matrix(size))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="ascii")
    print(f"{out}: {len(SIZES)} matrices, {len(text)} bytes")


if __name__ == "__main__":
    main()
