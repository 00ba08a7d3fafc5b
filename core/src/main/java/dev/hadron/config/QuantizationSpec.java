package dev.hadron.config;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.MxScaleMode;
import dev.hadron.dtype.NumberFormat;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.dtype.ZeroPointType;
import dev.hadron.error.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * How one tensor is quantized. All but the data type may be left open while a configuration is put together; {@link
 * SpecRules} says what must be there when it is used.
 *
 * @param dtype the type of the codes
 * @param observerCls who finds the range
 * @param isDynamic whether scales are found anew for each tensor that passes, instead of once in calibration
 * @param qscheme which elements share a scale
 * @param chAxis the axis of channels or groups; −1 is the last
 * @param groupSize how many elements share a scale, per group; −1 is the whole axis
 * @param symmetric whether the zero point is 0
 * @param roundMethod how scaled values become integers
 * @param scaleType the numbers that a scale may take
 * @param zeroPointType the numbers that a zero point may take; {@code int32} by default
 * @param mxElementDtype the type of an element's code, of {@link Dtype#MX} only; the block's scale is E8M0
 * @param scaleCalculationMode how a block of {@link Dtype#MX} finds its power of two; unset is {@link MxScaleMode#FLOOR}
 * @param qatSpec how a threshold is trained; unset for what isn't trained
 */
public record QuantizationSpec(
        Dtype dtype,
        @Nullable ObserverType observerCls,
        @Nullable Boolean isDynamic,
        @Nullable QSchemeType qscheme,
        @Nullable Integer chAxis,
        @Nullable Integer groupSize,
        @Nullable Boolean symmetric,
        @Nullable RoundType roundMethod,
        @Nullable ScaleType scaleType,
        ZeroPointType zeroPointType,
        @Nullable Dtype mxElementDtype,
        @Nullable MxScaleMode scaleCalculationMode,
        @Nullable TQTSpec qatSpec)
        implements TensorSetting {
    /** Refuses what no completion could make right. */
    public QuantizationSpec {
        if (groupSize != null && groupSize != -1 && groupSize < 1) {
            throw new ConfigException(
                    "group_size is " + groupSize + "; it must be a positive number, or -1 for the whole axis");
        }
    }

    /** What the codes mean: the data type's format, of {@link Dtype#MX} with this specification's elements. */
    public NumberFormat format() {
        return dtype == Dtype.MX && mxElementDtype != null ? BlockFormat.mx(mxElementDtype.format()) : dtype.format();
    }

    /** A specification of this data type with all else open. */
    public static Builder builder(Dtype dtype) {
        return new Builder(dtype);
    }

    /** A builder that starts from this specification. */
    public Builder toBuilder() {
        return toBuilder(dtype);
    }

    /** A builder that starts from this specification, but for its data type. */
    public Builder toBuilder(Dtype other) {
        return builder(other)
                .observerCls(observerCls)
                .isDynamic(isDynamic)
                .qscheme(qscheme)
                .chAxis(chAxis)
                .groupSize(groupSize)
                .symmetric(symmetric)
                .roundMethod(roundMethod)
                .scaleType(scaleType)
                .zeroPointType(zeroPointType)
                .mxElementDtype(mxElementDtype)
                .scaleCalculationMode(scaleCalculationMode)
                .qatSpec(qatSpec);
    }

    /** Collects the settings of a specification. */
    public static final class Builder {
        private Dtype dtype;
        private @Nullable ObserverType observerCls;
        private @Nullable Boolean isDynamic;
        private @Nullable QSchemeType qscheme;
        private @Nullable Integer chAxis;
        private @Nullable Integer groupSize;
        private @Nullable Boolean symmetric;
        private @Nullable RoundType roundMethod;
        private @Nullable ScaleType scaleType;
        private ZeroPointType zeroPointType = ZeroPointType.INT32;
        private @Nullable Dtype mxElementDtype;
        private @Nullable MxScaleMode scaleCalculationMode;
        private @Nullable TQTSpec qatSpec;

        private Builder(Dtype dtype) {
            this.dtype = dtype;
        }

        Builder dtype(Dtype value) {
            dtype = value;
            return this;
        }

        /** Who finds the range. */
        public Builder observerCls(@Nullable ObserverType value) {
            observerCls = value;
            return this;
        }

        /** Whether scales are found anew for each tensor that passes. */
        public Builder isDynamic(@Nullable Boolean value) {
            isDynamic = value;
            return this;
        }

        /** Which elements share a scale. */
        public Builder qscheme(@Nullable QSchemeType value) {
            qscheme = value;
            return this;
        }

        /** The axis of channels or groups. */
        public Builder chAxis(@Nullable Integer value) {
            chAxis = value;
            return this;
        }

        /** How many elements share a scale. */
        public Builder groupSize(@Nullable Integer value) {
            groupSize = value;
            return this;
        }

        /** Whether the zero point is 0. */
        public Builder symmetric(@Nullable Boolean value) {
            symmetric = value;
            return this;
        }

        /** How scaled values become integers. */
        public Builder roundMethod(@Nullable RoundType value) {
            roundMethod = value;
            return this;
        }

        /** The numbers that a scale may take. */
        public Builder scaleType(@Nullable ScaleType value) {
            scaleType = value;
            return this;
        }

        /** The numbers that a zero point may take. */
        public Builder zeroPointType(ZeroPointType value) {
            zeroPointType = value;
            return this;
        }

        /** The type of an element's code, of {@link Dtype#MX}. */
        public Builder mxElementDtype(@Nullable Dtype value) {
            mxElementDtype = value;
            return this;
        }

        /** How a block of {@link Dtype#MX} finds its power of two. */
        public Builder scaleCalculationMode(@Nullable MxScaleMode value) {
            scaleCalculationMode = value;
            return this;
        }

        /** How a threshold is trained. */
        public Builder qatSpec(@Nullable TQTSpec value) {
            qatSpec = value;
            return this;
        }

        /** The specification. */
        public QuantizationSpec build() {
            return new QuantizationSpec(
                    dtype,
                    observerCls,
                    isDynamic,
                    qscheme,
                    chAxis,
                    groupSize,
                    symmetric,
                    roundMethod,
                    scaleType,
                    zeroPointType,
                    mxElementDtype,
                    scaleCalculationMode,
                    qatSpec);
        }
    }
}
