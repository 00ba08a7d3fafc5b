/**
 * The tensor runtime on libtorch.
 *
 * <p>The only package that sees the native bindings. Every native tensor belongs to a scope, so that none waits for the garbage
 * collector.
 */
@NullMarked
package dev.hadron.runtime.torch;

import org.jspecify.annotations.NullMarked;
