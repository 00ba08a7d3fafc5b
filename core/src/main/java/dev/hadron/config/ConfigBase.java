package dev.hadron.config;

/** Everything that a user can say. */
public sealed interface ConfigBase permits Config, DataTypeSpec, AlgoConfigBase, TQTSpec {}
