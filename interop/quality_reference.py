#!/usr/bin/env python3
"""Perplexity and divergence of a checkpoint after the newest reference (amd-quark 0.13) quantized it, per scheme and algorithm: what ours is held against.

usage: quality_reference.py --model DIR --calibration FILE --evaluation FILE --out FILE.json [--samples 64] [--length 256] [--window 256] [--only SCHEME:ALGORITHM,...] [--damp-percent 0.01]

The model runs in float32. Calibration: the first --samples windows of --length tokens of the calibration text, in order, one a batch. Perplexity as in
perplexity.py, of the model with fake-quantized weights and activations; kl is the mean D(original || quantized) of the next token in nats, over the same
positions. `lm_head` is left alone. Seconds are wall time of quantize_model.
"""
import argparse, copy, json, math, pathlib, time, warnings
warnings.filterwarnings("ignore")
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from quark.torch import LLMTemplate, ModelQuantizer
from quark.torch.quantization.config import config as C

ap = argparse.ArgumentParser()
for n in ("model", "calibration", "evaluation", "out"):
    ap.add_argument("--" + n, type=pathlib.Path, required=True)
ap.add_argument("--samples", type=int, default=64)
ap.add_argument("--length", type=int, default=256)
ap.add_argument("--window", type=int, default=256)
ap.add_argument("--tokens", type=int, default=65536)
ap.add_argument("--only", default="")
ap.add_argument("--damp-percent", type=float, default=0.01)
a = ap.parse_args()
tok = AutoTokenizer.from_pretrained(a.model)
ids = lambda f: torch.tensor(tok(f.read_text(), add_special_tokens=False)["input_ids"])
calibration = [w[None] for w in ids(a.calibration).split(a.length)[: a.samples]]
windows = [w for w in ids(a.evaluation)[: a.tokens].split(a.window) if len(w) == a.window]


def measure(model, original):
    total = divergence = count = 0
    with torch.no_grad():
        for w in windows:
            p, q = (m(input_ids=w[None]).logits[0, :-1].double().log_softmax(-1) for m in (original, model))
            total -= q.gather(1, w[1:, None]).sum().item()
            divergence += (p.exp() * (p - q)).sum().item()
            count += len(w) - 1
    return {"perplexity": math.exp(total / count), "kl": divergence / count}


g = dict(scale_type="float", round_method="half_even", ch_axis=-1, is_dynamic=False)
W = lambda spec, **k: C.QLayerConfig(weight=spec.to_quantization_spec(), **k)
schemes = {"int4_group32": W(C.Int4PerGroupSpec(symmetric=True, group_size=32, **g)), "uint4_group32": W(C.Uint4PerGroupSpec(symmetric=False, group_size=32, **g)),
           "uint4_group128": W(C.Uint4PerGroupSpec(symmetric=False, group_size=128, **g)), "int3_group32": W(C.Int3PerGroupSpec(symmetric=True, group_size=32, **g)),
           "int4_channel": W(C.Int4PerChannelSpec(symmetric=True, **{**g, "ch_axis": 0})),
           "w8a8": W(C.Int8PerChannelSpec(symmetric=True, **{**g, "ch_axis": 0}), input_tensors=C.Int8PerTensorSpec(observer_method="min_max", symmetric=True, scale_type="float", round_method="half_even", is_dynamic=False).to_quantization_spec()),
           "w4a8": W(C.Int4PerGroupSpec(symmetric=True, group_size=32, **g), input_tensors=C.Int8PerTensorSpec(observer_method="min_max", symmetric=True, scale_type="float", round_method="half_even", is_dynamic=False).to_quantization_spec()),
           "fp8": W(C.FP8E4M3PerTensorSpec(observer_method="min_max", is_dynamic=False), input_tensors=C.FP8E4M3PerTensorSpec(observer_method="min_max", is_dynamic=False).to_quantization_spec()),
           "mxfp4": W(C.OCP_MXFP4Spec(ch_axis=-1, is_dynamic=False)), "mxfp4_a_mxfp4": W(C.OCP_MXFP4Spec(ch_axis=-1, is_dynamic=False), input_tensors=C.OCP_MXFP4Spec(ch_axis=-1, is_dynamic=True).to_quantization_spec()),
           "mx6_a_mx6": W(C.MX6Spec(ch_axis=-1, block_size=32), input_tensors=C.MX6Spec(ch_axis=-1, block_size=32).to_quantization_spec()),
           "mx9_a_mx9": W(C.MX9Spec(ch_axis=-1, block_size=32), input_tensors=C.MX9Spec(ch_axis=-1, block_size=32).to_quantization_spec()),
           "bfp16_a_bfp16": W(C.BFP16Spec(ch_axis=-1), input_tensors=C.BFP16Spec(ch_axis=-1).to_quantization_spec())}
weight_algorithms = ["none", "awq", "gptq", "gptaq", "qronos", "rotation", "rotation+gptq"]
runs = [(s, "none") for s in schemes] + [(s, x) for s in ("int4_group32", "uint4_group128", "int3_group32", "int4_channel") for x in weight_algorithms[1:]]
runs += [(s, x) for s in ("w8a8", "w4a8") for x in ("smoothquant", "autosmoothquant", "rotation", "smoothquant+gptq")] + [("mxfp4_a_mxfp4", x) for x in ("rotation", "gptq", "smoothquant")]
if a.only:
    runs = [tuple(r.split(":")) for r in a.only.split(",")]
load = lambda: AutoModelForCausalLM.from_pretrained(a.model, dtype=torch.float32).eval()
original = load()
result = json.loads(a.out.read_text()) if a.out.exists() else {"reference": "amd-quark 0.13", "samples": a.samples, "length": a.length, "window": a.window, "tokens": a.tokens, "exclude": ["lm_head"], "float32": measure(original, original)["perplexity"], "perplexity": {}}
template = LLMTemplate.get("llama")
for scheme, algorithm in runs:
    key = f"{scheme}:{algorithm}"
    if key in result["perplexity"]:
        continue
    torch.manual_seed(0)
    try:
        model = load()
        algos = []
        for x in algorithm.split("+"):
            if x != "none":
                algos.append(copy.deepcopy(template.get_config("uint4_wo_128", algorithm=[x]).algo_config[0]))
                if x == "gptq":
                    algos[-1].damp_percent = a.damp_percent
        q = ModelQuantizer(C.QConfig(global_quant_config=schemes[scheme], exclude=["lm_head"], algo_config=algos or None))
        start = time.time()
        model = q.quantize_model(model, calibration)
        seconds = time.time() - start
        model = q.freeze(model)
        entry = measure(model, original) | {"seconds": round(seconds, 1)}
    except Exception as e:
        entry = {"error": f"{type(e).__name__}: {e}"[:200]}
    result["perplexity"][key] = entry
    a.out.write_text(json.dumps(result, indent=1))
    print("RESULT", key, entry, flush=True)
