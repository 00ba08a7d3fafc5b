/**
 * The state of a run on the disk: what the algorithms made of each decoder layer, and what windows carry to the next one.
 *
 * <p>Results of layers come in; changed tensors and codes come out for whoever writes the model. After each layer the folder is complete, so that a
 * run that was stopped goes on from there. Knows no algorithm and no layout.
 */
@NullMarked
package dev.hadron.pipeline.work;

import org.jspecify.annotations.NullMarked;
