package dev.hadron.export.layout;

import tools.jackson.databind.JsonNode;

/**
 * What a checkpoint says of its own quantization.
 *
 * @param tree the object {@code quantization_config} of {@code config.json}
 * @param origin what messages call it
 */
public record StoredConfiguration(JsonNode tree, String origin) {}
