package dev.hadron.algorithm.autosmoothquant;

import dev.hadron.algorithm.layer.LayerAlgorithm;
import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.algorithm.scaling.AttentionHeads;
import dev.hadron.algorithm.scaling.ChannelStatistics;
import dev.hadron.algorithm.scaling.FactorSearch;
import dev.hadron.algorithm.scaling.QuantizedWeights;
import dev.hadron.algorithm.scaling.ScaleSearch;
import dev.hadron.algorithm.scaling.ScalingEntries;
import dev.hadron.algorithm.scaling.ScalingEntry;
import dev.hadron.config.AutoSmoothQuantConfig;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Smooths the inputs of each group of layers as strongly as makes its output, with weights and inputs quantized, nearest to the original. */
public final class AutoSmoothQuant implements LayerAlgorithm {
    private static final int GRID = 10;

    private final AutoSmoothQuantConfig config;
    private final AttentionHeads heads;

    /** AutoSmoothQuant with these settings. */
    public AutoSmoothQuant(AutoSmoothQuantConfig config, AttentionHeads heads) {
        this.config = config;
        this.heads = heads;
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public boolean followsQuantized() {
        return false;
    }

    @Override
    public boolean changesFunction() {
        return false;
    }

    @Override
    public void run(LayerWork work) {
        new FactorSearch(work, ScalingEntries.of(work.layer(), config.scalingLayers(), name()), Set.of(), name())
                .run((entry, statistics, inputs) -> factors(work, entry, statistics, inputs), heads);
    }

    private float[] factors(LayerWork work, ScalingEntry entry, ChannelStatistics statistics, List<Tensor> inputs) {
        float[] magnitudes = statistics.largest(entry.input());
        QuantizedInputs quantizedInputs = new QuantizedInputs(work, entry, inputs);
        return new ScaleSearch(work, entry, inputs, config.computeScaleLoss())
                .best(magnitudes, GRID, () -> candidate(new QuantizedWeights(work, entry), quantizedInputs))
                .factors();
    }

    private static ScaleSearch.Candidate candidate(QuantizedWeights weights, QuantizedInputs inputs) {
        return new ScaleSearch.Candidate() {
            @Override
            public Map<String, DeviceTensor> weights(float[] s) {
                return weights.forDividedInputs(s);
            }

            @Override
            public LinearHooks hooks(float[] s) {
                return inputs.under(s);
            }
        };
    }
}
