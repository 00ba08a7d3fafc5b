package dev.hadron.model.samples;

import dev.hadron.checkpoint.TensorFiles;
import dev.hadron.checkpoint.TensorInfo;
import dev.hadron.checkpoint.safetensors.SafetensorsHeader;
import dev.hadron.checkpoint.safetensors.TensorEntry;
import dev.hadron.checkpoint.text.Quoted;
import dev.hadron.dtype.StorageType;
import dev.hadron.error.InvalidInputException;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;

/**
 * A safetensors file of token ids:
 * <ul>
 *   <li>{@code input_ids}, {@code [samples, length]}, I64 or I32;
 *   <li>{@code attention_mask} of the same shape, 1 for tokens and 0 for padding, I64, I32, I8, U8 or BOOL; it may be missing.
 * </ul>
 * Each row is a sample, less its padding. Rows that aren't used aren't read.
 */
final class TokenIdsFile {
    private static final String IDS = "input_ids";
    private static final String MASK = "attention_mask";
    private static final Set<StorageType> ID_TYPES = EnumSet.of(StorageType.I64, StorageType.I32);
    private static final Set<StorageType> MASK_TYPES =
            EnumSet.of(StorageType.I64, StorageType.I32, StorageType.I8, StorageType.U8, StorageType.BOOL);

    private final String name;
    private final TensorInfo ids;
    private final Optional<TensorInfo> mask;
    private final SampleRequest request;

    private TokenIdsFile(String name, TensorInfo ids, Optional<TensorInfo> mask, SampleRequest request) {
        this.name = name;
        this.ids = ids;
        this.mask = mask;
        this.request = request;
    }

    static Samples read(Path file, String name, SampleRequest request) throws IOException {
        List<TensorEntry> entries = SafetensorsHeader.read(file).tensors();
        TensorInfo ids = find(file, entries, IDS)
                .orElseThrow(() -> new InvalidInputException(
                        name + " has no tensor \"input_ids\" of [samples, length], but " + names(entries)));
        requireType(name, ids, ID_TYPES);
        if (ids.shape().rank() != 2 || ids.shape().extent(1) > Integer.MAX_VALUE) {
            throw new InvalidInputException(
                    name + ": input_ids has the shape " + ids.shape() + ", but [samples, length] is expected");
        }
        Optional<TensorInfo> mask = find(file, entries, MASK);
        if (mask.isPresent()) {
            requireType(name, mask.get(), MASK_TYPES);
            if (!mask.get().shape().equals(ids.shape())) {
                throw new InvalidInputException(
                        name + ": attention_mask has the shape " + mask.get().shape() + ", but input_ids has "
                                + ids.shape() + "; they belong together, one by one");
            }
        }
        if (ids.shape().elements() == 0) {
            throw SampleFile.empty(name);
        }
        return new TokenIdsFile(name, ids, mask, request).read();
    }

    private Samples read() throws IOException {
        long rows = ids.shape().extent(0);
        Selection<Long> drawn = new Selection<>(request.samples(), request.seed());
        if (request.seed().isPresent()) {
            for (long row = 0; row < rows; row++) {
                drawn.offer(row);
            }
        }
        List<Long> places = drawn.items();
        long candidates = request.seed().isPresent() ? places.size() : rows;
        List<long[]> windows = new ArrayList<>();
        int empty = 0;
        try (TensorFiles files = new TensorFiles()) {
            for (int i = 0; i < candidates && windows.size() < request.samples(); i++) {
                request.cancellation().check();
                long[] tokens = row(files, request.seed().isPresent() ? places.get(i) : i);
                if (tokens.length > 0) {
                    windows.add(tokens);
                } else {
                    empty++;
                }
            }
        }
        return new Samples(windows, empty);
    }

    private long[] row(TensorFiles files, long row) throws IOException {
        int length = (int) ids.shape().extent(1);
        long[][] tokens = new long[1][];
        files.read(
                ids,
                row * length * ids.type().bytes(),
                (long) length * ids.type().bytes(),
                idBytes -> {
                    IntToLongFunction idAt = reader(ids, idBytes);
                    if (mask.isEmpty()) {
                        tokens[0] = unpadded(row, length, idAt, i -> 1);
                        return;
                    }
                    TensorInfo masked = mask.get();
                    long bytes = (long) length * masked.type().bytes();
                    files.read(
                            masked,
                            row * bytes,
                            bytes,
                            maskBytes -> tokens[0] = unpadded(row, length, idAt, reader(masked, maskBytes)));
                });
        return tokens[0];
    }

    private long[] unpadded(long row, int length, IntToLongFunction idAt, IntToLongFunction maskAt) {
        return TokenIds.unpadded(name + ", row " + row, length, idAt, maskAt, request.length(), request.vocabulary());
    }

    private static IntToLongFunction reader(TensorInfo tensor, MemorySegment bytes) {
        return switch (tensor.type()) {
            case I64 -> i -> bytes.get(Tensor.LONG, (long) i * Long.BYTES);
            case I32 -> i -> bytes.get(Tensor.INT, (long) i * Integer.BYTES);
            case I8, U8, BOOL -> i -> bytes.get(ValueLayout.JAVA_BYTE, i);
            case F64, F32, F16, BF16, F8_E4M3, F8_E5M2, U64, U32, I16, U16 ->
                throw new AssertionError("the type " + tensor.type() + " was refused");
        };
    }

    private static void requireType(String name, TensorInfo tensor, Set<StorageType> types) {
        if (!types.contains(tensor.type())) {
            throw new InvalidInputException(name + ": " + tensor.name() + " is of " + tensor.type() + ", but one of "
                    + types.stream().map(Enum::name).collect(Collectors.joining(", ")) + " is expected");
        }
    }

    private static Optional<TensorInfo> find(Path file, List<TensorEntry> entries, String tensor) {
        return entries.stream()
                .filter(entry -> entry.name().equals(tensor))
                .map(entry -> new TensorInfo(entry.name(), entry.type(), entry.shape(), file, entry.offset()))
                .findFirst();
    }

    private static String names(List<TensorEntry> entries) {
        return entries.isEmpty()
                ? "no tensor at all"
                : entries.stream()
                        .limit(12)
                        .map(entry -> Quoted.of(entry.name()))
                        .collect(Collectors.joining(", "));
    }
}
