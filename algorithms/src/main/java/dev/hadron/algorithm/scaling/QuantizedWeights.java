package dev.hadron.algorithm.scaling;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.numerics.Parallel;
import java.util.HashMap;
import java.util.Map;

/** The weights of an entry's layers as they would be quantized under some factors. */
public final class QuantizedWeights {
    private final LayerWork work;
    private final ScalingEntry entry;

    /** The weights of this entry's layers. */
    public QuantizedWeights(LayerWork work, ScalingEntry entry) {
        this.work = work;
        this.entry = entry;
    }

    /** {@code Q(W s) / s}: for inputs that aren't divided. */
    public Map<String, DeviceTensor> forPlainInputs(float[] s) {
        return weights(s, true);
    }

    /** {@code Q(W s)}: for inputs that are divided by {@code s}. */
    public Map<String, DeviceTensor> forDividedInputs(float[] s) {
        return weights(s, false);
    }

    private Map<String, DeviceTensor> weights(float[] s, boolean divide) {
        Parallel parallel = work.execution().parallel();
        Map<String, DeviceTensor> weights = new HashMap<>();
        for (String linear : entry.layers()) {
            String weight = linear + ".weight";
            weights.put(weight, work.runtime().edit(work.weights().get(weight), host -> {
                WeightFactors.multiplyColumns(host, s, parallel);
                work.plan(linear)
                        .ifPresent(plan -> plan.weight()
                                .ifPresent(spec -> WeightRounding.apply(spec, plan.workingType(), host, parallel)));
                if (divide) {
                    WeightFactors.divideColumns(host, s, parallel);
                }
            }));
        }
        return weights;
    }
}
