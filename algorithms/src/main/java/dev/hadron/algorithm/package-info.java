/**
 * The calibrated algorithms. {@link dev.hadron.algorithm.Algorithms} turns a configuration into what is done to each decoder layer; a new
 * algorithm is a package beside this one and a case there.
 *
 * <p>A plan and a model come in, algorithms for {@link dev.hadron.algorithm.layer.LayerRun} go out. Knows no layout and no file.
 */
@NullMarked
package dev.hadron.algorithm;

import org.jspecify.annotations.NullMarked;
