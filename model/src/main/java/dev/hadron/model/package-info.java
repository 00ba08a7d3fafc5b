/**
 * Models as something that can be run: where weights come from.
 *
 * <p>{@link dev.hadron.model.arch} says what a model is, {@link dev.hadron.model.runtime} what runs it, {@link
 * dev.hadron.model.tokenizer} how text becomes tokens.
 */
@NullMarked
package dev.hadron.model;

import org.jspecify.annotations.NullMarked;
