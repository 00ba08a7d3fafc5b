package dev.hadron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.config.Config;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.config.TensorSetting;
import dev.hadron.error.UnsupportedQuantizationException;
import dev.hadron.export.ExportLayout;
import dev.hadron.report.QuantizationReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a plan says is what the work then does. */
class PlanReportTest {
    private static final Path MODEL = Shared.repository().resolve("examples/quill-4m");

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @EnumSource(
            value = Scheme.class,
            names = {"UINT4_G32", "INT8", "FP8_DYNAMIC", "FP8_KV8", "MXFP4", "MX9", "BFP16", "UINT3_G32"})
    void everyTensorIsWrittenAsPlanned(Scheme scheme) throws IOException {
        for (ExportLayout layout : scheme.layouts()) {
            assertWrittenAsPlanned(scheme.config(), layout, scheme.needsCalibration());
        }
    }

    @Test
    void layersOfWhichOnlyTheInputIsQuantizedAreWrittenAsPlanned() throws IOException {
        Config config = Scheme.FP8_DYNAMIC.config().toBuilder()
                .layerQuantConfig(
                        "*.down_proj",
                        QuantizationConfig.builder()
                                .weight(TensorSetting.NOT_QUANTIZED)
                                .build())
                .build();

        PlanReport report = assertWrittenAsPlanned(config, ExportLayout.HADRON, false);

        assertThatThrownBy(() -> PlanReport.of(MODEL, config, ExportLayout.QUARK, List.of()))
                .isInstanceOf(UnsupportedQuantizationException.class)
                .hasMessageContaining("dynamic activations beside a floating-point weight")
                .hasMessageContaining("or take the layout hadron, which can (and 3 more layers like it)");
        assertThat(report.layers())
                .filteredOn(layer -> layer.bitsPerWeight().isEmpty())
                .hasSize(4)
                .allSatisfy(layer -> assertThat(layer.bytesAfter()).isEqualTo(layer.bytesBefore()));
    }

    @Test
    void rowsStandForAllLayers() throws IOException {
        PlanReport report = PlanReport.of(MODEL, Scheme.INT8.config(), ExportLayout.QUARK, List.of());

        FoldedPlan folded = FoldedPlan.of(report);

        assertThat(folded.layers())
                .extracting(row -> row.name().pattern())
                .hasSize(7)
                .contains("model.layers.{0..3}.self_attn.q_proj");
        assertThat(folded.layers().stream()
                        .mapToLong(row -> row.name().names() * row.first().bytesAfter())
                        .sum())
                .isEqualTo(report.bytesAfter() - report.bytesCopied());
        assertThat(folded.copied().stream()
                        .mapToLong(
                                row -> row.name().names() * row.first().tensor().byteSize())
                        .sum())
                .isEqualTo(report.bytesCopied());
        assertThat(FoldedPlan.unfolded(report).layers()).hasSize(28);
    }

    private PlanReport assertWrittenAsPlanned(Config config, ExportLayout layout, boolean calibrates)
            throws IOException {
        PlanReport planned = PlanReport.of(MODEL, config, layout, List.of());
        Path output = temporary.resolve(layout.wireName());
        QuantizationJob.Builder job =
                QuantizationJob.builder(MODEL, output, config).layout(layout);
        if (calibrates) {
            job.calibration(
                    new Calibration(Shared.repository().resolve("examples/text/calibration.txt"), 1, 16, false));
        }

        QuantizationReport report = job.build().run();

        try (Checkpoint written = Checkpoint.open(output)) {
            List<TensorDeclaration> expected = Stream.concat(
                            planned.layers().stream().flatMap(layer -> layer.written().stream()),
                            planned.copied().stream()
                                    .map(CopiedTensor::tensor)
                                    .map(t -> new TensorDeclaration(t.name(), t.type(), t.shape())))
                    .toList();
            assertThat(written.tensors().stream().map(t -> new TensorDeclaration(t.name(), t.type(), t.shape())))
                    .hasSizeGreaterThan(50)
                    .containsExactlyInAnyOrderElementsOf(expected);
            assertThat(planned.bytesAfter()).isEqualTo(written.byteSize());
            assertThat(planned.bytesBefore()).isEqualTo(report.bytesBefore());
            assertThat(planned.bitsPerWeight()).isCloseTo(report.bitsPerWeight(), Offset.offset(1e-9));
        }
        return planned;
    }
}
