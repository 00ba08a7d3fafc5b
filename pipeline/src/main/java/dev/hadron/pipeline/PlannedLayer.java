package dev.hadron.pipeline;

import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.dtype.StorageType;
import dev.hadron.export.ExportLayout;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.plan.LayerPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A layer of a plan, and what it will take in the file.
 *
 * @param plan what is done to it
 * @param storage the type of its weight now
 * @param written the tensors that it becomes
 * @param weightBytes what codes, scales and zero points of its weight will take; 0 when the weight stays as it is
 */
public record PlannedLayer(LayerPlan plan, StorageType storage, List<TensorDeclaration> written, long weightBytes) {
    /** Copies the list. */
    public PlannedLayer {
        written = List.copyOf(written);
    }

    static PlannedLayer of(LayerPlan plan, StorageType storage, ExportLayout layout) {
        LayerFormat format = plan.format();
        List<TensorDeclaration> written = new ArrayList<>();
        if (plan.weight().isEmpty()) {
            written.add(new TensorDeclaration(
                    plan.weightView().tensor(), storage, plan.weightView().shape()));
        }
        written.addAll(layout.layout().declare(format));
        LayerFormat weightOnly = new LayerFormat(
                format.layer(),
                format.type(),
                format.shape(),
                format.workingType(),
                format.weight(),
                Optional.empty(),
                Optional.empty());
        return new PlannedLayer(plan, storage, written, byteSize(layout.layout().declare(weightOnly)));
    }

    /** What its weight takes now. */
    public long bytesBefore() {
        return plan.weightView().shape().elements() * storage.bytes();
    }

    /** What its tensors will take, those of static activations included. */
    public long bytesAfter() {
        return byteSize(written);
    }

    /** Bits of a quantized weight, scales and zero points included. */
    public OptionalDouble bitsPerWeight() {
        long elements = plan.weightView().shape().elements();
        return plan.weight().isEmpty() || elements == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) weightBytes * Byte.SIZE / elements);
    }

    private static long byteSize(List<TensorDeclaration> tensors) {
        return tensors.stream().mapToLong(TensorDeclaration::byteSize).sum();
    }
}
