package dev.hadron.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.quantizer.ErrorStatistics;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QualityWarningsTest {
    @Test
    void layersThatAreAlikeNeedNoWarning() {
        assertThat(QualityWarnings.of(layers(20.1, 21.5, 19.0, 20.2, 15.3))).isEmpty();
    }

    @Test
    void aLayerThatLosesFarMoreIsNamedBesideWhatIsUsual() {
        assertThat(QualityWarnings.of(layers(20.1, 21.5, 13.9, 20.2, 20.4)))
                .singleElement()
                .asString()
                .contains("layer.2", "13.9 dB", "uint4 layers 20.2 dB", "exclude it");
    }

    @Test
    void layersOfOtherTypesAreNoMeasure() {
        List<LayerQuality> layers = new ArrayList<>(layers(20, 20, 20, 20));
        layers.add(new LayerQuality("small", "uint2", statistics(6, 0, 0)));

        assertThat(QualityWarnings.of(layers)).isEmpty();
    }

    @Test
    void whatBecameZeroIsNamed() {
        List<LayerQuality> layers = List.of(
                new LayerQuality("one", "int8", statistics(30, 1, 0)),
                new LayerQuality("two", "int8", statistics(30, 0, 12)));

        assertThat(QualityWarnings.of(layers))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("1 group of layer one became zero"),
                        second -> assertThat(second).isEqualTo("12 output channels of layer two became zero"));
    }

    private static List<LayerQuality> layers(double... ratios) {
        List<LayerQuality> layers = new ArrayList<>();
        for (double ratio : ratios) {
            layers.add(new LayerQuality("layer." + layers.size(), "uint4", statistics(ratio, 0, 0)));
        }
        return layers;
    }

    private static ErrorStatistics statistics(double ratio, long vanished, long dead) {
        return new ErrorStatistics(100, Math.pow(10, ratio / 10), 1, 0.1f, 0, 0, vanished, dead);
    }
}
