#!/usr/bin/env python3
"""Writes tiny random decoder models and the logits Transformers computes for them, against which the forward pass of runtime-torch is tested.

usage: python tools/make_decoder_fixtures.py [--out runtime-torch/src/test/resources/decoders] [NAME ...]

Needs transformers 5, torch and safetensors (interop/requirements.txt pins them). Without NAME every fixture is written, about 1.4 MB in all.
Each fixture is a folder with

  config.json            as Transformers 5 writes it, or, where FIXTURES says old=..., in the spelling of Transformers 4
  model.safetensors      the weights (the sharded fixture: several files and model.safetensors.index.json)
  expected.safetensors   `input_ids` int64 [1, T] and `logits` float32 [1, T, vocabulary], computed on the CPU in float32, eager attention, no cache

Weights are normal with a standard deviation of 0.3, norms 1 + 0.3 n, biases 0.5 n, so that a wrong rotation, mask or norm is seen at once. A fixture
is refused (exit 1) unless Transformers reads its folder back to the very same logits, and unless the settings named in `off`, which undo what the
fixture is about, change the logits by more than 0.05. Seeds come from the fixture's name: the same versions on the same machine write the same bytes.
"""
import argparse
import json
import pathlib
import shutil
import sys
import tempfile
import zlib

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoConfig, AutoModelForCausalLM
from transformers.utils import logging

T = 40
BODY = dict(vocab_size=32, hidden_size=32, intermediate_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2, head_dim=8,
            max_position_embeddings=128, rms_norm_eps=1e-3, tie_word_embeddings=False, bos_token_id=0, eos_token_id=1)
# Eight frequencies a head and a base of 100: in 40 positions each of them turns visibly.
ROPE = dict(intermediate_size=24, num_attention_heads=2, num_key_value_heads=1, head_dim=16)
YARN = dict(rope_type="yarn", rope_theta=100.0, factor=4.0, original_max_position_embeddings=64)
EXPERTS = dict(intermediate_size=16, num_local_experts=4, num_experts_per_tok=2)
QWEN_EXPERTS = dict(intermediate_size=24, moe_intermediate_size=12, num_experts=5, num_experts_per_tok=3)
DEFAULT = {"rope_parameters": {"rope_type": "default", "rope_theta": 100.0}}


def rope(rope_type, **settings):
    return {**ROPE, "rope_parameters": {"rope_type": rope_type, "rope_theta": 100.0, **settings}}


# name: (model type, settings over BODY, options)
#   old    Transformers 4 spelling; its value is the key that holds the rope type ("type" or "rope_type")
#   rename keys that Transformers 4 writes under another name
#   drop   keys that config.json leaves out, so that their defaults hold
#   off    settings that undo what the fixture is about
#   dtype  of the weights; shards: the largest size of a file
FIXTURES = {
    "llama": ("llama", {}, {}),
    "llama_tied": ("llama", {"tie_word_embeddings": True}, {"old": "type"}),
    "llama_biases": ("llama", {"attention_bias": True, "mlp_bias": True}, {"off": {"attention_bias": False, "mlp_bias": False}}),
    "llama_missing_keys": ("llama", {"num_key_value_heads": 4, "rms_norm_eps": 1e-6}, {"drop": [
        "num_key_value_heads", "head_dim", "rms_norm_eps", "hidden_act", "rope_parameters", "tie_word_embeddings", "attention_bias", "mlp_bias"]}),
    "llama_rope_linear": ("llama", rope("linear", factor=4.0), {"old": "type", "off": DEFAULT}),
    "llama_rope_dynamic_short": ("llama", {**rope("dynamic", factor=4.0), "max_position_embeddings": 64}, {"old": "type"}),
    "llama_rope_dynamic_long": ("llama", {**rope("dynamic", factor=4.0), "max_position_embeddings": 24}, {"off": DEFAULT}),
    "llama_rope_llama3": ("llama", {**rope("llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=64),
                                    "max_position_embeddings": 512}, {"old": "rope_type", "off": DEFAULT}),
    "llama_rope_yarn": ("llama", {**ROPE, "max_position_embeddings": 256, "rope_parameters": {**YARN, "beta_fast": 4.0, "beta_slow": 0.5}},
                        {"old": "rope_type", "off": {"rope_parameters": YARN}}),
    "llama_rope_yarn_attention_factor": ("llama", {**ROPE, "max_position_embeddings": 256, "rope_parameters": {**YARN, "attention_factor": 0.8}},
                                         {"off": {"rope_parameters": YARN}}),
    "llama_rope_yarn_mscale": ("llama", {**ROPE, "max_position_embeddings": 256, "rope_parameters": {**YARN, "mscale": 0.7, "mscale_all_dim": 1.9}},
                               {"old": "type", "off": {"rope_parameters": YARN}}),
    "llama_rope_yarn_no_truncate": ("llama", {**ROPE, "max_position_embeddings": 256, "rope_parameters": {
        **YARN, "beta_fast": 4.0, "beta_slow": 0.5, "truncate": False}}, {"off": {"rope_parameters": {**YARN, "beta_fast": 4.0, "beta_slow": 0.5}}}),
    "llama_bfloat16": ("llama", {}, {"old": "type", "dtype": torch.bfloat16}),
    "llama_sharded": ("llama", {"rope_parameters": {"rope_type": "default", "rope_theta": 500000.0}}, {"old": "type", "shards": "16KB", "off": DEFAULT}),
    "mistral_sliding": ("mistral", {"sliding_window": 7}, {"off": {"sliding_window": None}}),
    "mistral_full": ("mistral", {"sliding_window": None}, {"old": "type", "off": {"sliding_window": 7}}),
    "mistral_float16": ("mistral", {"sliding_window": None}, {"dtype": torch.float16}),
    "qwen2": ("qwen2", {}, {"old": "type", "drop": ["head_dim"]}),
    "qwen2_tied": ("qwen2", {"tie_word_embeddings": True}, {}),
    "qwen2_sliding": ("qwen2", {"use_sliding_window": True, "max_window_layers": 1, "sliding_window": 6},
                      {"old": "type", "drop": ["layer_types"], "off": {"sliding_window": 7}}),
    "qwen2_layer_types": ("qwen2", {"use_sliding_window": True, "max_window_layers": 1, "sliding_window": 6,
                                    "layer_types": ["sliding_attention", "full_attention"]}, {"off": {"layer_types": None}}),
    "qwen3": ("qwen3", {"intermediate_size": 24, "head_dim": 16}, {}),
    "qwen3_sliding_biases": ("qwen3", {"intermediate_size": 24, "head_dim": 16, "attention_bias": True, "use_sliding_window": True, "max_window_layers": 1, "sliding_window": 5},
                             {"old": "type", "drop": ["layer_types"], "off": {"use_sliding_window": False}}),
    # Experts lie in the file one by one, as published; in a running model Transformers 5 joins them.
    "mixtral": ("mixtral", EXPERTS, {"old": "type", "off": {"num_experts_per_tok": 1}}),
    "mixtral_sliding": ("mixtral", {**EXPERTS, "sliding_window": 7}, {"off": {"sliding_window": None}}),
    "mixtral_missing_keys": ("mixtral", {"intermediate_size": 8, "num_attention_heads": 8, "num_key_value_heads": 8, "head_dim": 4, "num_local_experts": 8,
                                         "num_experts_per_tok": 2, "rms_norm_eps": 1e-5, "rope_parameters": {"rope_type": "default", "rope_theta": 1e6}}, {"drop": [
        "num_key_value_heads", "head_dim", "num_local_experts", "num_experts_per_tok", "rms_norm_eps", "hidden_act", "rope_parameters", "sliding_window",
        "tie_word_embeddings"]}),
    "qwen3_moe": ("qwen3_moe", QWEN_EXPERTS, {"off": {"norm_topk_prob": True}}),
    "qwen3_moe_normalized": ("qwen3_moe", {**QWEN_EXPERTS, "norm_topk_prob": True}, {"old": "type", "rename": {"num_local_experts": "num_experts"},
                                                                                     "off": {"norm_topk_prob": False}}),
    "qwen3_moe_dense_layers": ("qwen3_moe", {**QWEN_EXPERTS, "num_hidden_layers": 4, "decoder_sparse_step": 2, "mlp_only_layers": [1], "tie_word_embeddings": True}, {}),
    "qwen3_moe_sliding": ("qwen3_moe", {**QWEN_EXPERTS, "attention_bias": True, "use_sliding_window": True, "sliding_window": 6},
                          {"off": {"use_sliding_window": False}}),
}


def lively_weights(model, generator):
    """Fills the parameters in the order of their names."""
    with torch.no_grad():
        for name, parameter in sorted(model.named_parameters()):
            n = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(0.3 * n if parameter.ndim >= 2 else 1 + 0.3 * n if "norm" in name else 0.5 * n)


def logits(model, input_ids):
    with torch.no_grad():
        return model.eval()(input_ids=input_ids, use_cache=False).logits.contiguous()


def load(folder, **changes):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager", **changes)


def old_spelling(config, type_key):
    """The keys of Transformers 4: rope_theta and rope_scaling, torch_dtype."""
    parameters = config.pop("rope_parameters", None)
    if parameters:
        config["rope_theta"] = parameters.pop("rope_theta")
        config["rope_scaling"] = None if parameters["rope_type"] == "default" else {type_key: parameters.pop("rope_type"), **parameters}
    config["torch_dtype"] = config.pop("dtype")
    return config


def write(name, folder):
    model_type, settings, options = FIXTURES[name]
    generator = torch.Generator().manual_seed(zlib.crc32(name.encode()))
    config = AutoConfig.for_model(model_type, **{**BODY, **settings}, attn_implementation="eager")
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    lively_weights(model, generator)
    input_ids = torch.randint(0, BODY["vocab_size"], (1, T), generator=generator)
    model.to(options.get("dtype", torch.float32)).save_pretrained(folder, max_shard_size=options.get("shards", "1GB"))
    (folder / "generation_config.json").unlink(missing_ok=True)

    expected = logits(load(folder), input_ids)
    path = folder / "config.json"
    written = json.loads(path.read_text())
    for key in ["transformers_version", *options.get("drop", [])]:
        written.pop(key, None)
    for key, old in options.get("rename", {}).items():
        written[old] = written.pop(key)
    if "old" in options:
        written = old_spelling(written, options["old"])
    path.write_text(json.dumps(written, indent=2, sort_keys=True) + "\n")
    save_file({"input_ids": input_ids, "logits": expected}, folder / "expected.safetensors")

    if not torch.equal(logits(load(folder), input_ids), expected):
        return "Transformers computes other logits from the config.json that was written"
    if "off" in options:
        changed = AutoConfig.for_model(model_type, **{**BODY, **settings, **options["off"]}, attn_implementation="eager")
        other = AutoModelForCausalLM.from_config(changed, dtype=torch.float32)
        own = load(folder).state_dict()
        other.load_state_dict({k: own[k] for k in other.state_dict()})
        difference = (logits(other, input_ids) - expected).abs().max().item()
        if not difference > 0.05:
            return f"without {options['off']} the logits change by {difference:.1e} only"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parents[1] / "runtime-torch/src/test/resources/decoders")
    parser.add_argument("names", nargs="*", metavar="NAME")
    arguments = parser.parse_args()
    unknown = [n for n in arguments.names if n not in FIXTURES]
    if unknown:
        parser.error(f"no fixture {', '.join(unknown)}; there are {', '.join(FIXTURES)}")
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    failed = False
    for name in arguments.names or FIXTURES:
        with tempfile.TemporaryDirectory() as work:
            problem = write(name, pathlib.Path(work))
            if problem is None:
                target = arguments.out / name
                shutil.rmtree(target, ignore_errors=True)
                target.mkdir(parents=True)
                for file in sorted(pathlib.Path(work).iterdir()):
                    shutil.copyfile(file, target / file.name)
                peak = load_file(target / "expected.safetensors")["logits"].abs().max()
                size = sum(f.stat().st_size for f in target.iterdir())
        print(f"{name}: {problem or f'written, {size} bytes, largest logit {peak:.2f}'}", flush=True)
        failed |= problem is not None
    sys.exit(failed)


if __name__ == "__main__":
    main()
