package dev.hadron.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What stands out among the layers of a quantized model. */
public final class QualityWarnings {
    /** About the worth of a bit. */
    private static final double FAR = 6;

    /** Fewer layers have no usual. */
    private static final int ENOUGH = 4;

    private QualityWarnings() {}

    /**
     * A sentence for each layer that loses far more than others of its data type (a signal-to-noise ratio of 6 dB below their median), and
     * for each in which groups or whole output channels became zero.
     */
    public static List<String> of(List<LayerQuality> layers) {
        List<String> warnings = new ArrayList<>();
        Map<String, List<LayerQuality>> byType =
                layers.stream().collect(Collectors.groupingBy(LayerQuality::dtype, TreeMap::new, Collectors.toList()));
        byType.forEach((dtype, ofType) -> outliers(dtype, ofType, warnings));
        for (LayerQuality layer : layers) {
            long vanished = layer.statistics().vanished();
            if (vanished > 0) {
                warnings.add(vanished + (vanished == 1 ? " group" : " groups") + " of layer " + layer.layer()
                        + " became zero: the scale is too coarse for the numbers in it");
            }
            long dead = layer.statistics().deadChannels();
            if (dead > 0) {
                warnings.add(dead + (dead == 1 ? " output channel" : " output channels") + " of layer " + layer.layer()
                        + " became zero");
            }
        }
        return warnings;
    }

    private static void outliers(String dtype, List<LayerQuality> layers, List<String> warnings) {
        double[] ratios = layers.stream()
                .mapToDouble(layer -> layer.statistics().signalToNoise())
                .sorted()
                .toArray();
        if (ratios.length < ENOUGH) {
            return;
        }
        double median = ratios[ratios.length / 2];
        for (LayerQuality layer : layers) {
            double ratio = layer.statistics().signalToNoise();
            if (ratio < median - FAR) {
                warnings.add(String.format(
                        Locale.ROOT,
                        "layer %s loses far more than others: its signal-to-noise ratio is %.1f dB, the median of %s layers %.1f dB;"
                                + " give it more bits (layer_quant_config) or exclude it",
                        layer.layer(),
                        ratio,
                        dtype,
                        median));
            }
        }
    }
}
