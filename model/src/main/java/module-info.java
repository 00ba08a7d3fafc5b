/** Models that can be run: architectures, tokenizers, plans, calibration. */
module dev.hadron.model {
    requires transitive dev.hadron.checkpoint;
    requires ai.djl.tokenizers;
    requires ai.djl.api;

    exports dev.hadron.calibration;
    exports dev.hadron.model;
    exports dev.hadron.model.activation;
    exports dev.hadron.model.arch;
    exports dev.hadron.model.runtime;
    exports dev.hadron.model.samples;
    exports dev.hadron.model.tokenizer;
    exports dev.hadron.plan;

    uses dev.hadron.model.runtime.TensorRuntime.Provider;
}
