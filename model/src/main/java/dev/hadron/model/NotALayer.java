package dev.hadron.model;

/** Why a tensor isn't the weight of a layer, and so stays as it is. */
public enum NotALayer {
    /** Integers, or floating point of another width. */
    OTHER_TYPE("its elements aren't F32, F16 or BF16"),
    /** What is added to a layer's output. */
    BIAS("a bias"),
    /** The weight of a norm, say. */
    VECTOR("a vector, not a matrix"),
    /** A parameter of a module that isn't a layer. */
    OTHER_NAME("its name doesn't end in .weight, which the names of scales are made from"),
    /** A convolution over one or three axes, say. */
    OTHER_RANK("its shape isn't that of a matrix"),
    /** The matrices of a mixture's experts in one tensor. */
    SEVERAL_EXPERTS("it holds several experts at once, which can't be quantized yet"),
    /** The matrices of GPT-2 and its kin: groups along the last axis would run along the outputs. */
    TRANSPOSED(
            "models of this family store it [in, out] instead of [out, in]; convert the checkpoint to linear layers first");

    private final String reason;

    NotALayer(String reason) {
        this.reason = reason;
    }

    /** The same in a few words. */
    public String reason() {
        return reason;
    }
}
