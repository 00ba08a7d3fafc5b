package dev.hadron.pipeline.work;

import dev.hadron.checkpoint.Checkpoint;
import dev.hadron.checkpoint.TensorFiles;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.checkpoint.safetensors.SafetensorsHeader;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.export.layout.LayerParameters;
import dev.hadron.numerics.QuantizationParameters;
import dev.hadron.plan.LayerPlan;
import dev.hadron.plan.QuantizationPlan;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Reads the files that {@link LayerFile} wrote. */
final class StoredResults {
    private final Map<String, LayerPlan> plans = new HashMap<>();
    private final Map<String, TensorInfo> changed = new HashMap<>();
    private final Map<String, StoredCodes> codes = new HashMap<>();
    private final Map<String, LayerParameters> activations = new HashMap<>();
    private final List<String> notes = new ArrayList<>();

    StoredResults(QuantizationPlan plan) {
        plan.layers().forEach(layer -> plans.put(layer.layer(), layer));
    }

    /** Adds what a file holds. */
    void add(Path file) throws IOException {
        Map<String, TensorInfo> tensors = new LinkedHashMap<>();
        for (TensorInfo tensor : Checkpoint.tensorsOf(file)) {
            tensors.put(tensor.name(), tensor);
        }
        for (TensorInfo tensor : tensors.values()) {
            String name = tensor.name();
            if (name.startsWith(LayerFile.TENSOR)) {
                changed.put(name.substring(LayerFile.TENSOR.length()), tensor);
            } else if (name.startsWith(LayerFile.CODES)) {
                String layer = name.substring(LayerFile.CODES.length());
                codes.put(layer, codes(file, layer, tensor, tensors));
            } else if (name.startsWith(LayerFile.INPUT)) {
                put(name.substring(LayerFile.INPUT.length()), Optional.of(parameters(tensor)), Optional.empty());
            } else if (name.startsWith(LayerFile.OUTPUT)) {
                put(name.substring(LayerFile.OUTPUT.length()), Optional.empty(), Optional.of(parameters(tensor)));
            }
        }
        String stored = SafetensorsHeader.read(file).metadata().getOrDefault(LayerFile.NOTES, "[]");
        try {
            notes.addAll(JsonMapper.shared().readValue(stored, new TypeReference<List<String>>() {}));
        } catch (JacksonException e) {
            throw new CheckpointFormatException(file + ": its notes aren't a list of sentences", e);
        }
    }

    Changes changes() {
        return new Changes(changed, codes, activations, notes);
    }

    private StoredCodes codes(Path file, String layer, TensorInfo stored, Map<String, TensorInfo> tensors) {
        LayerPlan plan = plans.get(layer);
        TensorInfo scale = tensors.get(LayerFile.SCALE + layer);
        if (plan == null || plan.weight().isEmpty() || scale == null) {
            throw new CheckpointFormatException(file + " holds codes of " + layer + " that don't belong to this plan");
        }
        return new StoredCodes(
                plan.weight().get(),
                plan.workingType(),
                stored,
                scale,
                Optional.ofNullable(tensors.get(LayerFile.ZERO_POINT + layer)));
    }

    private void put(String layer, Optional<QuantizationParameters> input, Optional<QuantizationParameters> output) {
        LayerParameters before = activations.getOrDefault(layer, LayerParameters.NONE);
        activations.put(layer, new LayerParameters(input.or(before::input), output.or(before::output)));
    }

    private static QuantizationParameters parameters(TensorInfo stored) throws IOException {
        int runs = Math.toIntExact(stored.shape().elements() / 2);
        float[] both = new float[2 * runs];
        try (TensorFiles files = new TensorFiles()) {
            files.read(
                    stored,
                    0,
                    stored.byteSize(),
                    bytes -> java.lang.foreign.MemorySegment.copy(bytes, Tensor.FLOAT, 0, both, 0, both.length));
        }
        return new QuantizationParameters(
                java.util.Arrays.copyOfRange(both, 0, runs), java.util.Arrays.copyOfRange(both, runs, 2 * runs));
    }
}
