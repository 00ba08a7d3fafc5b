/**
 * Xiao et al. 2022, SmoothQuant (arXiv:2211.10438). Reads magnitudes of inputs and weights, moves factors between them. Never touches files.
 */
@NullMarked
package dev.hadron.algorithm.smoothquant;

import org.jspecify.annotations.NullMarked;
