"""Hadron's perplexity beside that of Transformers with amd-quark, for the float model and for every preset. Run it through interop/check."""
import argparse
import json
import logging
import math
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[1]
MODEL, CALIBRATION, EVALUATION = "examples/quill-4m", "examples/text/calibration.txt", "examples/text/evaluation.txt"
WINDOW, SAMPLES, LENGTH = 256, 64, 256
FLOAT_LIMIT, LIMIT = 1e-4, 1e-3
ALGORITHMS = ("awq", "gptq", "autosmoothquant")
OPTIMIZED = ["uint4-g128+awq", "uint4-g128+gptq", "w8a8+smoothquant", "w8a8+autosmoothquant", "w8a8+smoothquant+gptq", "uint4-g32+rotation", "uint4-g32+rotation+gptq"]


class Failed(Exception):
    """A step that gave no figure; the message is one sentence."""


def hadron(*arguments):
    """Runs ./hadron in the root of the repository and returns the JSON it prints."""
    command = os.environ.get("HADRON_COMMAND", "./hadron")
    try:
        done = subprocess.run([command, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True)
    except OSError as e:
        raise Failed(f"{command} could not be started ({e.strerror})") from e
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or ["it said nothing"]
        raise Failed(f"'{command} {arguments[0]}' ended with {done.returncode}: {lines[-1]}")
    try:
        return json.loads(done.stdout)
    except ValueError as e:
        raise Failed(f"'{command} {' '.join(map(str, arguments))}' printed no JSON") from e


def presets(wanted):
    """The names to compare, in the order that Hadron lists them, and those without a quark checkpoint that a consumer loads; then the algorithms."""
    listed = hadron("schemes", "--json")
    entries = listed["schemes"] if isinstance(listed, dict) else listed
    names = [entry["name"] for entry in entries]
    unknown = [name for name in wanted if name not in names + OPTIMIZED]
    if unknown:
        raise Failed(f"there is no preset {', '.join(unknown)}; there are {', '.join(names + OPTIMIZED)}")
    chosen = [entry for entry in entries if not wanted or entry["name"] in wanted]
    loadable = [entry["name"] for entry in chosen if "layouts" not in entry or entry["layouts"].get("quark")]
    loadable += [name for name in OPTIMIZED if not wanted or name in wanted]
    return loadable, [entry["name"] for entry in chosen if entry["name"] not in loadable]


def evaluate(folder, tokens):
    """Hadron's perplexity and that of Transformers for one folder, and the remark of the latter."""
    from perplexity import CannotLoad, perplexity

    ours = hadron("evaluate", folder, "--text", EVALUATION, "--window", WINDOW, "--tokens", tokens, "--json")
    try:
        theirs = perplexity(ROOT / folder, ROOT / EVALUATION, WINDOW, tokens)
    except CannotLoad as e:
        raise Failed(f"not comparable: {e}") from e
    except Exception as e:  # whatever a consumer's loader throws is a finding about the folder, not a fault here
        raise Failed(f"Transformers fails with {type(e).__name__}: {' '.join(str(e).split())[:300]}") from e
    if ours["predicted_tokens"] != theirs["predicted_tokens"]:
        raise Failed(f"Hadron predicted {ours['predicted_tokens']} tokens, Transformers {theirs['predicted_tokens']}")
    asked_for = len(theirs["output_scales_asked_for"])
    return ours["perplexity"], theirs["perplexity"], f"(KV cache: {asked_for} output scales asked for)" if asked_for else ""


def row(name, figures, verdict):
    print(f"{name:<28} {figures[0]:>12} {figures[1]:>14} {figures[2]:>12}  {verdict}", flush=True)


def compare(name, limit, folder, tokens):
    """Prints one line; returns what to report, or nothing if the two agree."""
    try:
        ours, theirs, remark = evaluate(folder(), tokens)
    except Failed as e:
        row(name, ("-", "-", "-"), f"FAILED: {e}")
        return f"{name} gave no figure"
    difference = abs(ours - theirs) / theirs
    agrees = math.isfinite(difference) and difference <= limit
    row(name, (f"{ours:.5f}", f"{theirs:.5f}", f"{difference:.1e}"), f"{'ok' if agrees else 'DIFFERS'} {remark}".strip())
    return None if agrees else f"{name} differs by {difference:.1e}, {limit:.0e} is allowed"


def quantized(name, parent):
    folder = parent / name
    if folder.exists():
        raise Failed(f"{folder} exists already")
    scheme, *steps = name.split("+")
    options = [word for step in steps for word in ("--algorithm" if step in ALGORITHMS else "--pre-optimization", step)]
    hadron("quantize", MODEL, "--scheme", scheme, *options, "--output", folder, "--calibration", CALIBRATION, "--samples", SAMPLES, "--length", LENGTH, "--json")
    return folder


def main():
    parser = argparse.ArgumentParser(prog="interop/check", description=(
        "Quantizes examples/quill-4m with each preset and after each algorithm and compares Hadron's perplexity with that of Transformers and amd-quark, both in float32. "
        f"Ends with 0 if every relative difference is within {LIMIT:.0e} ({FLOAT_LIMIT:.0e} for the float model), with 1 if not, with 2 if it could not run."))
    parser.add_argument("--scheme", action="append", default=[], metavar="NAME", help="only this preset, or preset+algorithm; can be repeated")
    parser.add_argument("--tokens", type=int, default=8192, metavar="N", help="how many tokens of the evaluation text (default 8192)")
    parser.add_argument("--keep", type=pathlib.Path, metavar="DIR", help="keep the quantized folders in DIR")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    try:
        names, left_out = presets(arguments.scheme)
    except Failed as e:
        print(f"interop/check: {e}.", file=sys.stderr)
        sys.exit(2)
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="hadron-interop-") as temporary:
        parent = (arguments.keep or pathlib.Path(temporary)).resolve()
        row("model", ("hadron", "transformers", "relative"), "")
        problems = [compare("float", FLOAT_LIMIT, lambda: MODEL, arguments.tokens)]
        for name in names:
            problems.append(compare(name, LIMIT, lambda: quantized(name, parent), arguments.tokens))
    for name in left_out:
        row(name, ("-", "-", "-"), "not loaded by a consumer of this layout")
    found = [problem for problem in problems if problem]
    if found:
        print(f"interop/check: {len(found)} of {len(problems)} do not agree: {'; '.join(found)}.", file=sys.stderr)
        sys.exit(1)
    print(f"interop/check: all {len(problems)} agree.", file=sys.stderr)


if __name__ == "__main__":
    main()
