package dev.hadron.checkpoint;

import dev.hadron.config.Nearest;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** The names that somebody may have meant, by edit distance (Levenshtein). */
final class NearestNames {
    private static final int MOST = 3;

    private record Candidate(String name, int distance) {}

    private NearestNames() {}

    /** At most three of {@code names}, the nearest first; none that shares less than half of its characters. */
    static List<String> of(String name, Collection<String> names) {
        return names.stream()
                .filter(candidate -> Math.abs(candidate.length() - name.length()) <= limit(name, candidate))
                .map(candidate -> new Candidate(candidate, Nearest.distance(name, candidate)))
                .filter(candidate -> candidate.distance() <= limit(name, candidate.name()))
                .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .limit(MOST)
                .map(Candidate::name)
                .toList();
    }

    private static int limit(String a, String b) {
        return Math.max(a.length(), b.length()) / 2;
    }
}
