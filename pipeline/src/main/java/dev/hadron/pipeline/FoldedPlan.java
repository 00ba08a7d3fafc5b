package dev.hadron.pipeline;

import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.StorageType;
import dev.hadron.plan.FoldedName;
import dev.hadron.plan.LayerPlan;
import dev.hadron.plan.TensorRole;
import dev.hadron.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A plan as it is read: layers that differ only in an index, and get the same, are one row.
 *
 * @param layers rows of quantized layers
 * @param copied rows of tensors that stay as they are
 */
public record FoldedPlan(List<Row<PlannedLayer>> layers, List<Row<CopiedTensor>> copied) {
    /**
     * Some that are alike.
     *
     * @param name of layers or tensors
     * @param first of them, in whose place all of them stand
     */
    public record Row<T>(FoldedName name, T first) {}

    private record SameLayer(
            Shape shape,
            StorageType storage,
            Optional<QuantizationSpec> weight,
            Optional<QuantizationSpec> input,
            Optional<QuantizationSpec> output,
            Map<TensorRole, String> rules) {
        static SameLayer of(PlannedLayer layer) {
            LayerPlan plan = layer.plan();
            return new SameLayer(
                    plan.weightView().shape(),
                    layer.storage(),
                    plan.weight(),
                    plan.input(),
                    plan.output(),
                    plan.rules());
        }
    }

    private record SameCopy(Shape shape, StorageType storage, String reason) {
        static SameCopy of(CopiedTensor copy) {
            return new SameCopy(copy.tensor().shape(), copy.tensor().type(), copy.reason());
        }
    }

    /** Copies the lists. */
    public FoldedPlan {
        layers = List.copyOf(layers);
        copied = List.copyOf(copied);
    }

    /** The rows of a report. */
    public static FoldedPlan of(PlanReport report) {
        return new FoldedPlan(
                fold(report.layers(), SameLayer::of, layer -> layer.plan().layer()),
                fold(report.copied(), SameCopy::of, copy -> copy.tensor().name()));
    }

    /** A row for each. */
    public static FoldedPlan unfolded(PlanReport report) {
        return new FoldedPlan(
                report.layers().stream()
                        .map(layer -> new Row<>(new FoldedName(layer.plan().layer(), 1), layer))
                        .toList(),
                report.copied().stream()
                        .map(copy -> new Row<>(new FoldedName(copy.tensor().name(), 1), copy))
                        .toList());
    }

    private static <T> List<Row<T>> fold(List<T> all, Function<T, Object> facts, Function<T, String> name) {
        Map<Object, List<T>> alike = new LinkedHashMap<>();
        all.forEach(one -> alike.computeIfAbsent(facts.apply(one), unused -> new ArrayList<>())
                .add(one));
        List<Row<T>> rows = new ArrayList<>();
        for (List<T> same : alike.values()) {
            FoldedName.of(same.stream().map(name).toList())
                    .forEach(folded -> rows.add(new Row<>(folded, same.getFirst())));
        }
        return rows;
    }
}
