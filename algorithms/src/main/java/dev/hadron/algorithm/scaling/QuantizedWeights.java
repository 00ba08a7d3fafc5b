package dev.hadron.algorithm.scaling;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.numerics.Parallel;
import dev.hadron.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The weights of an entry's layers as they would be quantized under some factors. They lie in the same memory for all factors, since that of large
 * tensors costs more to get than to fill.
 */
public final class QuantizedWeights {
    private final LayerWork work;
    private final ScalingEntry entry;
    private final Map<String, DeviceTensor> weights = new HashMap<>();

    /** The weights of this entry's layers, in memory of the innermost open scope. */
    public QuantizedWeights(LayerWork work, ScalingEntry entry) {
        this.work = work;
        this.entry = entry;
        for (String linear : entry.layers()) {
            weights.put(
                    linear + ".weight", work.runtime().zeros(work.shape(linear).toArray()));
        }
    }

    /** {@code Q(W s) / s}: for inputs that aren't divided; until others are asked for. */
    public Map<String, DeviceTensor> forPlainInputs(float[] s) {
        return weights(s, true);
    }

    /** {@code Q(W s)}: for inputs that are divided by {@code s}; until others are asked for. */
    public Map<String, DeviceTensor> forDividedInputs(float[] s) {
        return weights(s, false);
    }

    private Map<String, DeviceTensor> weights(float[] s, boolean divide) {
        for (String linear : entry.layers()) {
            String weight = linear + ".weight";
            work.runtime()
                    .read(
                            work.weights().get(weight),
                            original -> work.runtime()
                                    .update(
                                            Objects.requireNonNull(weights.get(weight)),
                                            host -> quantize(linear, original, s, divide, host)));
        }
        return weights;
    }

    private void quantize(String linear, Tensor original, float[] s, boolean divide, Tensor host) {
        Parallel parallel = work.execution().parallel();
        WeightFactors.multiplyColumns(original, s, host, parallel);
        work.plan(linear)
                .ifPresent(plan -> plan.weight()
                        .ifPresent(spec -> WeightRounding.apply(spec, plan.workingType(), host, parallel)));
        if (divide) {
            WeightFactors.divideColumns(host, s, parallel);
        }
    }
}
