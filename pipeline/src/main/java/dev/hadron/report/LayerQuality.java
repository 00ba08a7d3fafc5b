package dev.hadron.report;

import dev.hadron.quantizer.ErrorStatistics;

/**
 * What quantizing did to the weight of a layer.
 *
 * @param layer the module's name
 * @param dtype the data type: {@code uint4}
 * @param statistics of all its elements
 */
public record LayerQuality(String layer, String dtype, ErrorStatistics statistics) {}
