package dev.hadron.pipeline;

import dev.hadron.algorithm.layer.LayerAlgorithm;
import dev.hadron.algorithm.layer.LayerWork;
import dev.hadron.algorithm.scaling.AttentionHeads;
import dev.hadron.algorithm.scaling.FactorSearch;
import dev.hadron.algorithm.scaling.QuantizedWeights;
import dev.hadron.algorithm.scaling.ScaleSearch;
import dev.hadron.algorithm.scaling.ScalingEntries;
import dev.hadron.algorithm.scaling.ScalingEntry;
import dev.hadron.config.ScaleLoss;
import dev.hadron.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/** AWQ's search, which keeps what it saw of each entry. */
final class AwqGrid implements LayerAlgorithm {
    static final int POINTS = 20;
    private static final int DRAWS = 17;

    private final AttentionHeads heads;
    private final Map<String, Searched> searched = new HashMap<>();

    /**
     * What was seen of an entry.
     *
     * @param magnitudes of the channels of its input
     * @param losses of the points of the grid, first as they are, then with each factor moved by one unit in the last place
     */
    @SuppressWarnings("ArrayRecordComponent") // a column, compared by nobody
    record Searched(float[] magnitudes, List<List<Double>> losses) {}

    AwqGrid(AttentionHeads heads) {
        this.heads = heads;
    }

    /** How far a column is from the factors of a point, relative. */
    static double distance(float[] magnitudes, int point, float[] column) {
        float[] s = ScaleSearch.factors(magnitudes, (double) point / POINTS);
        double largest = 0;
        for (int j = 0; j < s.length; j++) {
            largest = Math.max(largest, Math.abs(column[j] / s[j] - 1));
        }
        return largest;
    }

    /** What was seen, by the linear layer whose input an entry scales. */
    Map<String, Searched> searched() {
        return searched;
    }

    @Override
    public String name() {
        return "awq";
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
        new FactorSearch(work, ScalingEntries.of(work.layer(), List.of(), name()), Set.of(), name())
                .run((entry, statistics, inputs) -> search(work, entry, statistics.mean(entry.input()), inputs), heads);
    }

    private float[] search(LayerWork work, ScalingEntry entry, float[] magnitudes, List<Tensor> inputs) {
        ScaleSearch search = new ScaleSearch(work, entry, inputs, ScaleLoss.MSE);
        List<List<Double>> losses = new ArrayList<>();
        losses.add(search.best(magnitudes, POINTS, () -> candidate(work, entry, s -> s))
                .losses());
        Random random = new Random(7);
        for (int draw = 1; draw < DRAWS; draw++) {
            losses.add(search.best(magnitudes, POINTS, () -> candidate(work, entry, s -> moved(s, random)))
                    .losses());
        }
        searched.put(entry.input(), new Searched(magnitudes, losses));
        return magnitudes;
    }

    private static float[] moved(float[] s, Random random) {
        float[] moved = new float[s.length];
        for (int j = 0; j < s.length; j++) {
            moved[j] = random.nextBoolean() ? Math.nextUp(s[j]) : Math.nextDown(s[j]);
        }
        return moved;
    }

    private static ScaleSearch.Candidate candidate(LayerWork work, ScalingEntry entry, UnaryOperator<float[]> factors) {
        QuantizedWeights weights = new QuantizedWeights(work, entry);
        return ScaleSearch.Candidate.ofWeights(s -> weights.forPlainInputs(factors.apply(s)));
    }
}
