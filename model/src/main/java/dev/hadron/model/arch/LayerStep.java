package dev.hadron.model.arch;

import dev.hadron.model.runtime.DeviceTensor;

/**
 * What a window carried into a layer and out of it; both live until whoever is shown them returns.
 *
 * @param input {@code [n, hidden]}
 * @param output {@code [n, hidden]}: the input and what the layer added to it
 */
public record LayerStep(DeviceTensor input, DeviceTensor output) {}
