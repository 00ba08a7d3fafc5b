/**
 * Bits into words. Each packer states its order as a drawing; the inverse lives beside it and is tested with it.
 *
 * <p>Codes in, words out. Knows nothing of scales, layers or files.
 */
@NullMarked
package dev.hadron.packing;

import org.jspecify.annotations.NullMarked;
