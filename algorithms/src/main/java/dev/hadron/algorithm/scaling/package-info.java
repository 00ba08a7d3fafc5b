/**
 * Moving factors between activations and weights: where that is possible, what is measured for it, and how it is done.
 *
 * <p>Shared by the algorithms that differ in how they find the factors. Works on a {@link dev.hadron.algorithm.layer.LayerWork}.
 */
@NullMarked
package dev.hadron.algorithm.scaling;

import org.jspecify.annotations.NullMarked;
