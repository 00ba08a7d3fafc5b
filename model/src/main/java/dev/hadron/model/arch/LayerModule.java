package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;

/**
 * A part of a decoder layer that can be run by itself.
 *
 * @param name the module's name in the checkpoint
 * @param inputOf a linear layer whose input is the module's own
 * @param mixesTokens whether a token's output depends on other tokens of its window
 * @param function from {@code [n, in]} to the module's output
 */
public record LayerModule(String name, String inputOf, boolean mixesTokens, Function function) {
    /** What the module does. */
    @FunctionalInterface
    public interface Function {
        /** The module's output. */
        DeviceTensor apply(LayerPass pass, DeviceTensor x);
    }
}
