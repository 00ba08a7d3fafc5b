package dev.hadron.model.runtime;

import dev.hadron.error.UnsupportedQuantizationException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The functions between the matrices of a feed-forward block, under the names that {@code config.json} gives them. */
public enum Activation {
    /** {@code x * sigmoid(x)}. */
    SILU("silu", "swish"),
    /** {@code x * Phi(x)} with the error function. */
    GELU("gelu", "gelu_python"),
    /** The approximation of GELU with the hyperbolic tangent. */
    GELU_TANH("gelu_pytorch_tanh", "gelu_new"),
    /** {@code max(x, 0)}. */
    RELU("relu");

    private final List<String> names;

    Activation(String... names) {
        this.names = List.of(names);
    }

    /**
     * The function of this name in {@code hidden_act}.
     *
     * @throws UnsupportedQuantizationException when there is none
     */
    public static Activation named(String name) {
        return Arrays.stream(values())
                .filter(activation -> activation.names.contains(name))
                .findFirst()
                .orElseThrow(() -> new UnsupportedQuantizationException("config.json names the activation \"" + name
                        + "\" in hidden_act; known are "
                        + Arrays.stream(values())
                                .flatMap(activation -> activation.names.stream())
                                .collect(Collectors.joining(", "))));
    }
}
