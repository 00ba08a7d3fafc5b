/**
 * An interpreter of the part of Jinja that chat templates are written in, with the numbers, strings and truth values of Python.
 *
 * <p>{@link dev.hadron.model.tokenizer.template.Template} is parsed once and rendered for each conversation: JSON values in, text out.
 * Templates are untrusted. They see the values that they are handed and nothing else: no reflection, no files, no clock; steps, depth and
 * output are bounded ({@link dev.hadron.model.tokenizer.template.Budget}). What isn't known is refused by name and line.
 *
 * <p>Knows nothing of tokenizers, models or files.
 */
@NullMarked
package dev.hadron.model.tokenizer.template;

import org.jspecify.annotations.NullMarked;
