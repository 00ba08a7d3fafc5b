package dev.hadron.config;

/**
 * What a configuration says of one tensor: how it is quantized, or that it isn't. A third state, "not said", is the absence
 * of a setting: the next level decides.
 */
public sealed interface TensorSetting permits QuantizationSpec, TensorSetting.NotQuantized {
    /** The tensor stays as it is, whatever the next level says. */
    TensorSetting NOT_QUANTIZED = new NotQuantized();

    /** See {@link #NOT_QUANTIZED}. */
    record NotQuantized() implements TensorSetting {}
}
