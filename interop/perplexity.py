#!/usr/bin/env python3
"""Perplexity of a checkpoint as Transformers computes it, with amd-quark where the checkpoint says `quant_method: quark`.

usage: python interop/perplexity.py MODEL --text FILE [--window 256] [--tokens N] [--json]

The text is tokenized in one piece without special tokens, cut down to its first N tokens if --tokens is given, and split into consecutive windows of
W tokens; a shorter rest is dropped. Within a window every token but the first is predicted from those before it. The result is exp(nll), nll being
the mean negative log likelihood of all predicted tokens. The model is loaded with dtype float32 and runs on the CPU, one window at a time, so that a
dynamic activation scale covers one window.

A folder that does not load completely is refused: missing, unread or misshapen tensors are only a warning to Transformers, but a wrong figure here.
"""
import argparse
import contextlib
import fnmatch
import json
import logging
import math
import os
import pathlib
import sys

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("TQDM_DISABLE", "1")


class CannotLoad(Exception):
    """The folder isn't one that Transformers and amd-quark load completely; the message says why."""


def first_match(patterns, module):
    return next((pattern for pattern in patterns if fnmatch.fnmatch(module, pattern)), None)


def read_output_scales(config, tensor_names):
    """Makes amd-quark read the scales of the KV cache; returns the modules concerned.

    When Transformers loads a folder, amd-quark looks at `kv_cache_quant_config` for excluded layers only and leaves `output_scale` of the others
    unread. It reads it where `layer_quant_config` has `output_tensors` for the module, so such an entry is added in memory, ahead of the others.
    """
    settings = getattr(config, "quantization_config", None) or {}
    cache, layers = settings.get("kv_cache_quant_config") or {}, settings.get("layer_quant_config") or {}
    added = {}
    for module in sorted(name.removesuffix(".output_scale") for name in tensor_names if name.endswith(".output_scale")):
        of_cache = first_match(cache, module)
        if of_cache is None or first_match(settings.get("exclude") or [], module):
            continue
        of_layer = first_match(layers, module)
        layer = settings["global_quant_config"] if of_layer is None else layers[of_layer]
        if layer.get("output_tensors") is None:
            added[module] = {**layer, "output_tensors": cache[of_cache]["output_tensors"]}
    if added:
        if settings.get("kv_cache_post_rope"):
            raise CannotLoad("kv_cache_post_rope is set, and Transformers has no place to quantize the cache after the rotation")
        config.quantization_config = {**settings, "layer_quant_config": {**added, **layers}}
    return list(added)


def tensor_names(folder):
    from safetensors import safe_open

    names = set()
    for path in sorted(pathlib.Path(folder).glob("*.safetensors")):
        with safe_open(path, "pt") as file:
            names.update(file.keys())
    return names


def load(folder):
    """The model in float32, and the modules whose output scales had to be asked for."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()
    config = AutoConfig.from_pretrained(folder)
    asked_for = read_output_scales(config, tensor_names(folder))
    model, report = AutoModelForCausalLM.from_pretrained(folder, config=config, dtype=torch.float32, output_loading_info=True)
    problems = [f"{len(keys)} {kind.replace('_keys', '')} ({', '.join(sorted(map(str, keys))[:3])}{', ...' if len(keys) > 3 else ''})"
                for kind, keys in report.items() if keys]
    if problems:
        raise CannotLoad(f"Transformers reports of its tensors: {'; '.join(problems)}")
    return model.eval(), asked_for


def perplexity(folder, text, window=256, tokens=0):
    import torch
    from transformers import AutoTokenizer

    with contextlib.redirect_stdout(sys.stderr):  # stdout is for the result; amd-quark reports its extension there
        model, asked_for = load(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = torch.tensor(tokenizer(pathlib.Path(text).read_text(encoding="utf-8"), add_special_tokens=False)["input_ids"])
    windows = [part for part in ids[: tokens or None].split(window) if len(part) == window]
    if not windows:
        raise CannotLoad(f"{text} has {len(ids)} tokens, less than one window of {window}")
    total, predicted = 0.0, 0
    with torch.inference_mode():
        for part in windows:
            logits = model(input_ids=part[None], use_cache=False).logits[0, :-1].float()
            total += torch.nn.functional.cross_entropy(logits, part[1:], reduction="none").double().sum().item()
            predicted += len(part) - 1
    nll = total / predicted
    return {"perplexity": math.exp(nll) if nll < 700 else math.inf, "nll": nll, "windows": len(windows), "predicted_tokens": predicted,
            "output_scales_asked_for": asked_for}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--text", required=True)
    parser.add_argument("--window", type=int, default=256)
    parser.add_argument("--tokens", type=int, default=0, metavar="N")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    try:
        result = perplexity(arguments.model, arguments.text, arguments.window, arguments.tokens)
    except CannotLoad as e:
        sys.exit(f"{arguments.model}: {e}")
    print(json.dumps(result) if arguments.json else "\n".join(f"{key}: {value}" for key, value in result.items()))


if __name__ == "__main__":
    main()
