/**
 * Smoothing of activations (Xiao et al. 2022, arXiv:2211.10438) whose strength is searched for each group of layers by the error of quantized
 * outputs. Never touches files.
 */
@NullMarked
package dev.hadron.algorithm.autosmoothquant;

import org.jspecify.annotations.NullMarked;
