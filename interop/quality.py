#!/usr/bin/env python3
"""Quantizes a model with each scheme and algorithm and prints perplexity, divergence and the last layer's output error. Started by interop/quality."""
import argparse, json, pathlib, subprocess, sys, tempfile

ap = argparse.ArgumentParser()
for name in ("hadron", "texts", "model"):
    ap.add_argument(name, type=pathlib.Path)
ap.add_argument("--reference", type=pathlib.Path)
ap.add_argument("--only", default="")
ap.add_argument("--damp-percent", type=float, default=0.01)
a = ap.parse_args()
reference = json.loads(a.reference.read_text())["perplexity"] if a.reference else {}


def spec(dtype, scheme, symmetric, group=None, axis=None):
    observer = {"per_group": "PerGroupMinMaxObserver", "per_channel": "PerChannelMinMaxObserver", "per_tensor": "PerTensorMinMaxObserver"}[scheme]
    found = {"dtype": dtype, "qscheme": scheme, "symmetric": symmetric, "scale_type": "float", "round_method": "half_even", "is_dynamic": False, "observer_cls": observer}
    return found | ({"group_size": group} if group else {}) | ({"ch_axis": axis} if axis is not None else {})


inputs = spec("int8", "per_tensor", True)
schemes = {
    "int4_group32": (spec("int4", "per_group", True, 32, -1), None),
    "uint4_group128": (spec("uint4", "per_group", False, 128, -1), None),
    "int3_group32": (spec("int3", "per_group", True, 32, -1), None),
    "int4_channel": (spec("int4", "per_channel", True, None, 0), None),
    "w8a8": (spec("int8", "per_channel", True, None, 0), inputs),
    "w4a8": (spec("int4", "per_group", True, 32, -1), inputs),
}
weights = ["none", "awq", "gptq", "rotation", "rotation+gptq"]
activations = ["none", "smoothquant", "autosmoothquant", "rotation", "smoothquant+gptq"]
runs = [(s, x) for s in schemes for x in (activations if schemes[s][1] else weights)]
if a.only:
    runs = [tuple(r.split(":")) for r in a.only.split(",")]
wire = {"smoothquant": "smooth", "rotation": "rotation"}
print("| scheme | algorithm | Hadron | reference | difference | KL divergence | reference's | output error |")
print("|---|---|---|---|---|---|---|---|")
for scheme, algorithm in runs:
    weight, activation = schemes[scheme]
    config = {"format": 1, "global_quant_config": {"weight": weight} | ({"input_tensors": activation} if activation else {}), "exclude": ["lm_head"]}
    for part in algorithm.split("+"):
        if part in wire:
            config.setdefault("pre_quant_opt_config", []).append({"name": wire[part]})
        elif part != "none":
            config["algo_config"] = {"name": part} | ({"damp_percent": a.damp_percent} if part == "gptq" else {})
    with tempfile.TemporaryDirectory() as folder:
        file, out = pathlib.Path(folder, "config.json"), pathlib.Path(folder, "out")
        file.write_text(json.dumps(config))

        def run(*words):
            done = subprocess.run([str(x) for x in (a.hadron, *words, "--json")], stdout=subprocess.PIPE, text=True)
            if done.returncode:
                sys.exit(f"{scheme}:{algorithm}: hadron {words[0]} ended with exit code {done.returncode}")
            return json.loads(done.stdout)

        run("quantize", a.model, "--config", file, "--layout", "hadron", "--output", out, "--calibration", a.texts / "calibration.txt", "--samples", 64, "--length", 256)
        result = run("compare", a.model, out, "--text", a.texts / "evaluation.txt", "--window", 256, "--tokens", 32768)
    ours, row = result["quantized"]["perplexity"], reference.get(f"{scheme}:{algorithm}", {})
    theirs = row.get("perplexity")
    rest = f"{theirs:.4f} | {100 * (ours / theirs - 1):+.3f} %" if theirs else " | "
    divergence = f"{result['kl']['mean']:.5f} | " + (f"{row['kl']:.5f}" if "kl" in row else "")
    output_error = "" if "rotation" in algorithm else f"{result['layers'][-1]['snr_db']:.1f} dB"
    print(f"| {scheme} | {algorithm} | {ours:.4f} | {rest} | {divergence} | {output_error} |", flush=True)
