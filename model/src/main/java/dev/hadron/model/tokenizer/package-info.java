/**
 * How text becomes tokens, and tokens become windows.
 *
 * <p>Reads a checkpoint's {@code tokenizer.json}. Knows nothing of models.
 */
@NullMarked
package dev.hadron.model.tokenizer;

import org.jspecify.annotations.NullMarked;
