package dev.hadron.config;

/** Anything a user configures. */
public sealed interface ConfigBase permits Config, DataTypeSpec, AlgoConfigBase, TQTSpec {}
