/** Reading and writing checkpoints; packing codes; export layouts. */
module dev.hadron.checkpoint {
    requires transitive dev.hadron.core;
    requires static transitive org.jspecify;
    requires transitive tools.jackson.databind;

    exports dev.hadron.checkpoint.safetensors;
    exports dev.hadron.checkpoint.text;
    exports dev.hadron.checkpoint.torchfile;
    exports dev.hadron.checkpoint;
    exports dev.hadron.export.layout;
    exports dev.hadron.export;
    exports dev.hadron.packing;
}
