/**
 * The layouts by name, and quantized checkpoints read back through the one they are in.
 *
 * <p>A new layout is a constant of {@link dev.hadron.export.ExportLayout}. Knows nothing of models or of how scales were found.
 */
@NullMarked
package dev.hadron.export;

import org.jspecify.annotations.NullMarked;
