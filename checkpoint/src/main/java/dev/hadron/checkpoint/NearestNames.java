package dev.hadron.checkpoint;

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
                .map(candidate -> new Candidate(candidate, distance(name, candidate)))
                .filter(candidate -> candidate.distance() <= limit(name, candidate.name()))
                .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .limit(MOST)
                .map(Candidate::name)
                .toList();
    }

    private static int limit(String a, String b) {
        return Math.max(a.length(), b.length()) / 2;
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
