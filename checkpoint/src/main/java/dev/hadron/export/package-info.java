/**
 * How quantized layers become named tensors and a configuration that a consumer loads, and back.
 *
 * <p>{@link dev.hadron.export.Layout} is the contract; each of its implementations in {@link dev.hadron.export.layout} is a
 * pure map. {@link dev.hadron.export.QuantizedCheckpoint} reads a folder back through the layout it is in. Knows nothing of
 * models or of how scales were found.
 */
@NullMarked
package dev.hadron.export;

import org.jspecify.annotations.NullMarked;
