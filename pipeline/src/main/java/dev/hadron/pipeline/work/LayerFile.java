package dev.hadron.pipeline.work;

import dev.hadron.algorithm.layer.LayerResult;
import dev.hadron.checkpoint.safetensors.SafetensorsWriter;
import dev.hadron.checkpoint.safetensors.TensorDeclaration;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import dev.hadron.export.layout.LayerParameters;
import dev.hadron.model.runtime.DeviceTensor;
import dev.hadron.model.runtime.TensorRuntime;
import dev.hadron.numerics.Kernels;
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.tensor.QuantizedTensor;
import dev.hadron.tensor.Shape;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the result of a layer as a safetensors file:
 *
 * <ul>
 *   <li>{@code tensor:NAME}, a changed tensor in the type that it will be written or quantized from
 *   <li>{@code codes:LAYER} U8 {@code [out, in]}, {@code scale:LAYER} F32 and {@code zero_point:LAYER} I32 or F32, codes that an algorithm chose
 *   <li>{@code input:LAYER} and {@code output:LAYER} F32 {@code [2, runs]}, scales and zero points of static activations
 *   <li>metadata {@code notes}, a JSON list of sentences
 * </ul>
 */
final class LayerFile {
    static final String TENSOR = "tensor:";
    static final String CODES = "codes:";
    static final String SCALE = "scale:";
    static final String ZERO_POINT = "zero_point:";
    static final String INPUT = "input:";
    static final String OUTPUT = "output:";
    static final String NOTES = "notes";

    private final Supplier<TensorRuntime> runtime;
    private final LayerResult result;
    private final Function<String, WorkingType> types;

    /**
     * A file of a result.
     *
     * @param runtime of the device tensors, if the result has any
     * @param types in which changed tensors are stored
     */
    LayerFile(Supplier<TensorRuntime> runtime, LayerResult result, Function<String, WorkingType> types) {
        this.runtime = runtime;
        this.result = result;
        this.types = types;
    }

    /** Writes the file beside its place, brings it to the disk and puts it there. */
    void write(Path file) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(beside);
        Map<String, Tensor> small = activations();
        Map<String, TensorDeclaration> declared = declarations(small);
        String notes = JsonMapper.shared().writeValueAsString(result.notes());
        try (SafetensorsWriter writer = SafetensorsWriter.create(
                beside, Map.of(NOTES, notes), declared.values().stream().toList())) {
            for (Map.Entry<String, DeviceTensor> entry : result.changed().entrySet()) {
                writeChanged(writer, entry.getKey(), entry.getValue(), runtime.get());
            }
            for (Map.Entry<String, Tensor> entry : result.values().entrySet()) {
                writeChanged(writer, entry.getKey(), entry.getValue());
            }
            for (Map.Entry<String, QuantizedTensor> entry : result.codes().entrySet()) {
                writeCodes(writer, entry.getKey(), entry.getValue());
            }
            for (Map.Entry<String, Tensor> entry : small.entrySet()) {
                writer.write(entry.getKey(), entry.getValue());
            }
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Map<String, TensorDeclaration> declarations(Map<String, Tensor> small) {
        Map<String, TensorDeclaration> declared = new LinkedHashMap<>();
        result.changed()
                .forEach((name, tensor) ->
                        declare(declared, TENSOR + name, types.apply(name).storage(), Shape.of(tensor.shape())));
        result.values()
                .forEach((name, tensor) ->
                        declare(declared, TENSOR + name, types.apply(name).storage(), tensor.shape()));
        result.codes().forEach((layer, weight) -> {
            declare(declared, CODES + layer, StoredCodes.codeType(), weight.shape());
            declare(declared, SCALE + layer, StorageType.F32, weight.scale().shape());
            weight.zeroPoint().ifPresent(z -> declare(declared, ZERO_POINT + layer, z.type(), z.shape()));
        });
        small.forEach((name, tensor) -> declare(declared, name, tensor.type(), tensor.shape()));
        return declared;
    }

    private static void declare(Map<String, TensorDeclaration> declared, String name, StorageType type, Shape shape) {
        declared.put(name, new TensorDeclaration(name, type, shape));
    }

    private void writeChanged(SafetensorsWriter writer, String name, DeviceTensor tensor, TensorRuntime runtime)
            throws IOException {
        try {
            runtime.read(tensor, host -> {
                try {
                    writeChanged(writer, name, host);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void writeChanged(SafetensorsWriter writer, String name, Tensor values) throws IOException {
        WorkingType type = types.apply(name);
        try (Arena arena = Arena.ofConfined()) {
            Tensor stored = values;
            if (type != WorkingType.FLOAT32) {
                stored = Tensor.allocate(arena, type.storage(), values.shape());
                Kernels.best().narrow(values.data(), 0, type, stored.data(), 0, values.elements());
            }
            writer.write(TENSOR + name, stored);
        }
    }

    private static void writeCodes(SafetensorsWriter writer, String layer, QuantizedTensor weight) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment codes = weight.codes();
            if (weight.format().bits() == 4) {
                codes = arena.allocate(weight.shape().elements(), 64);
                Kernels.best()
                        .unpackNibbles(
                                weight.codes(), 0, codes, 0, weight.shape().elements());
            }
            writer.write(CODES + layer, new Tensor(StoredCodes.codeType(), weight.shape(), codes));
        }
        writer.write(SCALE + layer, weight.scale());
        Optional<Tensor> zeroPoint = weight.zeroPoint();
        if (zeroPoint.isPresent()) {
            writer.write(ZERO_POINT + layer, zeroPoint.get());
        }
    }

    private Map<String, Tensor> activations() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, LayerParameters> entry : result.activations().entrySet()) {
            entry.getValue().input().ifPresent(input -> tensors.put(INPUT + entry.getKey(), pair(input)));
            entry.getValue().output().ifPresent(output -> tensors.put(OUTPUT + entry.getKey(), pair(output)));
        }
        return tensors;
    }

    private static Tensor pair(QuantizationParameters parameters) {
        int runs = parameters.runs();
        float[] both = new float[2 * runs];
        System.arraycopy(parameters.scale(), 0, both, 0, runs);
        System.arraycopy(parameters.zeroPoint(), 0, both, runs, runs);
        return Tensor.ofFloats(both, 2, runs);
    }
}
