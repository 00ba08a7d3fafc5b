package dev.hadron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.hadron.execution.Execution;
import dev.hadron.report.QuantizationReport;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Perplexity of the example model over the first 8,192 tokens of the evaluation text, against the figures of Transformers and
 * amd-quark on the checkpoints that we write (made by {@code interop/check --tokens 8192}).
 */
class PerplexityTest {
    private static final double FLOAT = 22.23352;
    private static final double FLOAT_TOLERANCE = 1e-4;
    private static final double QUANTIZED_TOLERANCE = 1e-3;

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @CsvSource({
        "uint4-g128, 22.40231",
        "uint4-g32, 22.29993",
        "int8, 22.24004",
        "w8a8, 22.37009",
        "w8a8-dynamic, 22.33651",
        "fp8-weight, 22.24021",
        "fp8, 22.23635",
        "fp8-dynamic, 22.25956",
        "fp8-kv8, 22.25553"
    })
    void figuresAreThoseOfTransformers(String scheme, double transformers) throws IOException {
        Path examples = Shared.repository().resolve("examples");

        QuantizationReport report = QuantizationJob.builder(
                        examples.resolve("quill-4m"),
                        temporary.resolve("out"),
                        Scheme.named(scheme).config())
                .calibration(new Calibration(examples.resolve("text/calibration.txt"), 64, 256, false))
                .evaluation(new EvaluationText(examples.resolve("text/evaluation.txt"), 256, 8192))
                .execution(Execution.quiet())
                .build()
                .run();

        assertThat(report.perplexityBefore().orElseThrow().perplexity())
                .isCloseTo(FLOAT, within(FLOAT * FLOAT_TOLERANCE));
        assertThat(report.perplexityAfter().orElseThrow().perplexity())
                .isCloseTo(transformers, within(transformers * QUANTIZED_TOLERANCE));
    }
}
