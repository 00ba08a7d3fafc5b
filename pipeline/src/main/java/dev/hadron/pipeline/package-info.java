/**
 * The whole walk, joined: quantize, write, verify, publish, evaluate.
 *
 * <p>{@link dev.hadron.pipeline.QuantizationJob} does everything that the command line does, in one call; the steps are {@link
 * dev.hadron.pipeline.ModelQuantizer}, {@link dev.hadron.pipeline.ModelExporter}, {@link dev.hadron.pipeline.Verification} and {@link
 * dev.hadron.pipeline.Evaluator}. {@link dev.hadron.pipeline.Comparison} holds two models against each other. The first package that decides file names and reports progress; it prints nothing.
 */
@NullMarked
package dev.hadron.pipeline;

import org.jspecify.annotations.NullMarked;
