package dev.hadron.config;

import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import org.jspecify.annotations.Nullable;

/** One scale for each run of {@code groupSize} elements along {@code chAxis}. */
public sealed interface PerGroupSpec extends DataTypeSpec
        permits Uint4PerGroupSpec,
                Int4PerGroupSpec,
                Uint8PerGroupSpec,
                Int8PerGroupSpec,
                FP8E4M3PerGroupSpec,
                FP8E5M2PerGroupSpec {
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
     * The axis that groups run along, −1 (the last) for the inputs of a linear layer's weight. Unset by default and always
     * needed.
     */
    @Nullable
    Integer chAxis();

    /** Whether scales are found anew for each tensor that passes, instead of once; unset by default and always needed. */
    @Nullable
    Boolean isDynamic();

    /** How many elements share a scale; −1 is the whole axis. Unset by default and always needed. */
    @Nullable
    Integer groupSize();

    @Override
    default QuantizationSpec toQuantizationSpec() {
        return QuantizationSpec.builder(dtype())
                .qscheme(QSchemeType.PER_GROUP)
                .observerCls(ObserverType.PER_GROUP_MIN_MAX)
                .symmetric(symmetric())
                .scaleType(scaleType())
                .roundMethod(roundMethod())
                .chAxis(chAxis())
                .groupSize(groupSize())
                .isDynamic(isDynamic())
                .build();
    }

    /** The canonical constructor of a specification of this family. */
    @FunctionalInterface
    interface Factory<S extends PerGroupSpec> {
        /** A specification of these settings. */
        S create(
                @Nullable Boolean symmetric,
                @Nullable ScaleType scaleType,
                @Nullable RoundType roundMethod,
                @Nullable Integer chAxis,
                @Nullable Boolean isDynamic,
                @Nullable Integer groupSize);
    }

    /** Collects the settings of a specification; all are unset at first. */
    final class Builder<S extends PerGroupSpec> extends ScaleSettings<S, Builder<S>> {
        private final Factory<S> factory;
        private @Nullable Integer chAxis;
        private @Nullable Integer groupSize;

        Builder(Factory<S> factory) {
            this.factory = factory;
        }

        /** The axis that groups run along. */
        public Builder<S> chAxis(@Nullable Integer value) {
            chAxis = value;
            return this;
        }

        /** How many elements share a scale. */
        public Builder<S> groupSize(@Nullable Integer value) {
            groupSize = value;
            return this;
        }

        @Override
        public S build() {
            return factory.create(symmetric, scaleType, roundMethod, chAxis, isDynamic, groupSize);
        }

        @Override
        Builder<S> self() {
            return this;
        }
    }
}
