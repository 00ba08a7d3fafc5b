package dev.hadron.checkpoint.torchfile;

import dev.hadron.checkpoint.text.Quoted;
import dev.hadron.checkpoint.torchfile.PickleValue.Entries;
import dev.hadron.checkpoint.torchfile.PickleValue.View;
import dev.hadron.error.CheckpointFormatException;
import dev.hadron.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads a dictionary of float tensors that {@code torch.save} wrote (PyTorch 1.6 or later), without running anything of it.
 *
 * <p>The file is a zip archive with these files in one folder:
 * <ul>
 *   <li>{@code data.pkl}: a pickle, which describes the tensors by type, shape, strides and the number of their storage;
 *   <li>{@code data/0}, {@code data/1}, …: the storages, little-endian numbers and nothing else;
 *   <li>{@code byteorder}, since PyTorch 2.1: {@code little};
 *   <li>others, which aren't read.
 * </ul>
 */
public final class TorchFile {
    /** Thousands of tensors; it bounds the memory that a wrong pickle can take. */
    private static final int LARGEST_PICKLE = 1 << 20;

    private static final int LARGEST_BYTEORDER = 16;

    /** Of the zip format. */
    private static final byte[] ARCHIVE = {'P', 'K', 3, 4};

    /** The pickle of the number 0x1950a86a20f9469cfc6c, with which files before PyTorch 1.6 begin. */
    private static final byte[] LEGACY = {
        (byte) 0x80,
        2,
        (byte) 0x8a,
        10,
        0x6c,
        (byte) 0xfc,
        (byte) 0x9c,
        0x46,
        (byte) 0xf9,
        0x20,
        0x6a,
        (byte) 0xa8,
        0x50,
        0x19
    };

    private TorchFile() {}

    /** Whether a file begins as {@code torch.save}'s do, now or before PyTorch 1.6. */
    public static boolean isTorch(Path file) throws IOException {
        byte[] start = start(file);
        return startsWith(start, ARCHIVE) || startsWith(start, LEGACY);
    }

    /**
     * All tensors by name, in the order of the dictionary.
     *
     * @param arena what the elements are allocated from: no more than twice the size of the file, and as much as the file if its tensors
     *     are contiguous
     * @return tensors of F32, F64, F16 or BF16; those that share a storage in the file may share memory
     * @throws CheckpointFormatException when the file holds anything else
     */
    public static Map<String, Tensor> read(Path file, Arena arena) throws IOException {
        byte[] start = start(file);
        if (startsWith(start, LEGACY)) {
            throw new CheckpointFormatException(file + " is in the format of PyTorch before 1.6, which isn't read;"
                    + " load it with PyTorch and save it again, or use safetensors");
        }
        if (!startsWith(start, ARCHIVE)) {
            throw new CheckpointFormatException(
                    file
                            + " isn't a zip archive as torch.save writes it; save a dictionary of tensors with torch.save, or use safetensors");
        }
        try (TorchArchive archive = TorchArchive.open(file)) {
            requireLittleEndian(file, archive);
            PickleValue root = PickleReader.read(file + ": data.pkl", archive.bytes("data.pkl", LARGEST_PICKLE));
            return tensors(file, archive, views(file, root), arena);
        }
    }

    private static void requireLittleEndian(Path file, TorchArchive archive) throws IOException {
        if (archive.has("byteorder")) {
            String order = new String(archive.bytes("byteorder", LARGEST_BYTEORDER), StandardCharsets.ISO_8859_1);
            if (!order.equals("little")) {
                throw new CheckpointFormatException(file + " has the byte order " + Quoted.of(order)
                        + ", but only \"little\" is read; save it on a little-endian machine");
            }
        }
    }

    private static Map<String, View> views(Path file, PickleValue root) {
        if (!(root instanceof Entries(Map<String, PickleValue> entries))) {
            throw new CheckpointFormatException(
                    file + " doesn't hold a dictionary; save a dictionary of named float tensors");
        }
        Map<String, View> views = new LinkedHashMap<>();
        entries.forEach((name, value) -> {
            if (!(value instanceof View view)) {
                throw new CheckpointFormatException(file + " holds something else than a tensor under "
                        + Quoted.of(name) + "; save a dictionary of named float tensors");
            }
            views.put(name, view);
        });
        return views;
    }

    private static Map<String, Tensor> tensors(Path file, TorchArchive archive, Map<String, View> views, Arena arena)
            throws IOException {
        StorageMemory memory = new StorageMemory(archive, arena);
        for (View view : views.values()) {
            memory.plan(file, view);
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, View> entry : views.entrySet()) {
            tensors.put(entry.getKey(), memory.tensor(entry.getValue()));
        }
        return tensors;
    }

    private static byte[] start(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LEGACY.length);
        }
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }
}
