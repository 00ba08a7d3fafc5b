package dev.hadron.export.layout;

import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;

/** Tensors of a file against what its configuration describes. */
final class StoredTensorCheck {
    private StoredTensorCheck() {}

    /** Other writers may store floating-point scales in another such type, but shapes and codes must be as described. */
    static void check(TensorDeclaration declared, Tensor found, LayerFormat format) {
        boolean scale = declared.name().endsWith("_scale") && declared.type().isWeightFloat();
        boolean typeFits = scale ? found.type().isWeightFloat() : found.type() == declared.type();
        Shape wanted = declared.shape();
        boolean shapeFits = found.shape().equals(wanted) || (found.elements() == 1 && wanted.elements() == 1);
        if (!typeFits || !shapeFits) {
            throw new CheckpointFormatException("the tensor " + declared.name() + " is " + found.type() + " "
                    + found.shape() + ", but quantization_config describes layer " + format.layer() + " with "
                    + declared.type() + " " + wanted + "; the folder's config.json doesn't belong to its weights");
        }
    }
}
