package dev.hadron.config;

import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import org.jspecify.annotations.Nullable;

/** One scale for each index along {@code chAxis}. */
public sealed interface PerChannelSpec extends DataTypeSpec permits Int8PerChannelSpec {
    /** Whether the zero point is 0; unset by default. */
    @Nullable
    Boolean symmetric();

    /** The numbers that a scale may take; unset by default. */
    @Nullable
    ScaleType scaleType();

    /** How scaled values become integers; unset by default. */
    @Nullable
    RoundType roundMethod();

    /** The axis of the channels, 0 for the outputs of a linear layer's weight; −1 is the last. Unset by default. */
    @Nullable
    Integer chAxis();

    /** Whether the scales are found anew for each tensor that passes; unset by default. */
    @Nullable
    Boolean isDynamic();

    @Override
    default QuantizationSpec toQuantizationSpec() {
        return QuantizationSpec.builder(dtype())
                .qscheme(QSchemeType.PER_CHANNEL)
                .observerCls(ObserverType.PER_CHANNEL_MIN_MAX)
                .symmetric(symmetric())
                .scaleType(scaleType())
                .roundMethod(roundMethod())
                .chAxis(chAxis())
                .isDynamic(isDynamic())
                .build();
    }

    /** The canonical constructor of a specification of this family. */
    @FunctionalInterface
    interface Factory<S extends PerChannelSpec> {
        /** A specification of these settings. */
        S create(
                @Nullable Boolean symmetric,
                @Nullable ScaleType scaleType,
                @Nullable RoundType roundMethod,
                @Nullable Integer chAxis,
                @Nullable Boolean isDynamic);
    }

    /** Collects the settings of a specification; all are unset at first. */
    final class Builder<S extends PerChannelSpec> {
        private final Factory<S> factory;
        private @Nullable Boolean symmetric;
        private @Nullable ScaleType scaleType;
        private @Nullable RoundType roundMethod;
        private @Nullable Integer chAxis;
        private @Nullable Boolean isDynamic;

        Builder(Factory<S> factory) {
            this.factory = factory;
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

        /** The axis of the channels. */
        public Builder<S> chAxis(@Nullable Integer value) {
            chAxis = value;
            return this;
        }

        /** Whether the scales are found anew for each tensor that passes. */
        public Builder<S> isDynamic(@Nullable Boolean value) {
            isDynamic = value;
            return this;
        }

        /** The specification. */
        public S build() {
            return factory.create(symmetric, scaleType, roundMethod, chAxis, isDynamic);
        }
    }
}
