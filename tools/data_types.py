#!/usr/bin/env python3
"""Quantizes the example model to every data type and prints the table of docs/data-types.md.

usage: tools/data_types.py [--tokens N] > docs/data-types.md

Each row is a run of ./hadron as a user would start it: the checkpoint is written in the layout hadron, read back, verified and evaluated.
Needs no package but Python's own.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL = ROOT / "examples/quill-4m"
TEXT = ROOT / "examples/text/evaluation.txt"

TENSOR = {"qscheme": "per_tensor", "observer_cls": "PerTensorMinMaxObserver"}
CHANNEL = {"qscheme": "per_channel", "observer_cls": "PerChannelMinMaxObserver", "ch_axis": 0}


def group(size):
    return {"qscheme": "per_group", "observer_cls": "PerGroupMinMaxObserver", "ch_axis": -1, "group_size": size}


def scaled(dtype, scheme, **more):
    symmetric = not dtype.startswith("uint")
    return {"dtype": dtype, "is_dynamic": False, "symmetric": symmetric, "round_method": "half_even", "scale_type": "float", **scheme, **more}


def blocks(dtype, size, observer="PerBlockMXObserver", **more):
    return {"dtype": dtype, "is_dynamic": True, "qscheme": "per_group", "ch_axis": -1, "group_size": size, "round_method": "half_even", "observer_cls": observer, **more}


def cast(dtype):
    return {"dtype": dtype, "observer_cls": "PlaceholderObserver"}


def rows():
    """Name, weights, and inputs where the type is meant for them."""
    for dtype in ("int4", "uint4", "int8", "uint8", "fp8_e4m3", "fp8_e5m2"):
        name = {"fp8_e4m3": "FP8E4M3", "fp8_e5m2": "FP8E5M2"}.get(dtype, dtype.capitalize())
        eight = "4" not in dtype[:5]
        inputs = scaled(dtype, TENSOR, is_dynamic=True) if eight else None
        yield f"`{name}PerTensorSpec`", scaled(dtype, TENSOR), inputs
        yield f"`{name}PerChannelSpec`", scaled(dtype, CHANNEL), None
        yield f"`{name}PerGroupSpec`, 128", scaled(dtype, group(128)), None
    yield "`Float16Spec`", cast("float16"), cast("float16")
    yield "`Bfloat16Spec`", cast("bfloat16"), cast("bfloat16")
    for element in ("fp8_e4m3", "fp8_e5m2", "fp6_e3m2", "fp6_e2m3", "fp4", "int8"):
        spec = blocks("mx", 32, mx_element_dtype=element, scale_calculation_mode="even")
        yield f"`MXSpec`, {element}", spec, spec
    for dtype, size in (("mx6", 32), ("mx9", 32)):
        yield f"`{dtype.upper()}Spec`", blocks(dtype, size), blocks(dtype, size)
    bfp = blocks("bfp16", 8, observer="PerBlockBFPObserver")
    yield "`BFP16Spec`", bfp, bfp
    nvfp4 = blocks("nvfp4", 16)
    yield "NVFP4", nvfp4, nvfp4
    for dtype in ("int3", "uint3", "int2", "uint2"):
        yield f"{dtype}, per group of 32", scaled(dtype, group(32)), None
    yield "uint4, per group of 128, float32 zero points", scaled("uint4", group(128), zero_point_type="float32"), None
    yield "uint4, per group of 128, power-of-two scales", scaled("uint4", group(128), scale_type="pof2"), None


def run(folder, weight, inputs, tokens):
    config = {"global_quant_config": {"weight": weight}, "exclude": ["lm_head"]}
    if inputs:
        config["global_quant_config"]["input_tensors"] = inputs
    file = pathlib.Path(folder) / "config.json"
    file.write_text(json.dumps(config))
    command = [ROOT / "hadron", "quantize", MODEL, "--config", file, "--layout", "hadron", "--output", pathlib.Path(folder) / "out", "--overwrite",
               "--evaluation", TEXT, "--tokens", str(tokens), "--json"]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tokens", type=int, default=32768)
    tokens = parser.parse_args().tokens
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for name, weight, inputs in rows():
            report = run(folder, weight, None, tokens)
            ratios = [layer["snr_db"] for layer in report["weights"]]
            exact = any(ratio is None for ratio in ratios)
            before = report["before"]["perplexity"]
            cells = [name, f"{report['bits_per_weight']:.3f}", "exact" if exact else f"{statistics.median(ratios):.1f} dB",
                     "0" if exact else f"{100 * 10 ** (-statistics.median(ratios) / 20):.2f} %", f"{report['after']['perplexity']:.4f}"]
            cells.append(f"{run(folder, weight, inputs, tokens)['after']['perplexity']:.4f}" if inputs else "")
            lines.append("| " + " | ".join(cells) + " |")
    print(f"""# Data types

Every data type of the configuration, and those beyond it, on `examples/quill-4m`: the checkpoint is written in the layout `hadron`, read back,
verified and evaluated over the first {tokens:,} tokens of `examples/text/evaluation.txt`. The float model's perplexity is {before:.4f}. This table is what `tools/data_types.py` prints.

*Bits* are those that a quantized weight takes in the file, scales and zero points included. *SNR* is the signal-to-noise ratio of the median layer's weight, and *error* the
same as a share of the weight's root mean square. *With inputs* is the perplexity when the inputs of the layers are quantized too, to the same type with scales of their own for each run
(8-bit types: one for the tensor); types without a figure are made for weights.

| type | bits | SNR | error | perplexity | with inputs |
|---|---|---|---|---|---|""")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
