/** The calibrated algorithms: what is done to a decoder's weights before they are rounded, layer by layer. */
module dev.hadron.algorithms {
    requires transitive dev.hadron.model;

    exports dev.hadron.algorithm;
    exports dev.hadron.algorithm.awq;
    exports dev.hadron.algorithm.gptq;
    exports dev.hadron.algorithm.layer;
    exports dev.hadron.algorithm.rotation;
    exports dev.hadron.algorithm.scaling;
}
