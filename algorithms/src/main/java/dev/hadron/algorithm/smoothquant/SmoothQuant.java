package dev.hadron.algorithm.smoothquant;

import dev.hadron.algorithm.layer.LayerAlgorithm;
import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.algorithm.scaling.AttentionHeads;
import dev.hadron.algorithm.scaling.ChannelStatistics;
import dev.hadron.algorithm.scaling.ScaleFolding;
import dev.hadron.algorithm.scaling.ScalingEntries;
import dev.hadron.algorithm.scaling.ScalingEntry;
import dev.hadron.algorithm.scaling.WeightFactors;
import dev.hadron.config.SmoothQuantConfig;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Smooths activations: {@code s_j = max(max|X_j|^alpha / max(1e-5, max|W_j|)^(1 - alpha), scale_clamp_min)} moves from the input of linear layers
 * into their weights.
 */
public final class SmoothQuant implements LayerAlgorithm {
    private static final double SMALLEST_WEIGHT = 1e-5;

    private final SmoothQuantConfig config;
    private final AttentionHeads heads;

    /** SmoothQuant with these settings. */
    public SmoothQuant(SmoothQuantConfig config, AttentionHeads heads) {
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
        List<ScalingEntry> entries = ScalingEntries.of(work.layer(), config.scalingLayers(), name());
        ChannelStatistics statistics = new ChannelStatistics(
                work, entries.stream().map(ScalingEntry::input).collect(Collectors.toSet()));
        work.observe(statistics::ofWindow);
        // All factors come from the layer as it was; folding one entry changes the weights that another one looks at.
        List<float[]> factors = entries.stream()
                .map(entry -> statistics.tokens(entry.input()) == 0 ? null : factors(work, entry, statistics))
                .toList();
        ScaleFolding folding = heads.folding(work);
        for (int i = 0; i < factors.size(); i++) {
            folding.fold(entries.get(i), factors.get(i));
        }
    }

    private float[] factors(LayerWork work, ScalingEntry entry, ChannelStatistics statistics) {
        float[] inputs = statistics.largest(entry.input());
        float[] weights = new float[inputs.length];
        for (String linear : entry.layers()) {
            work.runtime()
                    .read(work.weights().get(linear + ".weight"), host -> WeightFactors.columnMaxima(host, weights));
        }
        float[] factors = new float[inputs.length];
        for (int j = 0; j < factors.length; j++) {
            double weight = Math.pow(Math.max(SMALLEST_WEIGHT, weights[j]), 1 - config.alpha());
            double factor = Math.pow(inputs[j], config.alpha()) / weight;
            factors[j] = (float) Math.max(factor, config.scaleClampMin());
        }
        return factors;
    }
}
