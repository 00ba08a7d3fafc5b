package dev.hadron.algorithm.awq;

import dev.hadron.algorithm.layer.LayerAlgorithm;
import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.algorithm.scaling.AttentionHeads;
import dev.hadron.algorithm.scaling.ChannelStatistics;
import dev.hadron.algorithm.scaling.FactorSearch;
import dev.hadron.algorithm.scaling.QuantizedWeights;
import dev.hadron.algorithm.scaling.ScaleSearch;
import dev.hadron.algorithm.scaling.ScalingEntries;
import dev.hadron.algorithm.scaling.ScalingEntry;
import dev.hadron.config.AWQConfig;
import dev.hadron.config.ScaleLoss;
import dev.hadron.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** Scales channels by how large their inputs are on average, as far as that lessens the error of the quantized layer, then clips weights. */
public final class Awq implements LayerAlgorithm {
    private static final int GRID = 20;
    private final AWQConfig config;
    private final AttentionHeads heads;
    private final InspectedInputs inspectedInputs;

    /** What the inspected module of an entry is given when candidates are compared. */
    @FunctionalInterface
    public interface InspectedInputs {
        /**
         * The inputs to compare on, {@code [n, in]} each.
         *
         * @param kept what was kept of the module's own inputs
         */
        List<Tensor> of(LayerWork work, ScalingEntry entry, List<Tensor> kept);
    }

    /** AWQ with these settings. */
    public Awq(AWQConfig config, AttentionHeads heads) {
        this(config, heads, (work, entry, kept) -> kept);
    }

    /** AWQ that compares candidates on other inputs than the modules' own. */
    public Awq(AWQConfig config, AttentionHeads heads, InspectedInputs inspectedInputs) {
        this.config = config;
        this.heads = heads;
        this.inspectedInputs = inspectedInputs;
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
        return true;
    }

    @Override
    public void run(LayerWork work) {
        ClipSearch clip = new ClipSearch(work);
        FactorSearch search = new FactorSearch(
                work, ScalingEntries.of(work.layer(), config.scalingLayers(), name()), clip.inputs(), name());
        Map<ScalingEntry, float[]> factors = search.run(
                (entry, statistics, inputs) ->
                        factors(work, entry, statistics, inspectedInputs.of(work, entry, inputs)),
                heads);
        clip.run(search.samples(), factors);
    }

    private static float[] factors(
            LayerWork work, ScalingEntry entry, ChannelStatistics statistics, List<Tensor> inputs) {
        float[] magnitudes = statistics.mean(entry.input());
        return new ScaleSearch(work, entry, inputs, ScaleLoss.MSE)
                .best(
                        magnitudes,
                        GRID,
                        () -> ScaleSearch.Candidate.ofWeights(new QuantizedWeights(work, entry)::forPlainInputs))
                .factors();
    }
}
