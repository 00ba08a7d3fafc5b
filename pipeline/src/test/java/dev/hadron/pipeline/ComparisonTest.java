package dev.hadron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.error.HadronException;
import dev.hadron.execution.Cancellation;
import dev.hadron.execution.Execution;
import dev.hadron.execution.ProgressListener;
import dev.hadron.export.ExportLayout;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.model.tokenizer.Tokenizer;
import dev.hadron.numerics.Parallel;
import dev.hadron.report.ComparisonReport;
import dev.hadron.report.LayerDifference;
import dev.hadron.report.WindowDifference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The example model against its quantized forms. */
class ComparisonTest {
    private static final Path QUILL = Shared.repository().resolve("examples/quill-4m");
    private static final Path TEXT = Shared.repository().resolve("examples/text/evaluation.txt");
    private static final int WINDOW = 128;
    private static final int TOKENS = 1024;

    @TempDir
    private Path folder;

    @Test
    void aModelIsEqualToItself() throws IOException {
        ComparisonReport report = compare(QUILL, QUILL, Execution.quiet());

        assertThat(report.quantized()).isEqualTo(report.base());
        assertThat(report.base().predictedTokens()).isEqualTo(8 * 127);
        assertThat(report.divergence().largest()).isZero();
        assertThat(report.divergence().largestAt()).isEmpty();
        assertThat(report.agreement()).isEqualTo(1);
        assertThat(report.layers()).hasSize(4).allSatisfy(layer -> {
            assertThat(layer.stream().signal()).isPositive();
            assertThat(layer.stream().decibels()).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(layer.added().decibels()).isEqualTo(Double.POSITIVE_INFINITY);
            assertThat(layer.worstAt()).isEmpty();
        });
        assertThat(report.worstWindows()).isEmpty();
    }

    @Test
    void eachBitBringsAModelCloser() throws IOException {
        List<ComparisonReport> reports = new ArrayList<>();
        for (Scheme scheme : List.of(Scheme.INT8, Scheme.UINT4_G32, Scheme.UINT2_G32)) {
            reports.add(compare(QUILL, quantized(scheme, ExportLayout.HADRON), Execution.quiet()));
        }

        assertThat(reports).extracting(ComparisonReport::agreement).isSortedAccordingTo(Comparator.reverseOrder());
        assertThat(reports).extracting(report -> report.divergence().mean()).isSorted();
        assertThat(reports).extracting(report -> report.divergence().largest()).isSorted();
        assertThat(reports)
                .extracting(ComparisonReport::base)
                .containsOnly(reports.getFirst().base());
        for (int i = 0; i < 4; i++) {
            int layer = i;
            assertThat(reports)
                    .extracting(report -> report.layers().get(layer).stream().decibels())
                    .isSortedAccordingTo(Comparator.reverseOrder());
        }
    }

    @Test
    void windowsComeFarthestFirstAndWithTheirWords() throws IOException {
        ComparisonReport report = compare(QUILL, quantized(Scheme.UINT4_G128, ExportLayout.QUARK), Execution.quiet());

        String text = Files.readString(TEXT);
        assertThat(report.worstWindows())
                .hasSize(8)
                .isSortedAccordingTo(
                        Comparator.comparingDouble(WindowDifference::divergence).reversed());
        assertThat(report.worstWindows()).allSatisfy(window -> {
            assertThat(window.firstToken()).isEqualTo((long) window.window() * WINDOW);
            assertThat(window.text()).isNotBlank();
            assertThat(text).contains(window.text().strip());
        });
        assertThat(report.worstWindows().stream()
                        .mapToDouble(WindowDifference::divergence)
                        .average()
                        .orElseThrow())
                .isCloseTo(report.divergence().mean(), within(1e-12));
        assertThat(text)
                .contains(report.divergence().largestAt().orElseThrow().text().strip());
        assertThat(report.layers()).allSatisfy(layer -> {
            assertThat(layer.worstAt()).isPresent();
            assertThat(layer.worstToken().decibels()).isLessThan(layer.stream().decibels());
        });
    }

    /** The figures that interop/outputs.py prints for Transformers and amd-quark. */
    @Test
    void figuresAreThoseOfTransformers() throws IOException {
        Path uint4 = quantized(Scheme.UINT4_G128, ExportLayout.QUARK);

        ComparisonReport report =
                Comparison.of(QUILL, uint4, new EvaluationText(TEXT, 256, 8192), "cpu", Execution.quiet());

        assertThat(report.divergence().mean()).isCloseTo(0.01028370, within(1e-7));
        assertThat(report.divergence().median()).isCloseTo(0.00698083, within(1e-7));
        assertThat(report.divergence().percentile99()).isCloseTo(0.06102703, within(1e-6));
        assertThat(report.divergence().largest()).isCloseTo(0.34648321, within(1e-5));
        assertThat(report.agreement()).isCloseTo(0.93039216, within(3e-4));
        assertThat(report.layers())
                .extracting(layer -> layer.stream().decibels())
                .usingElementComparator(within3Decimals())
                .containsExactly(21.59200214, 21.21012050, 20.55529777, 19.68188979);
        assertThat(report.layers())
                .extracting(layer -> layer.added().decibels())
                .usingElementComparator(within3Decimals())
                .containsExactly(21.56359608, 18.20274973, 17.22570461, 17.57718399);
        assertThat(report.layers())
                .extracting(layer -> layer.worstToken().decibels())
                .usingElementComparator(within3Decimals())
                .containsExactly(15.90017060, 14.75411705, 14.32477717, 13.16115319);
        assertThat(report.worstWindows())
                .extracting(WindowDifference::window)
                .containsExactly(5, 9, 4, 20, 0, 2, 15, 29, 12, 26);
    }

    @Test
    void perplexitiesAreThoseOfAnEvaluation() throws IOException {
        Path dynamic = quantized(Scheme.W8A8_DYNAMIC, ExportLayout.QUARK);

        ComparisonReport report = compare(QUILL, dynamic, Execution.quiet());

        try (Tokenizer tokenizer = Tokenizer.open(QUILL);
                Checkpoint base = Checkpoint.open(QUILL);
                Checkpoint quantized = Checkpoint.open(dynamic);
                TensorRuntime runtime = TensorRuntime.load("cpu")) {
            List<long[]> windows = Evaluator.windows(TEXT, tokenizer, WINDOW, TOKENS);
            Evaluator evaluator = new Evaluator(runtime, Execution.quiet());
            assertThat(report.base()).isEqualTo(evaluator.evaluate(base, windows, "evaluate"));
            assertThat(report.quantized()).isEqualTo(evaluator.evaluate(quantized, windows, "evaluate"));
        }
        assertThat(report.layers()).extracting(LayerDifference::layer).contains("model.layers.3");
    }

    @Test
    void theResultDoesNotDependOnTheNumberOfThreads() throws IOException {
        Path uint4 = quantized(Scheme.UINT4_G128, ExportLayout.QUARK);
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            ComparisonReport three = compare(
                    QUILL, uint4, new Execution(Parallel.of(executor, 3), ProgressListener.NONE, new Cancellation()));

            assertThat(three).isEqualTo(compare(QUILL, uint4, Execution.quiet()));
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aListenerHearsEachPassAndCanStop() {
        List<Long> heard = new ArrayList<>();
        Cancellation cancellation = new Cancellation();
        ProgressListener listener = new ProgressListener() {
            @Override
            public void started(String stage, long total, String unit) {
                assertThat(stage).isEqualTo("compare");
                assertThat(total).isEqualTo(8 * (4 + 1));
            }

            @Override
            public void advanced(long done) {
                heard.add(done);
                if (done == 11) {
                    cancellation.request();
                }
            }
        };

        assertThatThrownBy(() -> compare(QUILL, QUILL, new Execution(Parallel.sequential(), listener, cancellation)))
                .isInstanceOf(CancellationException.class);

        assertThat(heard).hasSize(11);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"vocab_size\": 2048', '\"vocab_size\": 2047', vocab_size is 2048 in the config.json of the one and 2047 in",
        "'\"num_hidden_layers\": 4', '\"num_hidden_layers\": 3', num_hidden_layers is 4",
        "'\"hidden_size\": 256', '\"hidden_size\": 128', hidden_size is 256",
        "'\"model_type\": \"llama\"', '\"model_type\": \"cat\"', cat"
    })
    void modelsOfOtherSizesAreRefused(String from, String to, String sentence) throws IOException {
        Path other = copy();
        Path config = other.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace(from, to));

        assertThatThrownBy(() -> compare(QUILL, other, Execution.quiet()))
                .isInstanceOf(HadronException.class)
                .hasMessageContaining(sentence)
                .hasMessageContaining(other.toString());
    }

    @Test
    void anotherTokenizerIsRefused() throws IOException {
        Path other = copy();
        Path file = other.resolve("tokenizer.json");
        String content = Files.readString(file);

        Files.writeString(file, content.replace("\"truncation\": null", "\"truncation\": {\"max_length\": 9}  "));
        assertThat(compare(QUILL, other, Execution.quiet()).agreement())
                .as("written otherwise")
                .isEqualTo(1);

        Files.writeString(file, content.replaceFirst("\"the\":", "\"teh\":"));
        assertThatThrownBy(() -> compare(QUILL, other, Execution.quiet()))
                .isInstanceOf(HadronException.class)
                .hasMessageContaining(QUILL.resolve("tokenizer.json") + " and " + file + " aren't the same tokenizer");

        Files.delete(file);
        assertThatThrownBy(() -> compare(QUILL, other, Execution.quiet()))
                .isInstanceOf(HadronException.class)
                .hasMessageContaining(other + " has no tokenizer.json");
    }

    private static Comparator<Double> within3Decimals() {
        return (a, b) -> Math.abs(a - b) < 5e-4 ? 0 : Double.compare(a, b);
    }

    private static ComparisonReport compare(Path base, Path quantized, Execution execution) throws IOException {
        return Comparison.of(base, quantized, new EvaluationText(TEXT, WINDOW, TOKENS), "cpu", execution);
    }

    private Path quantized(Scheme scheme, ExportLayout layout) throws IOException {
        Path output = folder.resolve(scheme.wireName());
        QuantizationJob.builder(QUILL, output, scheme.config())
                .layout(layout)
                .build()
                .run();
        return output;
    }

    private Path copy() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        try (Stream<Path> files = Files.list(QUILL)) {
            for (Path file : files.toList()) {
                Files.copy(file, other.resolve(String.valueOf(file.getFileName())));
            }
        }
        return other;
    }
}
