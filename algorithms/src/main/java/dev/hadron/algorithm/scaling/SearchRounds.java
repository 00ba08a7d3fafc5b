package dev.hadron.algorithm.scaling;

import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * Which inputs candidates are compared on, one round after the other. Where there are many tokens, the first round has a small part of them and
 * tells which candidates aren't the best; the next has as many others, and each after it twice as many.
 */
final class SearchRounds {
    /** So many tokens are many. */
    private static final long MANY = FactorSearch.TOKENS;

    /** The first round's part of the inputs, at the least. */
    private static final int MOST_PARTS = 8;

    /** Rows of a batch: enough for products of matrices to be fast. */
    private static final long ROWS = 512;

    private SearchRounds() {}

    /**
     * Inputs that a module runs on at once.
     *
     * @param inputs {@code [n, in]} each
     */
    record Batch(List<Tensor> inputs) {
        long rows() {
            return inputs.stream().mapToLong(input -> input.shape().extent(0)).sum();
        }

        /** All of them, one below the other. */
        DeviceTensor upload(TensorRuntime runtime) {
            if (inputs.size() == 1) {
                return runtime.upload(inputs.getFirst());
            }
            return runtime.filled(new long[] {rows(), inputs.getFirst().shape().extent(1)}, all -> {
                long at = 0;
                for (Tensor input : inputs) {
                    long bytes = input.data().byteSize();
                    MemorySegment.copy(input.data(), 0, all.data(), at, bytes);
                    at += bytes;
                }
            });
        }
    }

    /**
     * The rounds, all inputs in one of them.
     *
     * @param together whether several inputs may lie one below the other
     */
    static List<List<Batch>> of(List<Tensor> inputs, boolean together) {
        List<List<Batch>> rounds = new ArrayList<>();
        for (List<Tensor> round : parts(inputs)) {
            rounds.add(
                    together
                            ? batches(round)
                            : round.stream()
                                    .map(input -> new Batch(List.of(input)))
                                    .toList());
        }
        return rounds;
    }

    private static List<List<Tensor>> parts(List<Tensor> inputs) {
        if (new Batch(inputs).rows() < MANY) {
            return List.of(inputs);
        }
        int parts = Math.min(MOST_PARTS, Integer.highestOneBit(inputs.size()));
        List<List<Tensor>> rounds = new ArrayList<>(List.of(every(inputs, parts, 0)));
        for (int part = parts; part > 1; part /= 2) {
            rounds.add(every(inputs, part, part / 2));
        }
        return rounds;
    }

    private static List<Tensor> every(List<Tensor> inputs, int step, int first) {
        List<Tensor> chosen = new ArrayList<>();
        for (int index = first; index < inputs.size(); index += step) {
            chosen.add(inputs.get(index));
        }
        return chosen;
    }

    private static List<Batch> batches(List<Tensor> inputs) {
        List<Batch> batches = new ArrayList<>();
        List<Tensor> open = new ArrayList<>();
        long rows = 0;
        for (Tensor input : inputs) {
            long more = input.shape().extent(0);
            if (!open.isEmpty() && rows + more > ROWS) {
                batches.add(new Batch(List.copyOf(open)));
                open.clear();
                rows = 0;
            }
            open.add(input);
            rows += more;
        }
        batches.add(new Batch(List.copyOf(open)));
        return batches;
    }
}
