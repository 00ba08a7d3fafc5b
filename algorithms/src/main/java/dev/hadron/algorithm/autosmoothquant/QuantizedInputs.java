package dev.hadron.algorithm.autosmoothquant;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.algorithm.scaling.HostRows;
import dev.hadron.algorithm.scaling.ScalingEntry;
import dev.hadron.algorithm.scaling.WeightFactors;
import dev.hadron.config.QuantizationSpec;
import dev.hadron.dtype.WorkingType;
import dev.hadron.export.layout.LayerFormat;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.numerics.Parallel;
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.numerics.Range;
import dev.hadron.observer.Observers;
import dev.hadron.plan.LayerPlan;
import dev.hadron.quantizer.FakeQuantizer;
import dev.hadron.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The inputs of an entry's layers divided by factors and quantized as the layers' plans say. A scale for the whole tensor comes from the range of
 * all samples, whatever the observer, so that it need not see them again for each candidate.
 */
final class QuantizedInputs {
    private final LayerWork work;
    private final ScalingEntry entry;
    private final float[] smallest;
    private final float[] largest;

    QuantizedInputs(LayerWork work, ScalingEntry entry, List<Tensor> inputs) {
        this.work = work;
        this.entry = entry;
        int width = Math.toIntExact(inputs.getFirst().shape().extent(1));
        smallest = new float[width];
        largest = new float[width];
        java.util.Arrays.fill(smallest, Float.POSITIVE_INFINITY);
        java.util.Arrays.fill(largest, Float.NEGATIVE_INFINITY);
        for (Tensor input : inputs) {
            HostRows.read(input, 0, input.shape().extent(0), (row, elements) -> {
                for (int j = 0; j < width; j++) {
                    smallest[j] = Math.min(smallest[j], elements[j]);
                    largest[j] = Math.max(largest[j], elements[j]);
                }
            });
        }
    }

    /** What divides and quantizes under these factors. */
    LinearHooks under(float[] s) {
        Map<String, Optional<FakeQuantizer>> quantizers = new HashMap<>();
        for (String linear : entry.layers()) {
            quantizers.put(linear, work.plan(linear).flatMap(LayerPlan::input).map(spec -> quantizer(spec, s)));
        }
        return new LinearHooks() {
            @Override
            public DeviceTensor input(String layer, DeviceTensor x) {
                Optional<FakeQuantizer> quantizer = quantizers.get(layer);
                if (quantizer == null) {
                    return x;
                }
                return work.runtime().edit(x, host -> {
                    WeightFactors.divideColumns(host, s, Parallel.sequential());
                    quantizer.ifPresent(found -> found.apply(host));
                });
            }
        };
    }

    private FakeQuantizer quantizer(QuantizationSpec spec, float[] s) {
        if (!LayerFormat.isStatic(spec)) {
            return FakeQuantizer.dynamic(spec, WorkingType.FLOAT32);
        }
        Range range = Range.EMPTY;
        for (int j = 0; j < s.length; j++) {
            range = range.union(new Range(smallest[j] / s[j], largest[j] / s[j]));
        }
        return FakeQuantizer.withParameters(
                spec,
                QuantizationParameters.of(
                        Observers.rangeScale(spec, WorkingType.FLOAT32).parameters(range)),
                WorkingType.FLOAT32);
    }
}
