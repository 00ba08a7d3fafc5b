/**
 * PyTorch's file format, as {@code torch.save} writes it: named tensors out of a zip archive with a pickle in it.
 *
 * <p>A path goes in; tensors come out. A pickle is a program, and this package runs none: it knows the few opcodes and names that a
 * dictionary of tensors is made of, builds values of its own from them, and refuses everything else by name.
 *
 * <p>Knows nothing of what a tensor is for.
 */
@NullMarked
package dev.hadron.checkpoint.torchfile;

import org.jspecify.annotations.NullMarked;
