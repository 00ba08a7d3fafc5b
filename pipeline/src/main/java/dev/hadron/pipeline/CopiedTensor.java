package dev.hadron.pipeline;

import dev.hadron.checkpoint.TensorInfo;

/**
 * A tensor that a plan leaves as it is.
 *
 * @param tensor as it stands in the checkpoint
 * @param isLayer whether it is the weight of a layer, which could have been quantized
 * @param reason why it stays
 */
public record CopiedTensor(TensorInfo tensor, boolean isLayer, String reason) {}
