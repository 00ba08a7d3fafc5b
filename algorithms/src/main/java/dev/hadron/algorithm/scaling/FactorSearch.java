package dev.hadron.algorithm.scaling;

import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.model.arch.LayerModule;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the factors of all entries of a layer as it was, and then folds them all. */
public final class FactorSearch {
    /** Candidates are told apart by so many tokens. */
    static final int TOKENS = 2048;

    private final LayerWork work;
    private final List<ScalingEntry> entries;
    private final String algorithm;
    private final ChannelStatistics statistics;
    private final InputSamples samples;

    /** Finds the factors of one entry. */
    @FunctionalInterface
    public interface Search {
        /**
         * The factors, one a channel.
         *
         * @param statistics of the entry's input
         * @param inputs of the inspected module
         */
        float[] factors(ScalingEntry entry, ChannelStatistics statistics, List<Tensor> inputs);
    }

    /**
     * Looks at the layer's inputs.
     *
     * @param more linear layers of whose inputs tokens are kept, too
     * @param algorithm what notes call the algorithm
     */
    public FactorSearch(LayerWork work, List<ScalingEntry> entries, Set<String> more, String algorithm) {
        this.work = work;
        this.entries = entries;
        this.algorithm = algorithm;
        this.statistics = new ChannelStatistics(
                work, entries.stream().map(ScalingEntry::input).collect(Collectors.toSet()));
        this.samples = new InputSamples(
                work,
                Stream.concat(inspected(false), more.stream()).collect(Collectors.toSet()),
                inspected(true).collect(Collectors.toSet()),
                TOKENS);
        work.observe(window -> statistics.ofWindow(window).then(samples.ofWindow(window)));
    }

    /** What was kept of inputs. */
    public InputSamples samples() {
        return samples;
    }

    /** Searches, folds, and gives the factors of the entries that tokens reached. */
    public Map<ScalingEntry, float[]> run(Search search, AttentionHeads heads) {
        Map<ScalingEntry, float[]> factors = new HashMap<>();
        for (ScalingEntry entry : entries) {
            if (statistics.tokens(entry.input()) > 0) {
                try (TensorRuntime.Scope unused = work.runtime().scope()) {
                    factors.put(entry, search.factors(entry, statistics, inputs(entry.inspected())));
                }
            } else {
                work.note(algorithm + ": no token of the calibration data reaches " + entry.input()
                        + "; its inputs aren't scaled");
            }
        }
        ScaleFolding folding = heads.folding(work);
        for (ScalingEntry entry : entries) {
            float[] found = factors.get(entry);
            if (found != null) {
                folding.fold(entry, found);
            }
        }
        return factors;
    }

    private List<Tensor> inputs(LayerModule module) {
        return module.mixesTokens() ? samples.windows(module.inputOf()) : samples.tokens(module.inputOf());
    }

    private Stream<String> inspected(boolean mixed) {
        return entries.stream()
                .map(ScalingEntry::inspected)
                .filter(module -> module.mixesTokens() == mixed)
                .map(LayerModule::inputOf);
    }
}
