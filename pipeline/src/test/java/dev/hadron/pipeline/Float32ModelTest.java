package dev.hadron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.safetensors.SafetensorsWriter;
import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.dtype.StorageType;
import dev.hadron.execution.Execution;
import dev.hadron.export.ExportLayout;
import dev.hadron.export.QuantizedCheckpoint;
import dev.hadron.model.QuantizedWeights;
import dev.hadron.plan.QuantizationPlan;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A checkpoint in float32, whose scales are stored in the type that they are used in. */
class Float32ModelTest {
    private static final TensorDeclaration WEIGHT =
            new TensorDeclaration("model.layers.0.mlp.up_proj.weight", StorageType.F32, Shape.of(32, 128));

    @TempDir
    private Path temporary;

    @ParameterizedTest
    @EnumSource(
            value = Scheme.class,
            names = {"UINT4_G128", "INT8", "FP8_WEIGHT"})
    void weightsAreReadAfterTheirTensorsWereUnmapped(Scheme scheme) throws IOException {
        for (ExportLayout layout : scheme.layouts()) {
            Path source = Files.createDirectory(temporary.resolve("source-" + layout));
            Path target = Files.createDirectory(temporary.resolve("target-" + layout));
            try (Arena arena = Arena.ofConfined()) {
                Tensor original = write(source, arena);
                quantize(scheme, layout, source, target);

                try (Checkpoint checkpoint = Checkpoint.open(target)) {
                    Tensor read = new QuantizedWeights(checkpoint, QuantizedCheckpoint.of(checkpoint))
                            .load(WEIGHT.name(), arena);

                    for (int i = 0; i < original.elements(); i++) {
                        assertThat(read.floatAt(i) - original.floatAt(i)).isBetween(-0.05f, 0.05f);
                    }
                }
            }
        }
    }

    private static void quantize(Scheme scheme, ExportLayout layout, Path source, Path target) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(source)) {
            QuantizationPlan plan = QuantizationPlan.of(scheme.config(), ModelQuantizer.layersOf(checkpoint), layout);
            ModelExporter.to(layout).write(ModelQuantizer.of(plan).quantize(checkpoint), target, Execution.quiet());
        }
    }

    /** Numbers from -0.5 to 0.5. */
    private static Tensor write(Path folder, Arena arena) throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");
        Tensor weight = Tensor.allocate(arena, StorageType.F32, WEIGHT.shape());
        for (long i = 0; i < weight.elements(); i++) {
            weight.data().setAtIndex(Tensor.FLOAT, i, i * 37 % 101 / 100f - 0.5f);
        }
        try (SafetensorsWriter writer = SafetensorsWriter.create(
                folder.resolve("model.safetensors"), Map.of("format", "pt"), List.of(WEIGHT))) {
            writer.write(WEIGHT.name(), weight);
        }
        return weight;
    }
}
