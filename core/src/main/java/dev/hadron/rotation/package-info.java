/**
 * Orthogonal matrices, and weights multiplied by them: the arithmetic of QuaRot (Ashkboos et al. 2024, arXiv:2404.00456) and SpinQuant (Liu
 * et al. 2024, arXiv:2405.16406).
 *
 * <p>A {@link dev.hadron.rotation.Rotation} and a matrix go in; {@link dev.hadron.rotation.MatrixRotation} multiplies the matrix in place, in
 * float64, whole or head by head. Knows nothing of layers, architectures or files.
 */
@NullMarked
package dev.hadron.rotation;

import org.jspecify.annotations.NullMarked;
