package dev.hadron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hadron.config.Config;
import dev.hadron.config.FP8E4M3PerTensorSpec;
import dev.hadron.config.ObserverMethod;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.execution.Cancellation;
import dev.hadron.execution.Execution;
import dev.hadron.execution.ProgressListener;
import dev.hadron.numerics.Parallel;
import dev.hadron.report.QuantizationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The library as README.md shows it. What stands between the marks is the README's text. */
class LibraryExampleTest {
    @TempDir
    private Path temporary;

    @Test
    void tenLinesQuantizeAModelAndMeasureIt() throws IOException {
        Path model = Shared.repository().resolve("examples/quill-4m");
        Path text = Shared.repository().resolve("examples/text");
        Path output = temporary.resolve("quill-fp8");

        // [readme]
        var fp8 = FP8E4M3PerTensorSpec.builder()
                .observerMethod(ObserverMethod.MIN_MAX)
                .isDynamic(false)
                .build();
        var config = Config.builder()
                .globalQuantConfig(QuantizationConfig.builder()
                        .weight(fp8)
                        .inputTensors(fp8)
                        .build())
                .exclude("lm_head")
                .build();
        var report = QuantizationJob.builder(model, output, config)
                .calibration(new Calibration(text.resolve("calibration.txt"), 8, 256, false))
                .evaluation(new EvaluationText(text.resolve("evaluation.txt"), 256, 2048))
                .build()
                .run();
        double cost = report.perplexityAfter().orElseThrow().perplexity()
                / report.perplexityBefore().orElseThrow().perplexity();
        // [readme]

        assertThat(cost).isBetween(0.99, 1.02);
        assertThat(output.resolve("hadron.json")).exists();
    }

    @Test
    void theReadmeShowsThisCode() throws IOException {
        Path source = Shared.repository().resolve("pipeline/src/test/java/dev/hadron/pipeline/LibraryExampleTest.java");
        String code = Files.readString(source);
        String mark = "// [readme]\n";
        int start = code.indexOf(mark) + mark.length();

        String shown =
                code.substring(start, code.indexOf(mark, start)).stripTrailing().stripIndent();

        assertThat(Files.readString(Shared.repository().resolve("README.md"))).contains(shown);
    }

    @Test
    void aListenerHearsEachStageToItsEnd() throws IOException {
        List<String> heard = new ArrayList<>();
        ProgressListener listener = new ProgressListener() {
            private long total;
            private long last;

            @Override
            public void started(String stage, long amount, String unit) {
                heard.add(stage);
                total = amount;
                last = 0;
            }

            @Override
            public void advanced(long done) {
                assertThat(done).isBetween(last, total);
                last = done;
            }
        };

        run(new Execution(Parallel.sequential(), listener, new Cancellation()));

        assertThat(heard).containsExactly("quantize", "verify");
    }

    @Test
    void aCancelledJobLeavesNothing() throws IOException {
        Cancellation cancellation = new Cancellation();
        ProgressListener stopsInTheMiddle = new ProgressListener() {
            @Override
            public void advanced(long done) {
                if (done > 4_000_000) {
                    cancellation.request();
                }
            }
        };

        assertThatThrownBy(() -> run(new Execution(Parallel.sequential(), stopsInTheMiddle, cancellation)))
                .isInstanceOf(CancellationException.class);

        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void theResultDoesNotDependOnTheNumberOfThreads() throws IOException {
        byte[] one = Files.readAllBytes(run(Execution.quiet()).output().resolve("model.safetensors"));
        ExecutorService executor = Executors.newFixedThreadPool(3);
        try {
            Files.move(temporary.resolve("out"), temporary.resolve("first"));

            QuantizationReport report =
                    run(new Execution(Parallel.of(executor, 4), ProgressListener.NONE, new Cancellation()));

            assertThat(Files.readAllBytes(report.output().resolve("model.safetensors")))
                    .isEqualTo(one);
        } finally {
            executor.shutdownNow();
        }
    }

    private QuantizationReport run(Execution execution) throws IOException {
        return QuantizationJob.builder(
                        Shared.repository().resolve("examples/quill-4m"),
                        temporary.resolve("out"),
                        Scheme.UINT4_G128.config())
                .execution(execution)
                .build()
                .run();
    }
}
