#!/usr/bin/env python3
"""Writes the files of torch.save that the reader of PyTorch's format is tested with.

usage: python tools/make_torch_fixtures.py [--out checkpoint/src/test/resources/torchfile]

Needs torch and safetensors (interop/requirements.txt pins them). All elements of a tensor are 0.5, 1.5, 2.5, … in the order of their indices, so
that a test knows them; the rotations are the identity with its rows moved on by one.

  contiguous.pt            float32, float64, float16, bfloat16, a scalar, an empty tensor
  strided.pt               transposed, sliced, expanded by nothing, two views of one storage
  parameters.pt            a state_dict() of parameters, with its metadata, and a parameter itself
  protocol4.pt             contiguous.pt under pickle protocol 4
  rotations.bin            R1 and the R2 of two layers, as SpinQuant saves them
  rotations.safetensors    the same
  refused-legacy.pt        the format before PyTorch 1.6
  refused-integers.pt      int64
  refused-list.pt          a list of tensors
  refused-nested.pt        a dictionary in a dictionary
  refused-object.pt        an object whose unpickling would run a command
  refused-expanded.pt      one number as 1000
"""
import argparse
import collections
import os
import pathlib

import torch
from safetensors.torch import save_file


def counted(*shape, dtype=torch.float32):
    elements = 1
    for extent in shape:
        elements *= extent
    return (torch.arange(elements, dtype=torch.float64) + 0.5).reshape(shape).to(dtype)


def contiguous():
    return {
        "float32": counted(3, 4),
        "float64": counted(2, 3, dtype=torch.float64),
        "float16": counted(2, 2, dtype=torch.float16),
        "bfloat16": counted(5, dtype=torch.bfloat16),
        "scalar": counted(),
        "empty": counted(0, 3),
    }


def strided():
    shared = counted(4, 6)
    return {
        "transposed": counted(3, 4).T.contiguous().T,
        "transposed.bfloat16": counted(2, 5).to(torch.bfloat16).T.contiguous().T,
        "transposed.float64": counted(4, 2, 3, dtype=torch.float64).permute(2, 0, 1).contiguous().permute(1, 2, 0),
        "whole": shared,
        "rows": shared[1:3],
        "columns": shared[:, 2:5:2],
        "columns.again": shared[:, 2:5:2],
        "first": shared[0, 0],
    }


def parameters():
    module = torch.nn.Module()
    module.R1 = torch.nn.Parameter(counted(2, 2))
    module.child = torch.nn.Linear(3, 2)
    with torch.no_grad():
        module.child.weight.copy_(counted(2, 3))
        module.child.bias.copy_(counted(2))
    state = module.state_dict()
    assert isinstance(state, collections.OrderedDict) and state._metadata
    state["parameter"] = module.R1
    return state


def rotations():
    names = {"R1": 8, "model.layers.0.self_attn.R2": 4, "model.layers.1.self_attn.R2": 4}
    return {name: torch.eye(size, dtype=torch.float32).roll(1, 0).contiguous() for name, size in names.items()}


class Command:
    def __reduce__(self):
        return os.system, ("touch /tmp/a-pickle-was-run",)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=pathlib.Path, default="checkpoint/src/test/resources/torchfile")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    torch.save(contiguous(), out / "contiguous.pt")
    torch.save(strided(), out / "strided.pt")
    torch.save(parameters(), out / "parameters.pt")
    torch.save(contiguous(), out / "protocol4.pt", pickle_protocol=4)
    torch.save(rotations(), out / "rotations.bin")
    save_file(rotations(), out / "rotations.safetensors")
    torch.save(contiguous(), out / "refused-legacy.pt", _use_new_zipfile_serialization=False)
    torch.save({"ids": torch.arange(3)}, out / "refused-integers.pt")
    torch.save([counted(2)], out / "refused-list.pt")
    torch.save({"a": {"b": counted(2)}}, out / "refused-nested.pt")
    torch.save({"R1": counted(2), "R2": Command()}, out / "refused-object.pt")
    torch.save({"R1": counted(1).expand(1000)}, out / "refused-expanded.pt")


if __name__ == "__main__":
    main()
