/**
 * Frantar et al. 2022, GPTQ (arXiv:2210.17323). Reads the inputs of linear layers as their Hessian, gives codes and scales. Never touches
 * files.
 */
@NullMarked
package dev.hadron.algorithm.gptq;

import org.jspecify.annotations.NullMarked;
