package dev.hadron.config;

import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import org.jspecify.annotations.Nullable;

/** One scale for each index along {@code chAxis}. */
public sealed interface PerChannelSpec extends DataTypeSpec
        permits Uint4PerChannelSpec,
                Int4PerChannelSpec,
                Uint8PerChannelSpec,
                Int8PerChannelSpec,
                FP8E4M3PerChannelSpec,
                FP8E5M2PerChannelSpec {
    /** Whether the zero point is 0; unset by default. Integers need it. */
    @Nullable
    Boolean symmetric();

    /** The numbers that a scale may take; unset by default. Integers need it; FP8 takes no {@link ScaleType#POF2}. */
    @Nullable
    ScaleType scaleType();

    /** How scaled values become codes; unset by default. Integers need it; FP8 takes {@link RoundType#HALF_EVEN} only. */
    @Nullable
    RoundType roundMethod();

    /**
     * The axis of the channels, 0 for the outputs of a linear layer's weight; negative counts from the last. Unset by default
     * and always needed.
     */
    @Nullable
    Integer chAxis();

    /** Whether scales are found anew for each tensor that passes, instead of once; unset by default and always needed. */
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
    final class Builder<S extends PerChannelSpec> extends ScaleSettings<S, Builder<S>> {
        private final Factory<S> factory;
        private @Nullable Integer chAxis;

        Builder(Factory<S> factory) {
            this.factory = factory;
        }

        /** The axis of the channels. */
        public Builder<S> chAxis(@Nullable Integer value) {
            chAxis = value;
            return this;
        }

        @Override
        public S build() {
            return factory.create(symmetric, scaleType, roundMethod, chAxis, isDynamic);
        }

        @Override
        Builder<S> self() {
            return this;
        }
    }
}
