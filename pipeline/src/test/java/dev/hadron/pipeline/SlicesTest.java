package dev.hadron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.config.Config;
import dev.hadron.config.QuantizationConfig;
import dev.hadron.execution.Cancellation;
import dev.hadron.execution.Execution;
import dev.hadron.execution.ProgressListener;
import dev.hadron.export.ExportLayout;
import dev.hadron.numerics.Parallel;
import dev.hadron.plan.QuantizationPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written doesn't depend on how weights are cut, on the number of threads, or on the files it is divided among. */
class SlicesTest {
    private static final int THREADS = 5;

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @EnumSource(Scheme.class)
    void slicesOnManyThreadsAreTheWhole(Scheme scheme) throws IOException {
        for (ExportLayout layout : scheme.layouts()) {
            compare(scheme, layout);
        }
    }

    private void compare(Scheme scheme, ExportLayout layout) throws IOException {
        try (Checkpoint source = Checkpoint.open(Shared.repository().resolve("examples/quill-4m"));
                ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
            QuantizationPlan plan =
                    QuantizationPlan.of(withoutActivations(scheme), ModelQuantizer.layersOf(source), layout);
            QuantizedModel model = ModelQuantizer.of(plan).quantize(source);
            Execution many = new Execution(Parallel.of(executor, THREADS), ProgressListener.NONE, new Cancellation());
            Path whole = Files.createDirectory(temporary.resolve(layout + "-whole"));
            Path sliced = Files.createDirectory(temporary.resolve(layout + "-sliced"));
            Path banded = Files.createDirectory(temporary.resolve(layout + "-banded"));
            Path sharded = Files.createDirectory(temporary.resolve(layout + "-sharded"));

            ModelExporter.to(layout).write(model, whole, Execution.quiet());
            ModelExporter.to(layout).write(model, sliced, MemoryBudget.ofSlices(20_000), many);
            ModelExporter.to(layout).write(model, banded, MemoryBudget.ofBands(9_000), Execution.quiet());
            WrittenModel written =
                    ModelExporter.to(layout, 700_000).write(model, sharded, MemoryBudget.ofSlices(5_000), many);
            Verification.verify(model, written, sharded, many);

            assertThat(sums(sliced)).isEqualTo(sums(whole));
            assertThat(sums(banded)).isEqualTo(sums(whole));
            assertThat(tensors(sharded)).isEqualTo(tensors(whole));
            assertThat(sharded.resolve("model.safetensors.index.json")).exists();
        }
    }

    /** Static activations need a run of the model, which has nothing to do with slices. */
    private static Config withoutActivations(Scheme scheme) {
        Config config = scheme.config();
        QuantizationConfig weights = QuantizationConfig.builder()
                .weight(config.globalQuantConfig().weight())
                .build();
        return Config.builder()
                .globalQuantConfig(weights)
                .exclude(config.exclude())
                .build();
    }

    private static Map<String, Long> sums(Path folder) throws IOException {
        Map<String, Long> sums = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                sums.put(String.valueOf(file.getFileName()), sum(Files.readAllBytes(file)));
            }
        }
        return sums;
    }

    private static Map<String, Long> tensors(Path folder) throws IOException {
        Map<String, Long> sums = new TreeMap<>();
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            checkpoint.tensors().forEach(tensor -> {
                try (var mapped = checkpoint.map(tensor.name())) {
                    sums.put(
                            tensor.name() + tensor.shape(),
                            Digest.of(mapped.tensor().data()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return sums;
    }

    private static long sum(byte[] bytes) {
        CRC32C sum = new CRC32C();
        sum.update(bytes);
        return sum.getValue();
    }
}
