/** The whole walk: from a checkpoint and a configuration to a verified quantized checkpoint and a report. */
module dev.hadron.pipeline {
    requires transitive dev.hadron.algorithms;
    requires java.logging;
    requires java.management;

    exports dev.hadron.pipeline;
    exports dev.hadron.pipeline.work;
    exports dev.hadron.report;
}
