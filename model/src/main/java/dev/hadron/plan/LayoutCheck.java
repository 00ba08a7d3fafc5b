package dev.hadron.plan;

import dev.hadron.config.LayerType;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.export.ExportLayout;
import java.util.Arrays;
import java.util.Optional;

/** Whether a layout can hold what a plan says of a layer. */
record LayoutCheck(ExportLayout layout) {
    /** @throws UnsupportedQuantizationException with the first layout that can, where there is one */
    void require(LayerPlan plan) {
        try {
            check(layout, plan);
        } catch (UnsupportedQuantizationException e) {
            Optional<ExportLayout> other = Arrays.stream(ExportLayout.values())
                    .filter(candidate -> candidate != layout && canHold(candidate, plan))
                    .findFirst();
            throw other.isEmpty()
                    ? e
                    : new UnsupportedQuantizationException(
                            e.getMessage() + ", or take the layout "
                                    + other.get().wireName() + ", which can",
                            e);
        }
    }

    private static boolean canHold(ExportLayout candidate, LayerPlan plan) {
        try {
            check(candidate, plan);
            return true;
        } catch (UnsupportedQuantizationException e) {
            return false;
        }
    }

    private static void check(ExportLayout candidate, LayerPlan plan) {
        checkType(plan);
        candidate.layout().declare(plan.format());
    }

    private static void checkType(LayerPlan plan) {
        LayerType type = plan.type();
        switch (type) {
            case LINEAR -> {}
            case CONV2D, CONV_TRANSPOSE2D, EMBEDDING_BAG ->
                throw new UnsupportedQuantizationException("layer " + plan.layer() + " is of type " + type.wireName()
                        + ", which can't be quantized; linear layers can: exclude it");
            case EMBEDDING -> checkTable(plan);
        }
    }

    private static void checkTable(LayerPlan plan) {
        if (plan.input().isPresent() || plan.output().isPresent()) {
            throw new UnsupportedQuantizationException("layer " + plan.layer() + " is of type "
                    + plan.type().wireName()
                    + ", of which only the weight can be quantized: leave input_tensors and output_tensors out of its"
                    + " configuration");
        }
    }
}
