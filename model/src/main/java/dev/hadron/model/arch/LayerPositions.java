package dev.hadron.model.arch;

import dev.hadron.model.runtime.TensorRuntime;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The positions of one layer, for windows of different lengths. */
public final class LayerPositions {
    private final TensorRuntime runtime;
    private final Map<Integer, Positions> ownAngles = new HashMap<>();
    private final Positions longest;

    private LayerPositions(TensorRuntime runtime, Positions longest) {
        this.runtime = runtime;
        this.longest = longest;
    }

    /** The positions of a layer for windows of these lengths; they live as long as the innermost open scope. */
    static LayerPositions of(TensorRuntime runtime, DecoderSpec spec, int layer, Collection<Integer> lengths) {
        int most = Collections.max(lengths);
        LayerPositions positions = new LayerPositions(
                runtime,
                Positions.of(runtime, spec.rope(), most, spec.slidingWindows().get(layer)));
        lengths.stream()
                .distinct()
                .filter(length -> length != most && spec.rope().dependsOn(length, most))
                .forEach(length -> positions.ownAngles.put(
                        length,
                        Positions.of(
                                runtime,
                                spec.rope(),
                                length,
                                spec.slidingWindows().get(layer))));
        return positions;
    }

    /** Those of a window. */
    public Positions ofLength(int length) {
        return ownAngles.containsKey(length)
                ? Objects.requireNonNull(ownAngles.get(length))
                : longest.upTo(runtime, length);
    }
}
