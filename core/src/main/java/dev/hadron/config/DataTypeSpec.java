package dev.hadron.config;

import dev.hadron.dtype.Dtype;

/** A data type with the settings that it leaves open: the short way to a {@link QuantizationSpec}. */
public sealed interface DataTypeSpec extends ConfigBase
        permits PerTensorSpec, PerChannelSpec, PerGroupSpec, BlockSpec, Float16Spec, Bfloat16Spec {
    /** The data type that this specification is named after. */
    Dtype dtype();

    /** The same in the form that configurations hold. */
    QuantizationSpec toQuantizationSpec();
}
