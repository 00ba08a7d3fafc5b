package dev.hadron.algorithm.scaling;

import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.WorkingType;
import dev.hadron.numerics.Parallel;
import dev.hadron.observer.Observers;
import dev.hadron.quantizer.FakeQuantizer;
import dev.hadron.tensor.Granularity;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/** What a weight becomes under its specification, with scales found anew, in place in host memory. */
public final class WeightRounding {
    private static final long GRAIN = 16;

    private WeightRounding() {}

    /** Replaces the elements of {@code [out, in]} by those that their codes stand for. */
    public static void apply(QuantizationSpec spec, WorkingType workingType, Tensor weight, Parallel parallel) {
        FakeQuantizer quantizer = FakeQuantizer.dynamic(spec, workingType);
        if (!isByRow(spec, weight.shape())) {
            quantizer.apply(weight);
            return;
        }
        long width = weight.shape().extent(1);
        parallel.forRanges(weight.shape().extent(0), GRAIN, (from, to) -> {
            MemorySegment rows = weight.data().asSlice(from * width * Float.BYTES, (to - from) * width * Float.BYTES);
            quantizer.apply(new Tensor(weight.type(), Shape.of(to - from, width), rows));
        });
    }

    /** Whether rows can be quantized by themselves. */
    private static boolean isByRow(QuantizationSpec spec, Shape shape) {
        return switch (Observers.granularity(spec, shape)) {
            case Granularity.PerTensor unused -> false;
            case Granularity.PerChannel(int axis) -> axis == 0;
            case Granularity.PerGroup(int axis, long unused) -> axis == 1 && !Observers.dependsOnTensor(spec.format());
        };
    }
}
