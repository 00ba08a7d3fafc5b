/**
 * Checkpoint folders as they are in the wild: a configuration, tensors in one or many files, and everything else.
 *
 * <p>Opens, checks and maps; writes beside the target and publishes by one rename. Does no arithmetic and knows nothing of
 * architectures.
 */
@NullMarked
package dev.hadron.checkpoint;

import org.jspecify.annotations.NullMarked;
