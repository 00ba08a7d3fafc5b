/**
 * The safetensors file format: named tensors in one file, or in several with an index.
 *
 * <p>Headers, indexes and declared tensors come in and go out; every number of a header is checked before anyone relies on
 * it, and a file being written can't be mistaken for a complete one.
 *
 * <p>Knows nothing of model folders, configurations or what a tensor is for.
 */
@NullMarked
package dev.hadron.checkpoint.safetensors;

import org.jspecify.annotations.NullMarked;
