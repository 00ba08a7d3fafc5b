package dev.hadron.algorithm.autosmoothquant;

import dev.hadron.algorithm.layer.LayerAlgorithm;
import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.algorithm.scaling.AttentionHeads;
import dev.hadron.algorithm.scaling.ChannelStatistics;
import dev.hadron.algorithm.scaling.InputSamples;
import dev.hadron.algorithm.scaling.QuantizedWeights;
import dev.hadron.algorithm.scaling.ScaleFolding;
import dev.hadron.algorithm.scaling.ScaleSearch;
import dev.hadron.algorithm.scaling.ScalingEntries;
import dev.hadron.algorithm.scaling.ScalingEntry;
import dev.hadron.config.AutoSmoothQuantConfig;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.tensor.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Smooths the inputs of each group of layers as strongly as makes its output, with weights and inputs quantized, nearest to the original. */
public final class AutoSmoothQuant implements LayerAlgorithm {
    private static final int GRID = 10;
    /** Candidates are told apart by so many tokens. */
    private static final int SEARCH_TOKENS = 2048;

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
        List<ScalingEntry> entries = ScalingEntries.of(work.layer(), config.scalingLayers(), name());
        ChannelStatistics statistics = new ChannelStatistics(
                work, entries.stream().map(ScalingEntry::input).collect(Collectors.toSet()));
        Set<String> windowwise = new HashSet<>();
        Set<String> tokenwise = new HashSet<>();
        entries.forEach(entry -> (entry.inspected().mixesTokens() ? windowwise : tokenwise)
                .add(entry.inspected().inputOf()));
        InputSamples samples = new InputSamples(work, tokenwise, windowwise, SEARCH_TOKENS);
        work.observe(window -> statistics.ofWindow(window).then(samples.ofWindow(window)));
        Map<ScalingEntry, float[]> factors = new HashMap<>();
        for (ScalingEntry entry : entries) {
            if (statistics.tokens(entry.input()) > 0) {
                factors.put(entry, search(work, entry, statistics, samples).factors());
            } else {
                work.note("autosmoothquant: no token of the calibration data reaches " + entry.input()
                        + "; its inputs aren't smoothed");
            }
        }
        ScaleFolding folding = heads.folding(work);
        for (ScalingEntry entry : entries) {
            float[] found = factors.get(entry);
            if (found != null) {
                folding.fold(entry, found);
            }
        }
    }

    private ScaleSearch.Choice search(
            LayerWork work, ScalingEntry entry, ChannelStatistics statistics, InputSamples samples) {
        float[] magnitudes = statistics.largest(entry.input());
        String input = entry.inspected().inputOf();
        List<Tensor> inputs = entry.inspected().mixesTokens() ? samples.windows(input) : samples.tokens(input);
        QuantizedWeights weights = new QuantizedWeights(work, entry);
        QuantizedInputs quantizedInputs = new QuantizedInputs(work, entry, inputs);
        return new ScaleSearch(work, entry, inputs, config.computeScaleLoss())
                .best(magnitudes, GRID, new ScaleSearch.Candidate() {
                    @Override
                    public Map<String, DeviceTensor> weights(float[] s) {
                        return weights.forDividedInputs(s);
                    }

                    @Override
                    public LinearHooks hooks(float[] s) {
                        return quantizedInputs.under(s);
                    }
                });
    }
}
