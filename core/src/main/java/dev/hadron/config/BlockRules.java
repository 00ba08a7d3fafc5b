package dev.hadron.config;

import static dev.hadron.config.SpecRules.refuse;
import static dev.hadron.config.SpecRules.require;
import static dev.hadron.config.SpecRules.wrong;

import dev.hadron.dtype.Dtype;
import dev.hadron.dtype.QSchemeType;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What a specification of a data type in blocks must say, and must not. */
final class BlockRules {
    /** The types that an element of {@link Dtype#MX} can have. */
    static final Set<Dtype> ELEMENTS =
            EnumSet.of(Dtype.FP8_E4M3, Dtype.FP8_E5M2, Dtype.FP6_E3M2, Dtype.FP6_E2M3, Dtype.FP4, Dtype.INT8);

    private BlockRules() {}

    static void check(QuantizationSpec spec, String where) {
        String name = spec.dtype().wireName();
        require(spec.qscheme(), "qscheme", "per_group", spec, where);
        if (spec.qscheme() != QSchemeType.PER_GROUP) {
            throw wrong(
                    "qscheme",
                    ConfigJson.wireName(Objects.requireNonNull(spec.qscheme())),
                    "per_group for " + name,
                    where);
        }
        require(spec.isDynamic(), "is_dynamic", "true or false", spec, where);
        ObserverType wanted = spec.dtype() == Dtype.BFP16 ? ObserverType.PER_BLOCK_BFP : ObserverType.PER_BLOCK_MX;
        require(spec.observerCls(), "observer_cls", wanted.wireName(), spec, where);
        if (spec.observerCls() != wanted) {
            throw wrong(
                    "observer_cls",
                    Objects.requireNonNull(spec.observerCls()).wireName(),
                    wanted.wireName() + " for " + name,
                    where);
        }
        require(spec.chAxis(), "ch_axis", "the axis that blocks run along, such as -1", spec, where);
        require(spec.groupSize(), "group_size", "the size of a block", spec, where);
        checkSize(spec, Objects.requireNonNull(spec.groupSize()), where);
        checkElement(spec, where);
        if (Boolean.FALSE.equals(spec.symmetric())) {
            throw wrong("symmetric", "false", "true or unset for " + name, where);
        }
    }

    private static void checkSize(QuantizationSpec spec, int size, String where) {
        String name = spec.dtype().wireName();
        String allowed = switch (spec.dtype()) {
            case MX6, MX9 -> size % 2 == 0 ? "" : "an even number, such as 32, for " + name;
            case BFP16 -> size == BFP16Spec.BLOCK_SIZE ? "" : BFP16Spec.BLOCK_SIZE + " for " + name;
            case NVFP4 -> size == NVFP4Spec.BLOCK_SIZE ? "" : NVFP4Spec.BLOCK_SIZE + " for " + name;
            default -> "";
        };
        if (!allowed.isEmpty()) {
            throw wrong("group_size", Integer.toString(size), allowed, where);
        }
    }

    private static void checkElement(QuantizationSpec spec, String where) {
        Dtype element = spec.mxElementDtype();
        if (spec.dtype() != Dtype.MX) {
            refuse(element, "mx_element_dtype", spec.dtype().wireName(), where);
            refuse(
                    spec.scaleCalculationMode(),
                    "scale_calculation_mode",
                    spec.dtype().wireName(),
                    where);
            return;
        }
        String elements = ELEMENTS.stream().map(Dtype::wireName).collect(Collectors.joining(", "));
        require(element, "mx_element_dtype", "one of " + elements, spec, where);
        if (!ELEMENTS.contains(Objects.requireNonNull(element))) {
            throw wrong("mx_element_dtype", element.wireName(), "one of " + elements, where);
        }
    }
}
