package dev.hadron.config;

import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import org.jspecify.annotations.Nullable;

/** One scale for the whole tensor. */
public sealed interface PerTensorSpec extends DataTypeSpec
        permits Uint4PerTensorSpec,
                Int4PerTensorSpec,
                Uint8PerTensorSpec,
                Int8PerTensorSpec,
                FP8E4M3PerTensorSpec,
                FP8E5M2PerTensorSpec {
    /** How the range is found; unset by default and always needed. */
    @Nullable
    ObserverMethod observerMethod();

    /** Whether the zero point is 0; unset by default. Integers need it. */
    @Nullable
    Boolean symmetric();

    /** The numbers that a scale may take; unset by default. Integers need it; FP8 takes no {@link ScaleType#POF2}. */
    @Nullable
    ScaleType scaleType();

    /** How scaled values become codes; unset by default. Integers need it; FP8 takes {@link RoundType#HALF_EVEN} only. */
    @Nullable
    RoundType roundMethod();

    /** Whether scales are found anew for each tensor that passes, instead of once; unset by default and always needed. */
    @Nullable
    Boolean isDynamic();

    @Override
    default QuantizationSpec toQuantizationSpec() {
        ObserverMethod method = observerMethod();
        return QuantizationSpec.builder(dtype())
                .qscheme(QSchemeType.PER_TENSOR)
                .observerCls(method == null ? null : method.observer())
                .symmetric(symmetric())
                .scaleType(scaleType())
                .roundMethod(roundMethod())
                .isDynamic(isDynamic())
                .build();
    }

    /** The canonical constructor of a specification of this family. */
    @FunctionalInterface
    interface Factory<S extends PerTensorSpec> {
        /** A specification of these settings. */
        S create(
                @Nullable ObserverMethod observerMethod,
                @Nullable Boolean symmetric,
                @Nullable ScaleType scaleType,
                @Nullable RoundType roundMethod,
                @Nullable Boolean isDynamic);
    }

    /** Collects the settings of a specification; all are unset at first. */
    final class Builder<S extends PerTensorSpec> extends ScaleSettings<S, Builder<S>> {
        private final Factory<S> factory;
        private @Nullable ObserverMethod observerMethod;

        Builder(Factory<S> factory) {
            this.factory = factory;
        }

        /** How the range is found. */
        public Builder<S> observerMethod(@Nullable ObserverMethod value) {
            observerMethod = value;
            return this;
        }

        @Override
        public S build() {
            return factory.create(observerMethod, symmetric, scaleType, roundMethod, isDynamic);
        }

        @Override
        Builder<S> self() {
            return this;
        }
    }
}
