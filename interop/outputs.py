#!/usr/bin/env python3
"""What `hadron compare` measures, computed with Transformers (and amd-quark) and printed beside it.

usage: python interop/outputs.py BASE QUANTIZED --text FILE [--window 256] [--tokens N] [--limit 1e-3]

Both models are loaded whole, in float32 on the CPU, and run one window at a time. Over all positions of a window but the last: perplexity, the
divergence D(base || quantized) in float64 from the float32 logits, and how often both predict the same token. Over all positions, for each decoder layer:
the signal-to-noise ratio of the residual stream that leaves it, of what the layer adds to it, and of the stream at the worst token.

Ends with 0 if every relative difference is within the limit and both name the same worst windows, in whatever order, with 1 if not.
"""
import argparse
import contextlib
import logging
import math
import pathlib
import sys

from compare import Failed, hadron
from perplexity import CannotLoad, load

WORST = 10


class Layers:
    """What enters and leaves each decoder layer of a model in its latest forward pass."""

    def __init__(self, model):
        self.steps = {}
        for index, layer in enumerate(model.model.layers):
            layer.register_forward_hook(lambda module, inputs, output, index=index: self.keep(index, inputs, output))

    def keep(self, index, inputs, output):
        out = output[0] if isinstance(output, tuple) else output
        self.steps[index] = inputs[0].reshape(-1, inputs[0].shape[-1]).double(), out.reshape(-1, out.shape[-1]).double()


def decibels(signal, noise):
    return math.inf if noise == 0 else 10 * math.log10(signal / noise)


def windows_of(folder, text, window, tokens):
    import torch
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = torch.tensor(tokenizer(pathlib.Path(text).read_text(encoding="utf-8"), add_special_tokens=False)["input_ids"])
    return [part for part in ids[: tokens or None].split(window) if len(part) == window]


def measure(base, quantized, text, window, tokens):
    """The figures by name, and the windows with the largest mean divergence."""
    import numpy
    import torch

    with contextlib.redirect_stdout(sys.stderr):  # amd-quark reports its extension there
        models = [load(folder)[0] for folder in (base, quantized)]
    layers = [Layers(model) for model in models]
    losses, divergences, agreeing, sums = [0.0, 0.0], [], 0, {}
    with torch.inference_mode():
        for part in windows_of(base, text, window, tokens):
            logits = [model(input_ids=part[None], use_cache=False).logits[0, :-1].float() for model in models]
            p, q = [x.double().log_softmax(-1) for x in logits]
            for model, x in enumerate((p, q)):
                losses[model] -= x.gather(1, part[1:, None]).sum().item()
            divergences.append((p.exp() * (p - q)).sum(-1).clamp(min=0).numpy())
            agreeing += (logits[0].argmax(-1) == logits[1].argmax(-1)).sum().item()
            for index, (x, y) in layers[0].steps.items():
                u, v = layers[1].steps[index]
                stream, noise = y.square().sum(-1), (v - y).square().sum(-1)
                totals = sums.setdefault(index, [0.0, 0.0, 0.0, 0.0, 0.0])
                for i, value in enumerate((stream.sum(), noise.sum(), (y - x).square().sum(), ((v - u) - (y - x)).square().sum())):
                    totals[i] += value.item()
                totals[4] = max(totals[4], (noise / stream).max().item())
    every = numpy.concatenate(divergences)
    figures = {
        "perplexity, base": math.exp(losses[0] / len(every)), "perplexity, quantized": math.exp(losses[1] / len(every)),
        "KL, mean": every.mean(), "KL, median": numpy.median(every), "KL, 99th percentile": numpy.percentile(every, 99), "KL, largest": every.max(),
        "agreement": agreeing / len(every)}
    for index, (signal, noise, added, added_noise, worst) in sorted(sums.items()):
        figures[f"layer {index}, stream dB"] = decibels(signal, noise)
        figures[f"layer {index}, added dB"] = decibels(added, added_noise)
        figures[f"layer {index}, worst token dB"] = decibels(1, worst)
    means = [values.mean() for values in divergences]
    return figures, sorted((w for w in range(len(means)) if means[w] > 0), key=lambda w: -means[w])[:WORST]


def of_hadron(report):
    """The same from the JSON of `hadron compare`."""
    figures = {
        "perplexity, base": report["base"]["perplexity"], "perplexity, quantized": report["quantized"]["perplexity"],
        "KL, mean": report["kl"]["mean"], "KL, median": report["kl"]["median"], "KL, 99th percentile": report["kl"]["p99"],
        "KL, largest": report["kl"]["largest"], "agreement": report["top1_agreement"]}
    for index, layer in enumerate(report["layers"]):
        for name, key in (("stream", "snr_db"), ("added", "added_snr_db"), ("worst token", "worst_token_snr_db")):
            figures[f"layer {index}, {name} dB"] = math.inf if layer[key] is None else layer[key]
    return figures, [window["window"] for window in report["worst_windows"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("base", type=pathlib.Path)
    parser.add_argument("quantized", type=pathlib.Path)
    parser.add_argument("--text", required=True, type=pathlib.Path)
    parser.add_argument("--window", type=int, default=256)
    parser.add_argument("--tokens", type=int, default=0, metavar="N")
    parser.add_argument("--limit", type=float, default=1e-3)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    paths = [path.resolve() for path in (arguments.base, arguments.quantized, arguments.text)]
    try:
        ours, our_windows = of_hadron(hadron(
            "compare", paths[0], paths[1], "--text", paths[2], "--window", arguments.window, "--tokens", arguments.tokens, "--json"))
        theirs, their_windows = measure(*paths, arguments.window, arguments.tokens)
    except (Failed, CannotLoad) as e:
        sys.exit(f"interop/outputs.py: {e}.")
    print(f"{'':<28} {'hadron':>14} {'transformers':>14} {'difference':>11}")
    differing = 0
    for name, theirs_is in theirs.items():
        difference = 0 if ours[name] == theirs_is else abs(ours[name] - theirs_is) / (abs(theirs_is) or 1)
        agrees = difference <= arguments.limit
        differing += not agrees
        print(f"{name:<28} {ours[name]:>14.8f} {theirs_is:>14.8f} {difference:>11.1e}{'' if agrees else '  DIFFERS'}")
    same = set(our_windows) == set(their_windows)
    print(f"worst windows: {our_windows}" + ("" if same else f", Transformers: {their_windows}  DIFFERS"))
    sys.exit(1 if differing or not same else 0)


if __name__ == "__main__":
    main()
