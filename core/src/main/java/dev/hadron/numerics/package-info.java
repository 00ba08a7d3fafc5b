/**
 * Rounding, scaling and clamping of arrays. Arrays in, arrays out.
 *
 * <p>{@link dev.hadron.numerics.ElementQuantizer} says what happens to one number, {@link dev.hadron.numerics.ScaleFormula}
 * how a range becomes a scale, {@link dev.hadron.numerics.Kernels} does both to many. Knows data types; knows nothing of
 * layers, files or configurations.
 */
@NullMarked
package dev.hadron.numerics;

import org.jspecify.annotations.NullMarked;
