package dev.hadron.config;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.ZeroPointType;
import org.jspecify.annotations.Nullable;

/**
 * Unsigned 4-bit integers, one scale per channel, and the only named specification that chooses the type of its zero points.
 *
 * @param symmetric whether the zero point is 0; unset by default, see {@link PerChannelSpec#symmetric}
 * @param scaleType the numbers that a scale may take; unset by default, see {@link PerChannelSpec#scaleType}
 * @param roundMethod how scaled values become codes; unset by default, see {@link PerChannelSpec#roundMethod}
 * @param chAxis the axis of the channels; unset by default, see {@link PerChannelSpec#chAxis}
 * @param isDynamic whether the scales are found anew for each tensor that passes; unset by default, see {@link
 *     PerChannelSpec#isDynamic}
 * @param zeroPointType the numbers that a zero point may take; {@link ZeroPointType#INT32} by default
 */
public record Uint4PerChannelSpec(
        @Nullable Boolean symmetric,
        @Nullable ScaleType scaleType,
        @Nullable RoundType roundMethod,
        @Nullable Integer chAxis,
        @Nullable Boolean isDynamic,
        ZeroPointType zeroPointType)
        implements PerChannelSpec {
    @Override
    public Dtype dtype() {
        return Dtype.UINT4;
    }

    @Override
    public QuantizationSpec toQuantizationSpec() {
        return PerChannelSpec.super.toQuantizationSpec().toBuilder()
                .zeroPointType(zeroPointType)
                .build();
    }

    /** All settings unset but the type of zero points. */
    public static Builder builder() {
        return new Builder();
    }

    /** Collects the settings of a specification. */
    public static final class Builder extends ScaleSettings<Uint4PerChannelSpec, Builder> {
        private @Nullable Integer chAxis;
        private ZeroPointType zeroPointType = ZeroPointType.INT32;

        private Builder() {}

        /** The axis of the channels. */
        public Builder chAxis(@Nullable Integer value) {
            chAxis = value;
            return this;
        }

        /** The numbers that a zero point may take. */
        public Builder zeroPointType(ZeroPointType value) {
            zeroPointType = value;
            return this;
        }

        @Override
        public Uint4PerChannelSpec build() {
            return new Uint4PerChannelSpec(symmetric, scaleType, roundMethod, chAxis, isDynamic, zeroPointType);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
