package dev.hadron.model.samples;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/**
 * Some of the things that come by: the first ones; or, with a seed, as many drawn without repetition, each with the same chance, in one
 * pass and without keeping more than these (Vitter, "Random Sampling with a Reservoir", 1985, algorithm R).
 *
 * @param <T> what is chosen from
 */
public final class Selection<T> {
    /** The generator behind a draw: named, so that a recipe can be repeated. */
    public static final String GENERATOR = "L64X128MixRandom";

    private final int most;
    private final @Nullable RandomGenerator random;
    private final List<Numbered<T>> chosen = new ArrayList<>();
    private long seen;

    private record Numbered<T>(long number, T item) {}

    /**
     * Nothing is chosen yet.
     *
     * @param most at most so many
     * @param seed of the generator {@link #GENERATOR}; empty for the first ones
     */
    public Selection(int most, OptionalLong seed) {
        this.most = most;
        this.random = seed.isPresent() ? RandomGeneratorFactory.of(GENERATOR).create(seed.getAsLong()) : null;
    }

    /** Takes the next thing, or lets it pass. */
    public void offer(T item) {
        Numbered<T> next = new Numbered<>(seen++, item);
        if (chosen.size() < most) {
            chosen.add(next);
        } else if (random != null) {
            long place = random.nextLong(seen);
            if (place < most) {
                chosen.set((int) place, next);
            }
        }
    }

    /** Whether nothing that still comes can be chosen. */
    public boolean isComplete() {
        return random == null && chosen.size() == most;
    }

    /** What was chosen, in the order in which it came. */
    public List<T> items() {
        return chosen.stream()
                .sorted(Comparator.comparingLong(Numbered::number))
                .map(Numbered::item)
                .toList();
    }
}
