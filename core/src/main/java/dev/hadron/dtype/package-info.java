/**
 * Number formats and the small vocabulary of quantization: which types there are, what their bits mean, how to round.
 *
 * <p>A new data type is a constant of {@link dev.hadron.dtype.Dtype} with its {@link dev.hadron.dtype.NumberFormat}. Knows
 * nothing of tensors, files or configurations.
 */
@NullMarked
package dev.hadron.dtype;

import org.jspecify.annotations.NullMarked;
