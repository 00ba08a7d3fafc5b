#!/usr/bin/env python3
"""Runs an algorithm of amd-quark on a Llama checkpoint and prints its seconds.

usage: algorithms_peer.py MODEL IDS.jsonl gptq|awq float32|bfloat16
"""
import copy, json, sys, time, warnings

warnings.filterwarnings("ignore")
import torch
from transformers import AutoModelForCausalLM
from quark.torch import LLMTemplate, ModelQuantizer
from quark.torch.quantization.config import config as C

model_folder, ids, algorithm, dtype = sys.argv[1:]
stdout, sys.stdout = sys.stdout, sys.stderr
windows = [torch.tensor([json.loads(line)["input_ids"]]) for line in open(ids)]
model = AutoModelForCausalLM.from_pretrained(model_folder, dtype=getattr(torch, dtype)).eval()
weight = C.Uint4PerGroupSpec(symmetric=False, group_size=128, scale_type="float", round_method="half_even", ch_axis=-1, is_dynamic=False)
algo = copy.deepcopy(LLMTemplate.get("llama").get_config("uint4_wo_128", algorithm=[algorithm]).algo_config[0])
quantizer = ModelQuantizer(C.QConfig(global_quant_config=C.QLayerConfig(weight=weight.to_quantization_spec()), exclude=["lm_head"], algo_config=[algo]))
start = time.time()
quantizer.quantize_model(model, windows)
print(f"{time.time() - start:.1f}", file=stdout)
