/**
 * How fast the kernels are, each beside the memory copy that bounds it.
 *
 * <p>Run as {@code bench/README.md} says. Measures; never published, and nothing depends on it.
 */
@NullMarked
package dev.hadron.bench;

import org.jspecify.annotations.NullMarked;
