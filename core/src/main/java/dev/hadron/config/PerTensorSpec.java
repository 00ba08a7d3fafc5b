package dev.hadron.config;

import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import org.jspecify.annotations.Nullable;

/** One scale for the whole tensor. */
public sealed interface PerTensorSpec extends DataTypeSpec permits Int8PerTensorSpec, FP8E4M3PerTensorSpec {
    /** How the range is found; unset by default. */
    @Nullable
    ObserverMethod observerMethod();

    /** Whether the zero point is 0; unset by default. */
    @Nullable
    Boolean symmetric();

    /** The numbers that a scale may take; unset by default. */
    @Nullable
    ScaleType scaleType();

    /** How scaled values become integers; unset by default. */
    @Nullable
    RoundType roundMethod();

    /** Whether the scale is found anew for each tensor that passes; unset by default. */
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
    final class Builder<S extends PerTensorSpec> {
        private final Factory<S> factory;
        private @Nullable ObserverMethod observerMethod;
        private @Nullable Boolean symmetric;
        private @Nullable ScaleType scaleType;
        private @Nullable RoundType roundMethod;
        private @Nullable Boolean isDynamic;

        Builder(Factory<S> factory) {
            this.factory = factory;
        }

        /** How the range is found. */
        public Builder<S> observerMethod(@Nullable ObserverMethod value) {
            observerMethod = value;
            return this;
        }

        /** Whether the zero point is 0. */
        public Builder<S> symmetric(@Nullable Boolean value) {
            symmetric = value;
            return this;
        }

        /** The numbers that a scale may take. */
        public Builder<S> scaleType(@Nullable ScaleType value) {
            scaleType = value;
            return this;
        }

        /** How scaled values become integers. */
        public Builder<S> roundMethod(@Nullable RoundType value) {
            roundMethod = value;
            return this;
        }

        /** Whether the scale is found anew for each tensor that passes. */
        public Builder<S> isDynamic(@Nullable Boolean value) {
            isDynamic = value;
            return this;
        }

        /** The specification. */
        public S build() {
            return factory.create(observerMethod, symmetric, scaleType, roundMethod, isDynamic);
        }
    }
}
