/**
 * The architectures of decoders, as data: what a {@code config.json} means, one class a family, and the one decoder that runs
 * them all.
 *
 * <p>A new architecture is a class here and a line in {@link dev.hadron.model.arch.Architectures}. Modules carry the
 * checkpoint's own names, since that is how users address layers. Knows nothing of quantization: whoever wants to see or
 * change what passes a layer hands in {@link dev.hadron.model.arch.LinearHooks}.
 */
@NullMarked
package dev.hadron.model.arch;

import org.jspecify.annotations.NullMarked;
