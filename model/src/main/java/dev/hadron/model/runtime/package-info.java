/**
 * What runs the arithmetic of a model: tensors on a device and the operations that decoders and algorithms need.
 *
 * <p>An implementation is found by {@link java.util.ServiceLoader}, so code that runs no model loads none. A new operation is a
 * method of {@link dev.hadron.model.runtime.TensorRuntime}. Knows nothing of layers, checkpoints or quantization.
 */
@NullMarked
package dev.hadron.model.runtime;

import org.jspecify.annotations.NullMarked;
