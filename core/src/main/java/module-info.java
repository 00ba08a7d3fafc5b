/** Configuration, number formats, tensors, kernels, observers and tensor quantizers: everything that needs no model. */
module dev.hadron.core {
    requires jdk.incubator.vector;
    requires static transitive org.jspecify;
    requires transitive tools.jackson.databind;

    exports dev.hadron.config;
    exports dev.hadron.dtype;
    exports dev.hadron.error;
    exports dev.hadron.execution;
    exports dev.hadron.numerics;
    exports dev.hadron.observer;
    exports dev.hadron.quantizer;
    exports dev.hadron.rotation;
    exports dev.hadron.tensor;
}
