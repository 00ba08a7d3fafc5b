/**
 * Ashkboos et al. 2024, QuaRot (arXiv:2404.00456), and Liu et al. 2024, SpinQuant (arXiv:2405.16406): orthogonal matrices that cancel between
 * the weights of a decoder, or between a weight and what is done to activations while the model runs. Weights in, rotated weights out.
 */
@NullMarked
package dev.hadron.algorithm.rotation;

import org.jspecify.annotations.NullMarked;
