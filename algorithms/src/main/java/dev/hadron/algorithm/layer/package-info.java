/**
 * The engine of the calibrated algorithms: one decoder layer after the other, each loaded, looked at, changed and freed.
 *
 * <p>A model, a plan and windows of tokens come in; for each layer its changed tensors, codes and scales of activations go out. Knows no
 * algorithm but as a {@link dev.hadron.algorithm.layer.LayerAlgorithm}, and nothing of files.
 */
@NullMarked
package dev.hadron.algorithm.layer;

import org.jspecify.annotations.NullMarked;
