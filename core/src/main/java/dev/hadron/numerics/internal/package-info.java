/**
 * The kernels: plain loops, which are the definition of right, and the same on the Vector API, bit for bit.
 *
 * <p>The only package that sees {@code jdk.incubator.vector}.
 */
@NullMarked
package dev.hadron.numerics.internal;

import org.jspecify.annotations.NullMarked;
