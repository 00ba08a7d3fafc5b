package dev.hadron.checkpoint.torchfile;

import dev.hadron.checkpoint.text.Quoted;
import dev.hadron.checkpoint.torchfile.PickleValue.Entries;
import dev.hadron.checkpoint.torchfile.PickleValue.Flag;
import dev.hadron.checkpoint.torchfile.PickleValue.Items;
import dev.hadron.checkpoint.torchfile.PickleValue.Known;
import dev.hadron.checkpoint.torchfile.PickleValue.Storage;
import dev.hadron.checkpoint.torchfile.PickleValue.Text;
import dev.hadron.checkpoint.torchfile.PickleValue.View;
import dev.hadron.checkpoint.torchfile.PickleValue.Whole;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the calls in a pickle of tensors mean:
 * <ul>
 *   <li>{@code ("storage", class, key, device, elements)} as a persistent identifier: the numbers in the archive's file {@code data/key};
 *   <li>{@code _rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks)}, since PyTorch 2 with an empty dictionary of
 *       flags after it: a tensor;
 *   <li>{@code _rebuild_parameter(tensor, requires_grad, hooks)}: that tensor;
 *   <li>{@code OrderedDict()}: an empty dictionary. Its state, which {@code state_dict()} gives it, is of no interest.
 * </ul>
 */
final class TensorCalls {
    private final PickleBytes bytes;

    /** For failures. */
    TensorCalls(PickleBytes bytes) {
        this.bytes = bytes;
    }

    /** What a function gives for arguments. */
    PickleValue result(PickleValue function, PickleValue arguments) {
        if (!(function instanceof Known(TorchName name)) || !(arguments instanceof Items(List<PickleValue> items))) {
            throw bytes.failure("calls what is no function; the file is damaged, get it again");
        }
        return switch (name) {
            case REBUILD_TENSOR -> tensor(items);
            case REBUILD_PARAMETER -> parameter(items);
            case ORDERED_DICT -> {
                require(items.isEmpty(), "OrderedDict() without arguments");
                yield new Entries(new LinkedHashMap<>());
            }
            case FLOAT_STORAGE, DOUBLE_STORAGE, HALF_STORAGE, BFLOAT16_STORAGE ->
                throw bytes.failure("calls " + name + ", which only names a type; the file is damaged, get it again");
        };
    }

    /** Only what {@code state_dict()} adds passes. */
    void checkState(PickleValue target, PickleValue state) {
        require(target instanceof Entries && state instanceof Entries, "a state for an OrderedDict only");
    }

    /** The numbers that a persistent identifier names. */
    Storage storage(PickleValue identifier) {
        if (identifier instanceof Items(List<PickleValue> items)
                && items.size() == 5
                && items.get(0) instanceof Text(String kind)
                && kind.equals("storage")
                && items.get(1) instanceof Known(TorchName name)
                && items.get(2) instanceof Text(String key)
                && items.get(3) instanceof Text
                && items.get(4) instanceof Whole(long elements)) {
            Optional<StorageType> type = name.storageType();
            if (type.isPresent()
                    && elements >= 0
                    && elements <= Long.MAX_VALUE / type.get().bytes()) {
                return new Storage(key, type.get(), elements);
            }
        }
        throw bytes.failure(
                "has an identifier that isn't (\"storage\", class, key, device, elements); the file is damaged, get it again");
    }

    private View tensor(List<PickleValue> arguments) {
        if (arguments.size() >= 6
                && arguments.size() <= 7
                && arguments.get(0) instanceof Storage storage
                && arguments.get(1) instanceof Whole(long offset)
                && arguments.get(2) instanceof Items(List<PickleValue> extents)
                && arguments.get(3) instanceof Items(List<PickleValue> steps)
                && arguments.get(4) instanceof Flag
                && extents.size() == steps.size()) {
            if (arguments.size() == 7) {
                require(isNothing(arguments.get(6)), "a tensor that is neither conjugated nor negated lazily");
            }
            return view(storage, offset, integers(extents), integers(steps));
        }
        throw bytes.failure("calls " + TorchName.REBUILD_TENSOR
                + " with other arguments than it takes; save it again with PyTorch 1.6 to 2");
    }

    private View view(Storage storage, long offset, List<Long> extents, List<Long> strides) {
        try {
            Shape shape = Shape.of(extents.stream().mapToLong(Long::longValue).toArray());
            // No more elements than numbers, although strides of 0 could repeat them: memory is bounded by the file.
            if (offset >= 0
                    && strides.stream().allMatch(stride -> stride >= 0)
                    && shape.elements() <= storage.elements()
                    && (shape.elements() == 0 || last(offset, shape, strides) < storage.elements())) {
                return new View(storage, offset, shape, strides);
            }
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw outside(storage, offset, extents, strides);
        }
        throw outside(storage, offset, extents, strides);
    }

    /** The largest index in the storage of a shape without extents of 0. */
    private static long last(long offset, Shape shape, List<Long> strides) {
        long last = offset;
        for (int axis = 0; axis < shape.rank(); axis++) {
            last = Math.addExact(last, Math.multiplyExact(shape.extent(axis) - 1, strides.get(axis)));
        }
        return last;
    }

    private CheckpointFormatException outside(Storage storage, long offset, List<Long> extents, List<Long> strides) {
        return bytes.failure("has a tensor of shape " + brief(extents) + " with strides " + brief(strides)
                + " from element "
                + offset + " on, whose elements aren't all different ones of the " + storage.elements() + " in storage "
                + Quoted.of(storage.key()) + "; the file is damaged, get it again");
    }

    private View parameter(List<PickleValue> arguments) {
        if (arguments.size() == 3 && arguments.get(0) instanceof View view) {
            return view;
        }
        throw bytes.failure("calls " + TorchName.REBUILD_PARAMETER
                + " with other arguments than it takes; save tensors instead of parameters");
    }

    private List<Long> integers(List<PickleValue> values) {
        List<Long> integers = new ArrayList<>(values.size());
        for (PickleValue value : values) {
            if (!(value instanceof Whole(long integer))) {
                throw bytes.failure("has a shape or strides that aren't integers; the file is damaged, get it again");
            }
            integers.add(integer);
        }
        return integers;
    }

    private void require(boolean condition, String expected) {
        if (!condition) {
            throw bytes.failure(
                    "has something else where " + expected + " is read; save a dictionary of named float tensors");
        }
    }

    private static boolean isNothing(PickleValue value) {
        return value instanceof Flag
                || (value instanceof Entries(Map<String, PickleValue> entries) && entries.isEmpty());
    }

    /** A message stays short, however many axes a damaged file has. */
    private static String brief(List<Long> numbers) {
        return numbers.size() <= 8 ? numbers.toString() : "with " + numbers.size() + " axes";
    }
}
