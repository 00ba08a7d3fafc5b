/**
 * Tensors as values: a shape, an element type and off-heap bytes; and the one canonical form of a quantized tensor.
 *
 * <p>Layouts, packings and file formats map to and from {@link dev.hadron.tensor.QuantizedTensor}. Knows nothing of files,
 * configurations or how scales are found.
 */
@NullMarked
package dev.hadron.tensor;

import org.jspecify.annotations.NullMarked;
