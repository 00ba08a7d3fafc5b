package dev.hadron.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a rotation enters and leaves a model; the Python API takes a list, or an object with three lists of full names. */
public sealed interface RotationScaling {
    /** Nothing said: from the model's architecture. */
    RotationScaling FROM_ARCHITECTURE = new Entries(List.of());

    /**
     * Places in every decoder layer.
     *
     * @param layers may be empty: from the model's architecture
     */
    record Entries(List<ScalingLayer> layers) implements RotationScaling {
        /** Copies the list. */
        public Entries {
            layers = List.copyOf(layers);
        }
    }

    /**
     * Places by full names, in which {@code layer_id} stands for a decoder layer's number and {@code pre_layer_id} for that of the
     * one before.
     *
     * @param firstLayer in the first decoder layer; empty by default
     * @param middleLayers in all others; empty by default
     * @param lastLayer behind the last; empty by default
     */
    record Positions(List<Position> firstLayer, List<Position> middleLayers, List<Position> lastLayer)
            implements RotationScaling {
        /** Copies the lists. */
        public Positions {
            firstLayer = List.copyOf(firstLayer);
            middleLayers = List.copyOf(middleLayers);
            lastLayer = List.copyOf(lastLayer);
        }
    }

    /**
     * A norm with what writes to its input and what reads its output.
     *
     * @param prevModules whose outputs are rotated
     * @param normModule whose weight moves into {@code nextModules}; unset by default
     * @param nextModules whose inputs are rotated back
     */
    record Position(List<String> prevModules, @Nullable String normModule, List<String> nextModules) {
        /** Copies the lists. */
        public Position {
            prevModules = List.copyOf(prevModules);
            nextModules = List.copyOf(nextModules);
        }
    }
}
