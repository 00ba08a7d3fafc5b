package dev.hadron.config;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.error.ConfigException;
import org.jspecify.annotations.Nullable;

/** What a specification must say, and must not, when it is used. */
public final class SpecRules {
    private SpecRules() {}

    /**
     * Checks that a specification is complete and consistent.
     *
     * @param where what it is for, as the message shall name it: {@code "weight in global_quant_config"}
     * @throws ConfigException naming the field, its value and what is allowed
     * @throws UnsupportedQuantizationException for what can't be computed
     */
    public static void check(QuantizationSpec spec, String where) {
        if (spec.format() instanceof HalfFormat || spec.format() instanceof BlockFormat) {
            return;
        }
        require(spec.qscheme(), "qscheme", "per_tensor, per_channel or per_group", spec, where);
        require(spec.isDynamic(), "is_dynamic", "true or false", spec, where);
        require(
                spec.observerCls(),
                "observer_cls",
                "an observer (observer_method of a named specification)",
                spec,
                where);
        checkGranularity(spec, where);
        switch (spec.dtype().format()) {
            case IntFormat unused -> checkInteger(spec, where);
            case FloatFormat unused -> checkFloat(spec, where);
            case HalfFormat unused -> throw new IllegalStateException("no halves yet");
            case BlockFormat unused -> throw new IllegalStateException("no blocks yet");
        }
    }

    private static void checkGranularity(QuantizationSpec spec, String where) {
        QSchemeType scheme = spec.qscheme();
        ObserverType observer = spec.observerCls();
        if (scheme == null || observer == null) {
            return;
        }
        if (observer.qscheme() != scheme) {
            throw wrong("observer_cls", observer.wireName(), "an observer for " + ConfigJson.wireName(scheme), where);
        }
        switch (scheme) {
            case PER_TENSOR -> {
                refuse(spec.chAxis(), "ch_axis", "per_tensor", where);
                refuse(spec.groupSize(), "group_size", "per_tensor", where);
            }
            case PER_CHANNEL -> {
                require(spec.chAxis(), "ch_axis", "the axis of the channels, such as 0", spec, where);
                refuse(spec.groupSize(), "group_size", "per_channel", where);
            }
            case PER_GROUP -> {
                require(spec.chAxis(), "ch_axis", "the axis that groups run along, such as -1", spec, where);
                require(spec.groupSize(), "group_size", "a positive number, or -1 for the whole axis", spec, where);
            }
        }
    }

    private static void checkInteger(QuantizationSpec spec, String where) {
        require(spec.symmetric(), "symmetric", "true or false", spec, where);
        require(spec.roundMethod(), "round_method", "round, floor or half_even", spec, where);
        require(spec.scaleType(), "scale_type", "float, pof2, float32, float16 or bfloat16", spec, where);
    }

    private static void checkFloat(QuantizationSpec spec, String where) {
        RoundType rounding = spec.roundMethod();
        if (rounding != null && rounding != RoundType.HALF_EVEN) {
            throw wrong("round_method", ConfigJson.wireName(rounding), "half_even for " + name(spec), where);
        }
        if (spec.scaleType() == ScaleType.POF2) {
            throw wrong("scale_type", "pof2", "float, float32, float16 or bfloat16 for " + name(spec), where);
        }
    }

    private static void require(
            @Nullable Object value, String field, String allowed, QuantizationSpec spec, String where) {
        if (value == null) {
            throw new ConfigException(
                    field + " of the " + where + " (" + name(spec) + ") isn't set; it must be " + allowed);
        }
    }

    private static void refuse(@Nullable Object value, String field, String scheme, String where) {
        if (value != null) {
            throw wrong(field, value.toString(), "unset for " + scheme, where);
        }
    }

    private static ConfigException wrong(String field, String value, String allowed, String where) {
        return new ConfigException(field + " of the " + where + " is " + value + "; it must be " + allowed);
    }

    private static String name(QuantizationSpec spec) {
        return spec.dtype().wireName();
    }
}
