package dev.hadron.plan;

import dev.hadron.error.ConfigException;
import dev.hadron.error.HadronException;
import dev.hadron.error.UnsupportedQuantizationException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What is wrong with a configuration, layer by layer: all of it is told at once, and the same mistake in many layers once. */
final class Problems {
    private static final int MOST = 3;
    private static final Pattern SHAPE = Pattern.compile("\\[[0-9, ]*]");

    /** By their message without the layer's name and shape. */
    private final Map<String, List<HadronException>> found = new LinkedHashMap<>();

    /** Takes a decision; what it is refused for is kept for later. */
    void collect(String layer, Runnable decision) {
        try {
            decision.run();
        } catch (HadronException e) {
            String kind = SHAPE.matcher(String.valueOf(e.getMessage()).replace(layer, ""))
                    .replaceAll("");
            found.computeIfAbsent(kind, unused -> new ArrayList<>()).add(e);
        }
    }

    /** Throws what was found, if anything, as what the first of it is. */
    void refuse() {
        if (found.isEmpty()) {
            return;
        }
        HadronException first = found.values().iterator().next().getFirst();
        throw first instanceof UnsupportedQuantizationException
                ? new UnsupportedQuantizationException(message(), first)
                : new ConfigException(message(), first);
    }

    private String message() {
        List<String> told = new ArrayList<>();
        int untold = 0;
        for (List<HadronException> same : found.values()) {
            if (told.size() < MOST) {
                int more = same.size() - 1;
                told.add(same.getFirst().getMessage() + (more == 0 ? "" : " (and " + more + " more layers like it)"));
            } else {
                untold += same.size();
            }
        }
        return String.join("; also, ", told)
                + (untold == 0 ? "" : "; and " + untold + " layers more have other problems");
    }
}
