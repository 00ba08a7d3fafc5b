package dev.hadron.config;

import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.error.ConfigException;
import dev.hadron.error.UnsupportedQuantizationException;
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
        if (spec.qatSpec() != null || spec.observerCls() == ObserverType.TQT) {
            throw new UnsupportedQuantizationException(
                    "the " + where
                            + " has a threshold that is trained (qat_spec, TQTObserver), which isn't available; remove it and choose an observer");
        }
        switch (spec.dtype()) {
            case INT8, UINT8, INT4, UINT4, INT3, UINT3, INT2, UINT2 -> {
                checkRange(spec, where);
                checkInteger(spec, where);
            }
            case FP8_E4M3, FP8_E5M2 -> {
                checkRange(spec, where);
                checkFloat(spec, where);
            }
            case FLOAT16, BFLOAT16 -> checkCast(spec, where);
            case FP6_E3M2, FP6_E2M3, FP4 ->
                throw wrong(
                        "dtype",
                        name(spec),
                        "mx with " + name(spec)
                                + " as mx_element_dtype (it is an element of MX, not a type of its own)",
                        where);
            case MX, MX6, MX9, BFP16, NVFP4 -> {
                BlockRules.check(spec, where);
                checkFloat(spec, where);
            }
        }
    }

    private static void checkRange(QuantizationSpec spec, String where) {
        require(spec.qscheme(), "qscheme", "per_tensor, per_channel or per_group", spec, where);
        require(spec.isDynamic(), "is_dynamic", "true or false", spec, where);
        require(
                spec.observerCls(),
                "observer_cls",
                "an observer (observer_method of a named specification)",
                spec,
                where);
        checkGranularity(spec, where);
        refuse(spec.mxElementDtype(), "mx_element_dtype", name(spec), where);
        refuse(spec.scaleCalculationMode(), "scale_calculation_mode", name(spec), where);
    }

    /** Half precision and bfloat16 have no scale, so that no setting of one means anything. */
    private static void checkCast(QuantizationSpec spec, String where) {
        ObserverType observer = spec.observerCls();
        if (observer != null && observer != ObserverType.PLACEHOLDER) {
            throw wrong("observer_cls", observer.wireName(), "PlaceholderObserver or unset for " + name(spec), where);
        }
        if (spec.qscheme() != null && spec.qscheme() != QSchemeType.PER_TENSOR) {
            throw wrong("qscheme", ConfigJson.wireName(spec.qscheme()), "unset for " + name(spec), where);
        }
        checkFloat(spec, where);
    }

    private static void checkGranularity(QuantizationSpec spec, String where) {
        QSchemeType scheme = spec.qscheme();
        ObserverType observer = spec.observerCls();
        if (scheme == null || observer == null) {
            return;
        }
        if (observer.qscheme() != scheme
                || observer == ObserverType.PLACEHOLDER
                || observer == ObserverType.PER_BLOCK_MX
                || observer == ObserverType.PER_BLOCK_BFP) {
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

    static void require(@Nullable Object value, String field, String allowed, QuantizationSpec spec, String where) {
        if (value == null) {
            throw new ConfigException(
                    field + " of the " + where + " (" + name(spec) + ") isn't set; it must be " + allowed);
        }
    }

    static void refuse(@Nullable Object value, String field, String scheme, String where) {
        if (value != null) {
            throw wrong(field, value.toString(), "unset for " + scheme, where);
        }
    }

    static ConfigException wrong(String field, String value, String allowed, String where) {
        return new ConfigException(field + " of the " + where + " is " + value + "; it must be " + allowed);
    }

    private static String name(QuantizationSpec spec) {
        return spec.dtype().wireName();
    }
}
