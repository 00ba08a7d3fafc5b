/**
 * How quantized layers become named tensors and a configuration that a consumer loads, and back.
 *
 * <p>{@link dev.hadron.export.layout.Layout} is the contract, a pure map; each implementation is one class with helpers beside it,
 * whose comment is the layout's table of tensors.
 */
@NullMarked
package dev.hadron.export.layout;

import org.jspecify.annotations.NullMarked;
