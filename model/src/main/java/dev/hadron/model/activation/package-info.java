/**
 * What windows of tokens carry from one decoder layer to the next, in memory or in a file.
 *
 * <p>Float32 tensors in, the same tensors out, by window. Knows nothing of layers or of what is done with the values.
 */
@NullMarked
package dev.hadron.model.activation;

import org.jspecify.annotations.NullMarked;
