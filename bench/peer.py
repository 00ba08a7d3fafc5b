"""Quantizes a checkpoint from file to file with amd-quark, to uint4 in groups of 128: peer.py MODEL OUTPUT."""

import sys

from quark.torch import ModelQuantizer
from quark.torch.quantization.config.config import QConfig, QLayerConfig, Uint4PerGroupSpec

model, output = sys.argv[1:3]
weight = Uint4PerGroupSpec(ch_axis=-1, group_size=128, is_dynamic=False).to_quantization_spec()
config = QConfig(global_quant_config=QLayerConfig(weight=weight), exclude=["lm_head"])
ModelQuantizer(config).direct_quantize_checkpoint(pretrained_model_path=model, save_path=output, device="cpu")
