/**
 * Checkpoint folders as they are in the wild: a configuration, tensors in one or many files, and everything else.
 *
 * <p>A path goes in; {@link dev.hadron.checkpoint.Checkpoint} comes out, which has read headers only and maps one tensor at
 * a time. A new folder is written beside its target and appears by one rename ({@link dev.hadron.checkpoint.Publication}).
 *
 * <p>Does no arithmetic and knows nothing of architectures, layouts or quantized tensors.
 */
@NullMarked
package dev.hadron.checkpoint;

import org.jspecify.annotations.NullMarked;
