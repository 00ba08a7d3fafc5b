package dev.hadron.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.MappedTensor;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.config.Config;
import dev.hadron.config.ConfigJson;
import dev.hadron.dtype.StorageType;
import dev.hadron.execution.Execution;
import dev.hadron.export.ExportLayout;
import dev.hadron.export.QuantizedCheckpoint;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.numerics.Kernels;
import dev.hadron.plan.QuantizationPlan;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What we write from the same source and configuration, against the reference's own exports: names, types and shapes of all
 * tensors, the weights' tensors byte for byte, scales of activations within 3 %.
 */
class GoldenCheckpointTest {
    private static final double ACTIVATION_TOLERANCE = 0.03;
    /** The reference ran in bfloat16 and we in float32: one zero point of 28 is 3 off, all others at most 2. */
    private static final int ZERO_POINT_TOLERANCE = 3;

    @TempDir
    private Path temporary;

    static Stream<Arguments> exports() {
        List<String> schemes = List.of(
                "uint4_group128",
                "uint4_group32",
                "int4_group32",
                "int4_channel",
                "uint4_channel",
                "int8_tensor",
                "int8_channel",
                "uint8_channel_asym",
                "w_int8_a_int8_static",
                "w_int8_a_uint8_asym_static",
                "w_int8_a_int8_dynamic",
                "fp8_weight",
                "fp8_static",
                "fp8_dynamic",
                "fp8_static_kv8",
                "fp8_channel",
                "mixed_by_name",
                "mxfp4",
                "mxfp4_a_mxfp4",
                "mxfp6_e2m3",
                "mxfp6_e3m2");
        return Stream.of("llama", "qwen2")
                .flatMap(family -> schemes.stream().map(scheme -> Arguments.of(family, scheme)));
    }

    @ParameterizedTest
    @MethodSource("exports")
    void tensorsAreThoseOfTheReference(String family, String scheme) throws IOException {
        Path golden = Shared.folder("golden/checkpoints/" + family);

        Path written = export(golden, scheme);

        try (Checkpoint ours = Checkpoint.open(written);
                Checkpoint theirs = Checkpoint.open(golden.resolve(scheme))) {
            assertThat(ours.config().at("/quantization_config/exclude"))
                    .isEqualTo(theirs.config().at("/quantization_config/exclude"));
            assertThat(new TreeSet<>(names(ours))).isEqualTo(new TreeSet<>(names(theirs)));
            for (TensorInfo tensor : theirs.tensors()) {
                TensorInfo mine = ours.require(tensor.name());
                assertThat(mine.type()).as(tensor.name()).isEqualTo(tensor.type());
                assertThat(mine.shape()).as(tensor.name()).isEqualTo(tensor.shape());
                compare(ours, theirs, tensor);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("exports")
    void theReferencesOwnExportIsRead(String family, String scheme) throws IOException {
        Path golden = Shared.folder("golden/checkpoints/" + family);

        try (Checkpoint theirs = Checkpoint.open(golden.resolve(scheme))) {
            QuantizedCheckpoint read = QuantizedCheckpoint.of(theirs);

            assertThat(read.layers()).hasSize(14);
            for (var layer : read.layers().values()) {
                try (Arena arena = Arena.ofConfined()) {
                    assertThat(read.weight(layer, arena).shape()).isEqualTo(layer.shape());
                }
            }
        }
    }

    private Path export(Path golden, String scheme) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("out"));
        try (Checkpoint source = Checkpoint.open(golden.resolve("source"));
                Checkpoint reference = Checkpoint.open(golden.resolve(scheme));
                TensorRuntime runtime = TensorRuntime.load("cpu")) {
            Config config = ConfigJson.fromTree(reference.config().path("quantization_config"), scheme);
            QuantizationPlan plan = QuantizationPlan.of(config, ModelQuantizer.layersOf(source));
            CalibrationData data = new CalibrationData(
                    calibration(golden), "calibration", "tokens", "", 4, 64, OptionalLong.empty(), List.of());
            QuantizedModel model = ModelQuantizer.of(plan).quantize(source, runtime, data, Execution.quiet());
            WrittenModel written = ModelExporter.to(ExportLayout.QUARK).write(model, folder, Execution.quiet());
            Verification.verify(model, written, folder, Execution.quiet());
        }
        return folder;
    }

    private List<long[]> calibration(Path golden) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve("calibration"));
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.copy(golden.resolve("calibration.safetensors"), folder.resolve("model.safetensors"));
        List<long[]> windows = new ArrayList<>();
        try (Checkpoint batches = Checkpoint.open(folder)) {
            for (int i = 0; i < batches.tensors().size(); i++) {
                try (MappedTensor batch = batches.map("batch" + i)) {
                    windows.add(batch.tensor().data().toArray(ValueLayout.JAVA_LONG_UNALIGNED));
                }
            }
        }
        return windows;
    }

    private static void compare(Checkpoint ours, Checkpoint theirs, TensorInfo info) throws IOException {
        String name = info.name();
        try (MappedTensor mine = ours.map(name);
                MappedTensor wanted = theirs.map(name)) {
            if (name.endsWith("input_scale") || name.endsWith("output_scale")) {
                float expected = number(wanted.tensor());
                assertThat(number(mine.tensor()) / expected)
                        .as(name)
                        .isBetween((float) (1 - ACTIVATION_TOLERANCE), (float) (1 + ACTIVATION_TOLERANCE));
            } else if (name.endsWith("input_zero_point") || name.endsWith("output_zero_point")) {
                int expected = whole(wanted.tensor());
                int found = whole(mine.tensor());
                assertThat(Math.abs(found - expected)).as(name).isLessThanOrEqualTo(ZERO_POINT_TOLERANCE);
            } else {
                assertThat(mine.tensor().data().mismatch(wanted.tensor().data()))
                        .as("first differing byte of " + name)
                        .isEqualTo(-1);
            }
        }
    }

    private static float number(Tensor x) {
        try (Arena arena = Arena.ofConfined()) {
            Tensor wide = Tensor.allocate(arena, StorageType.F32, x.shape());
            Kernels.best().widen(x.data(), x.type(), 0, wide.data(), 0, 1);
            return wide.floatAt(0);
        }
    }

    private static int whole(Tensor x) {
        byte value = x.data().get(ValueLayout.JAVA_BYTE, 0);
        return x.type() == StorageType.U8 ? Byte.toUnsignedInt(value) : value;
    }

    private static List<String> names(Checkpoint checkpoint) {
        return checkpoint.tensors().stream().map(TensorInfo::name).toList();
    }
}
