package dev.hadron.checkpoint.torchfile;

import dev.hadron.dtype.StorageType;
import java.util.Arrays;
import java.util.Optional;

/** The classes and functions of Python that a file of tensors may name. */
enum TorchName {
    FLOAT_STORAGE("torch.FloatStorage", StorageType.F32),
    DOUBLE_STORAGE("torch.DoubleStorage", StorageType.F64),
    HALF_STORAGE("torch.HalfStorage", StorageType.F16),
    BFLOAT16_STORAGE("torch.BFloat16Storage", StorageType.BF16),
    REBUILD_TENSOR("torch._utils._rebuild_tensor_v2"),
    REBUILD_PARAMETER("torch._utils._rebuild_parameter"),
    ORDERED_DICT("collections.OrderedDict");

    private final String name;
    private final Optional<StorageType> type;

    TorchName(String name) {
        this.name = name;
        this.type = Optional.empty();
    }

    TorchName(String name, StorageType type) {
        this.name = name;
        this.type = Optional.of(type);
    }

    /** The one of that name in that module. */
    static Optional<TorchName> of(String module, String name) {
        String full = module + "." + name;
        return Arrays.stream(values()).filter(known -> known.name.equals(full)).findFirst();
    }

    /** Of the numbers of a storage; nothing for what is none. */
    Optional<StorageType> storageType() {
        return type;
    }

    @Override
    public String toString() {
        return name;
    }
}
