package dev.hadron.model.samples;

import java.util.List;

/**
 * What was found.
 *
 * @param windows token ids, each window with at least one and of its own length
 * @param empty how many samples held no token and were passed over
 */
public record Samples(List<long[]> windows, int empty) {
    /** Copies the list. */
    public Samples {
        windows = List.copyOf(windows);
    }
}
