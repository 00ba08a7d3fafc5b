package dev.hadron.config;

import dev.hadron.dtype.BlockFormat;
import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.FloatFormat;
import dev.hadron.dtype.HalfFormat;
import dev.hadron.dtype.IntFormat;
import dev.hadron.dtype.QSchemeType;
import dev.hadron.dtype.RoundType;
import dev.hadron.dtype.ScaleType;
import dev.hadron.error.ConfigException;
import dev.hadron.error.UnsupportedQuantizationException;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a specification must say, and must not, when it is used. */
public final class SpecRules {
    /** The types that an element of {@link Dtype#MX} can have. */
    static final Set<Dtype> MX_ELEMENTS =
            EnumSet.of(Dtype.FP8_E4M3, Dtype.FP8_E5M2, Dtype.FP6_E3M2, Dtype.FP6_E2M3, Dtype.FP4, Dtype.INT8);

    private final QuantizationSpec spec;
    private final String where;

    private SpecRules(QuantizationSpec spec, String where) {
        this.spec = spec;
        this.where = where;
    }

    /**
     * Checks that a specification is complete and consistent.
     *
     * @param where what it is for, as the message shall name it: {@code "weight in global_quant_config"}
     * @throws ConfigException naming the field, its value and what is allowed
     * @throws UnsupportedQuantizationException for what can't be computed
     */
    public static void check(QuantizationSpec spec, String where) {
        new SpecRules(spec, where).check();
    }

    private void check() {
        if (spec.qatSpec() != null || spec.observerCls() == ObserverType.TQT) {
            throw new UnsupportedQuantizationException("the " + where
                    + " asks for trained thresholds (TQT), which come with a later release; take out qat_spec and"
                    + " TQTObserver");
        }
        if (spec.dtype() != Dtype.MX) {
            refuse(spec.mxElementDtype(), "mx_element_dtype", name());
            refuse(spec.scaleCalculationMode(), "scale_calculation_mode", name());
        }
        switch (spec.dtype().format()) {
            case IntFormat unused -> {
                requireScale();
                checkInteger();
            }
            case FloatFormat format -> {
                if (format.bits() < Byte.SIZE) {
                    throw wrong("dtype", name(), "mx with " + name() + " as its mx_element_dtype");
                }
                requireScale();
                checkRounding();
            }
            case HalfFormat unused -> {
                checkAxes();
                checkRounding();
            }
            case BlockFormat unused -> {
                requireScale();
                checkBlocks();
                checkRounding();
            }
        }
        checkObserver();
    }

    private void requireScale() {
        require(spec.qscheme(), "qscheme", "per_tensor, per_channel or per_group");
        require(spec.isDynamic(), "is_dynamic", "true or false");
        require(spec.observerCls(), "observer_cls", "an observer (observer_method of a named specification)");
        checkAxes();
    }

    private void checkAxes() {
        switch (spec.qscheme()) {
            case null -> {}
            case PER_TENSOR -> {
                refuse(spec.chAxis(), "ch_axis", "per_tensor");
                refuse(spec.groupSize(), "group_size", "per_tensor");
            }
            case PER_CHANNEL -> {
                require(spec.chAxis(), "ch_axis", "the axis of the channels, such as 0");
                refuse(spec.groupSize(), "group_size", "per_channel");
            }
            case PER_GROUP -> {
                require(spec.chAxis(), "ch_axis", "the axis that groups run along, such as -1");
                require(spec.groupSize(), "group_size", "a positive number, or -1 for the whole axis");
            }
        }
    }

    private void checkObserver() {
        ObserverType observer = spec.observerCls();
        QSchemeType scheme = spec.qscheme();
        if (observer == null) {
            return;
        }
        boolean cast = spec.dtype().format() instanceof HalfFormat;
        if (cast && (observer == ObserverType.PLACEHOLDER || scheme == null)) {
            return;
        }
        if (scheme != null && !observer.serves(scheme)) {
            throw wrong("observer_cls", observer.wireName(), "an observer for " + ConfigJson.wireName(scheme));
        }
        ObserverType ofBlocks = spec.dtype() == Dtype.BFP16 ? ObserverType.PER_BLOCK_BFP : ObserverType.PER_BLOCK_MX;
        boolean looksAtBlocks = observer == ObserverType.PER_BLOCK_MX || observer == ObserverType.PER_BLOCK_BFP;
        if (spec.dtype().format() instanceof BlockFormat) {
            if (observer != ofBlocks) {
                throw wrong("observer_cls", observer.wireName(), ofBlocks.wireName() + " for " + name());
            }
        } else if (looksAtBlocks) {
            throw wrong("observer_cls", observer.wireName(), "PerGroupMinMaxObserver for " + name());
        }
        if (observer == ObserverType.PER_TENSOR_HISTOGRAM_PRO
                && spec.dtype() != Dtype.INT8
                && spec.dtype() != Dtype.UINT8) {
            throw wrong("observer_cls", observer.wireName(), "another for " + name() + "; it searches 8-bit integers");
        }
    }

    private void checkInteger() {
        require(spec.symmetric(), "symmetric", "true or false");
        require(spec.roundMethod(), "round_method", "round, floor or half_even");
        require(spec.scaleType(), "scale_type", "float, pof2, float32, float16 or bfloat16");
    }

    /** Codes of floating point, of blocks and of casts are the nearest, halves to even, under scales of a fixed kind. */
    private void checkRounding() {
        RoundType rounding = spec.roundMethod();
        if (rounding != null && rounding != RoundType.HALF_EVEN) {
            throw wrong("round_method", ConfigJson.wireName(rounding), "half_even for " + name());
        }
        if (spec.scaleType() == ScaleType.POF2) {
            throw wrong("scale_type", "pof2", "float, float32, float16 or bfloat16 for " + name());
        }
    }

    private void checkBlocks() {
        QSchemeType scheme = spec.qscheme();
        if (scheme != null && scheme != QSchemeType.PER_GROUP) {
            throw wrong("qscheme", ConfigJson.wireName(scheme), "per_group for " + name());
        }
        if (spec.dtype() == Dtype.MX) {
            String allowed = MX_ELEMENTS.stream().map(Dtype::wireName).collect(Collectors.joining(", ", "one of ", ""));
            Dtype element = spec.mxElementDtype();
            require(element, "mx_element_dtype", allowed);
            if (element != null && !MX_ELEMENTS.contains(element)) {
                throw wrong("mx_element_dtype", element.wireName(), allowed);
            }
        }
        if (spec.dtype() == Dtype.BFP16) {
            only(spec.groupSize(), "group_size", BFP16Spec.BLOCK_SIZE);
        }
        if (spec.dtype() == Dtype.NVFP4) {
            only(spec.groupSize(), "group_size", NVFP4Spec.BLOCK_SIZE);
        }
    }

    private void only(@Nullable Integer value, String field, int allowed) {
        if (value != null && value != allowed) {
            throw wrong(field, value.toString(), allowed + " for " + name());
        }
    }

    private void require(@Nullable Object value, String field, String allowed) {
        if (value == null) {
            throw new ConfigException(
                    field + " of the " + where + " (" + name() + ") isn't set; it must be " + allowed);
        }
    }

    private void refuse(@Nullable Object value, String field, String by) {
        if (value != null) {
            String shown = value instanceof Enum<?> constant ? ConfigJson.wireName(constant) : value.toString();
            throw wrong(field, shown, "unset for " + by);
        }
    }

    private ConfigException wrong(String field, String value, String allowed) {
        return new ConfigException(field + " of the " + where + " is " + value + "; it must be " + allowed);
    }

    private String name() {
        return spec.dtype().wireName();
    }
}
