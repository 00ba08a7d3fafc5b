/**
 * Runs a model over calibration data and finds the scales of its static activations; fakes the quantization of activations
 * when a quantized model is run.
 *
 * <p>Takes a plan and windows of tokens; gives parameters per layer. Writes nothing.
 */
@NullMarked
package dev.hadron.calibration;

import org.jspecify.annotations.NullMarked;
