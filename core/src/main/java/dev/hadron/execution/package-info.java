/**
 * How long work runs: on whose threads, who hears of its progress, and how it is stopped.
 *
 * <p>A caller hands one {@link dev.hadron.execution.Execution} down the walk. Knows nothing of what the work is.
 */
@NullMarked
package dev.hadron.execution;

import org.jspecify.annotations.NullMarked;
