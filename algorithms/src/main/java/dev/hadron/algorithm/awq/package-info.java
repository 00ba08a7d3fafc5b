/**
 * Lin et al. 2023, AWQ (arXiv:2306.00978). Searches factors by the error of quantized outputs, then limits of weights. Never touches files.
 */
@NullMarked
package dev.hadron.algorithm.awq;

import org.jspecify.annotations.NullMarked;
