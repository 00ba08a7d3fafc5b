/**
 * Foreign text, handled with care: JSON read strictly, and names quoted so that a message stays one readable line.
 *
 * <p>Knows nothing of tensors.
 */
@NullMarked
package dev.hadron.checkpoint.text;

import org.jspecify.annotations.NullMarked;
