package dev.hadron.config;

import dev.hadron.dtype.Dtype;

/** IEEE half precision: a cast, nearest even, without a scale or settings. */
public record Float16Spec() implements DataTypeSpec {
    @Override
    public Dtype dtype() {
        return Dtype.FLOAT16;
    }

    @Override
    public QuantizationSpec toQuantizationSpec() {
        return QuantizationSpec.builder(dtype())
                .observerCls(ObserverType.PLACEHOLDER)
                .build();
    }

    /** The specification; nothing is left to set. */
    public static Float16Spec of() {
        return new Float16Spec();
    }
}
