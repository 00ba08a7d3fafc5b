/**
 * What a run cost and what came of it, as values that a program can read.
 *
 * <p>Knows nothing of how the figures were found.
 */
@NullMarked
package dev.hadron.report;

import org.jspecify.annotations.NullMarked;
