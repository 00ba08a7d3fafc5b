package dev.hadron.algorithm.awq;

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
import dev.hadron.config.AWQConfig;
import dev.hadron.config.ScaleLoss;
import dev.hadron.model.arch.LayerModule;
import dev.hadron.model.arch.LinearHooks;
import dev.hadron.model.runtime.DeviceTensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Scales channels by how large their inputs are on average, as far as that lessens the error of the quantized layer, then clips weights. */
public final class Awq implements LayerAlgorithm {
    private static final int GRID = 20;
    /** Candidates are told apart by so many tokens. */
    private static final int SEARCH_TOKENS = 2048;

    private final AWQConfig config;
    private final AttentionHeads heads;

    /** AWQ with these settings. */
    public Awq(AWQConfig config, AttentionHeads heads) {
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
        return true;
    }

    @Override
    public void run(LayerWork work) {
        List<ScalingEntry> entries = ScalingEntries.of(work.layer(), config.scalingLayers(), name());
        ClipSearch clip = new ClipSearch(work);
        ChannelStatistics statistics = new ChannelStatistics(
                work, entries.stream().map(ScalingEntry::input).collect(Collectors.toSet()));
        InputSamples samples = new InputSamples(
                work,
                Stream.concat(inputs(entries, false).stream(), clip.inputs().stream())
                        .collect(Collectors.toSet()),
                inputs(entries, true),
                SEARCH_TOKENS);
        work.observe(window -> statistics.ofWindow(window).then(samples.ofWindow(window)));
        // All entries are searched in the layer as it was.
        Map<ScalingEntry, float[]> factors = new HashMap<>();
        for (ScalingEntry entry : entries) {
            if (statistics.tokens(entry.input()) > 0) {
                factors.put(entry, search(work, entry, statistics, samples).factors());
            } else {
                work.note("awq: no token of the calibration data reaches " + entry.input()
                        + "; its weights are rounded as they are");
            }
        }
        ScaleFolding folding = heads.folding(work);
        for (ScalingEntry entry : entries) {
            float[] found = factors.get(entry);
            if (found != null) {
                folding.fold(entry, found);
            }
        }
        clip.run(samples, factors);
    }

    private static ScaleSearch.Choice search(
            LayerWork work, ScalingEntry entry, ChannelStatistics statistics, InputSamples samples) {
        float[] magnitudes = statistics.mean(entry.input());
        QuantizedWeights weights = new QuantizedWeights(work, entry);
        String input = entry.inspected().inputOf();
        ScaleSearch search = new ScaleSearch(
                work,
                entry,
                entry.inspected().mixesTokens() ? samples.windows(input) : samples.tokens(input),
                ScaleLoss.MSE);
        return search.best(magnitudes, GRID, new ScaleSearch.Candidate() {
            @Override
            public Map<String, DeviceTensor> weights(float[] s) {
                return weights.forPlainInputs(s);
            }

            @Override
            public LinearHooks hooks(float[] s) {
                return LinearHooks.NONE;
            }
        });
    }

    private static Set<String> inputs(List<ScalingEntry> entries, boolean mixed) {
        return entries.stream()
                .map(ScalingEntry::inspected)
                .filter(module -> module.mixesTokens() == mixed)
                .map(LayerModule::inputOf)
                .collect(Collectors.toSet());
    }
}
