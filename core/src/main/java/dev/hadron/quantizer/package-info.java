/**
 * From a tensor and a specification to a quantized tensor, and back.
 *
 * <p>Works chunk by chunk, so that a tensor of any size needs little memory beyond its codes. Knows nothing of layers, files
 * or layouts.
 */
@NullMarked
package dev.hadron.quantizer;

import org.jspecify.annotations.NullMarked;
