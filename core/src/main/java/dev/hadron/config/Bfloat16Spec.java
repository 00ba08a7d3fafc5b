package dev.hadron.config;

import dev.hadron.dtype.Dtype;

/** The upper half of a float32: a cast, nearest even, without a scale or settings. */
public record Bfloat16Spec() implements DataTypeSpec {
    @Override
    public Dtype dtype() {
        return Dtype.BFLOAT16;
    }

    @Override
    public QuantizationSpec toQuantizationSpec() {
        return QuantizationSpec.builder(dtype())
                .observerCls(ObserverType.PLACEHOLDER)
                .build();
    }

    /** The specification; nothing is left to set. */
    public static Bfloat16Spec of() {
        return new Bfloat16Spec();
    }
}
