package dev.hadron.export.layout;

import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.dtype.StorageType;
import dev.hadron.dtype.WorkingType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The tensors of a checkpoint, without their data. */
public final class StoredTensors {
    private final List<TensorInfo> tensors;
    private final Map<String, TensorInfo> byName;

    /** These tensors, in the order of the file. */
    public StoredTensors(List<TensorInfo> tensors) {
        this.tensors = List.copyOf(tensors);
        this.byName = tensors.stream().collect(Collectors.toMap(TensorInfo::name, Function.identity()));
    }

    /** All of them, in the order of the file. */
    public List<TensorInfo> all() {
        return tensors;
    }

    /** The tensor of that name. */
    public Optional<TensorInfo> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The type of the model's floating-point weights, which scales were rounded to. */
    public WorkingType workingType() {
        return tensors.stream()
                .filter(tensor -> !tensor.name().endsWith("_scale"))
                .map(TensorInfo::type)
                .filter(StorageType::isWeightFloat)
                .findFirst()
                .map(WorkingType::of)
                .orElse(WorkingType.FLOAT32);
    }
}
