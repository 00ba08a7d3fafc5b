/**
 * How a file becomes samples: windows of tokens, each of its own length, without padding.
 *
 * <p>{@link dev.hadron.model.samples.SampleFile} tells the kinds of files apart and reads them: plain text, JSON lines, safetensors of
 * token ids. Files may be of any size: no more of one is read than the samples need, and no more of it is in memory than the samples, a
 * line and a piece of text. Everything in a file that can't be meant is refused by file and line.
 *
 * <p>Knows nothing of models but their vocabulary's size.
 */
@NullMarked
package dev.hadron.model.samples;

import org.jspecify.annotations.NullMarked;
